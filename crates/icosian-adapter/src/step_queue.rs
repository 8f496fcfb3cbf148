//! The states of a run's steps, and the steps that are ready.
//!
//! ```text
//!                  a predecessor ends: n - 1            next() takes an early step
//! Waiting(n) ───────────────────────────────▶ Waiting(0) ────────▶ Taken
//!                                                 │                  │
//!                    begin, execute, detach, skip │                  │ begin, detach, skip
//!                                                 ▼                  │
//!                                               Begun ◀──────────────┘
//!                                                 │
//!               attach, with the step's result    ▼
//!                    (detached steps only)    Returned
//! ```
//!
//! | transition | caller |
//! |---|---|
//! | `Waiting(n)` to `Waiting(n - 1)` | [`StepQueue::release_followers`], after the value of a predecessor or of an input is stored or lost |
//! | `Waiting(n)` to `Waiting(n + 1)` | [`StepQueue::add_wait`], before the run, for each input that is a future |
//! | `Waiting(0)` to `Taken` | [`StepQueue::next`], for steps that start early |
//! | to `Begun` | `State::call` for a body, `State::detach`, and `State::skip` for a step that reads a lost value |
//! | `Begun` to `Returned` | `State::attach`, whose second call for the same step is an error of the adapter |
//!
//! `Taken` exists because an early step can be queued twice: as a root, and again when a future input of it arrives. Other
//! ready steps stay `Waiting(0)` until they begin, because the cursor and `ready` yield each of them once.

use std::collections::VecDeque;

use icosian_graph::{Plan, Step};

use crate::run_abort::RunAbort;

/// The state of a step in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepState {
    /// It waits for this number of values. A step that waits for none is ready.
    Waiting(u32),
    /// It starts early, and was taken from the queue.
    Taken,
    /// Its body was called, or it was detached or skipped.
    Begun,
    /// It was detached, and its result was applied.
    Returned,
}

/// The states of all steps, and the order in which the ready steps begin.
#[derive(Debug, Default)]
pub(crate) struct StepQueue {
    states: Vec<StepState>,
    /// The steps that start early and are ready, in the order in which they became ready.
    early: VecDeque<Step>,
    /// Set if early steps start before all others.
    starts_early: bool,
    /// The steps that became ready after the cursor had passed them.
    ready: Vec<Step>,
    /// The cursor: the first step that was not visited, in the plan's order.
    next: u32,
}

impl StepQueue {
    /// Resets all steps for a new run.
    pub(crate) fn reset(&mut self, plan: &Plan) {
        self.states.clear();
        self.states.extend(plan.waits().iter().map(|waits| StepState::Waiting(*waits)));
        self.early.clear();
        self.starts_early = false;
        self.ready.clear();
        self.next = 0;
    }

    /// Starts async, offloaded and spawned steps before all others.
    pub(crate) fn start_early(&mut self, plan: &Plan) {
        self.early.extend(
            plan.early_roots().iter().filter(|step| self.states[step.position()] == StepState::Waiting(0)),
        );
        self.starts_early = true;
    }

    /// Returns the state of a step; `None` if the cell is that of an input.
    pub(crate) fn state(&self, cell: usize) -> Option<StepState> {
        self.states.get(cell).copied()
    }

    /// Marks a step as begun.
    #[inline]
    pub(crate) fn begin(&mut self, step: Step) {
        self.states[step.position()] = StepState::Begun;
    }

    /// Marks a detached step as returned.
    ///
    /// # Errors
    /// The adapter returned the step twice.
    pub(crate) fn finish_detached(&mut self, step: Step) -> Result<(), RunAbort> {
        let state = &mut self.states[step.position()];
        if *state != StepState::Begun {
            return Err(RunAbort::adapter(format!("it returned step {} twice", step.position())));
        }
        *state = StepState::Returned;
        Ok(())
    }

    /// Checks that a step may begin now.
    ///
    /// # Errors
    /// The adapter executed the step twice, or too early.
    pub(crate) fn check(&self, step: Step) -> Result<(), RunAbort> {
        let position = step.position();
        match self.states[position] {
            StepState::Waiting(0) | StepState::Taken => Ok(()),
            StepState::Waiting(_) => {
                Err(RunAbort::adapter(format!("it executed step {position} before its dependencies")))
            }
            StepState::Begun | StepState::Returned => {
                Err(RunAbort::adapter(format!("it executed step {position} twice")))
            }
        }
    }

    /// Adds a value to wait for to all readers of `cell`.
    pub(crate) fn add_wait(&mut self, plan: &Plan, cell: usize) {
        for follower in plan.followers(cell) {
            if let StepState::Waiting(waits) = &mut self.states[follower.position()] {
                *waits += 1;
            }
        }
    }

    /// Queues the steps that waited only for the value of `cell`.
    #[inline]
    pub(crate) fn release_followers(&mut self, plan: &Plan, cell: usize) {
        for follower in plan.followers(cell) {
            // A follower waits for this value, so it has not begun.
            let StepState::Waiting(waits) = &mut self.states[follower.position()] else { continue };
            *waits -= 1;
            if *waits > 0 {
                continue;
            }
            if self.starts_early && plan.starts_early(*follower) {
                self.early.push_back(*follower);
            } else if follower.cell() < self.next {
                self.ready.push(*follower);
            }
        }
    }

    /// Takes a step that is ready: an early step first.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Step> {
        while let Some(step) = self.early.pop_front() {
            // A root that reads a future input waits for it. It is queued again when the input arrives.
            let state = &mut self.states[step.position()];
            if *state == StepState::Waiting(0) {
                *state = StepState::Taken;
                return Some(step);
            }
        }
        if let Some(step) = self.ready.pop() {
            return Some(step);
        }
        let mut next = self.next;
        while let Some(state) = self.states.get(next as usize) {
            next += 1;
            if *state == StepState::Waiting(0) {
                self.next = next;
                return Some(Step::new(next - 1));
            }
        }
        self.next = next;
        None
    }
}
