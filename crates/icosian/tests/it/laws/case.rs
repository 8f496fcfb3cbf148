//! A dataflow with a request, inputs and faults as plain data, and the expected result.

use std::collections::{BTreeMap, BTreeSet};

use icosian::Input;
use icosian::prelude::*;
use icosian::{ErrorPolicy, Placement, Value};
use proptest::prelude::*;
use proptest::sample::Index;

/// The vertices `0..nodes.len()` are nodes, which read inputs and earlier nodes. The other vertices are inputs.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) nodes: Vec<Step>,
    pub(super) inputs: Vec<(u64, Given)>,
    pub(super) wanted: Vec<usize>,
    pub(super) overrides: BTreeMap<usize, (u64, Given)>,
    /// The nodes that fail or panic.
    pub(super) faults: BTreeMap<usize, Fault>,
    pub(super) policy: ErrorPolicy,
    /// Adds hooks.
    pub(super) observed: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) reads: Vec<(usize, Way)>,
    /// The number of times that it yields; `None` if it is sync.
    pub(super) yields: Option<usize>,
    pub(super) placement: Placement,
    /// Adds the node to the group `few`.
    pub(super) grouped: bool,
    /// The node reads the run's context.
    pub(super) asks: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Borrow,
    Take,
    /// As a `Result<&u64, &NodeError>`.
    Accept,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Given {
    Now,
    /// As a future that yields this number of times.
    Later(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    Fails,
    Panics,
}

/// The value of a vertex, or the node whose failure is the reason that it has none.
pub(super) type Made = Result<u64, usize>;

/// The expected result of a run.
pub(super) struct Expected {
    /// The requested outputs, if all exist.
    pub(super) outputs: Option<Vec<u64>>,
    /// The required nodes.
    pub(super) needed: BTreeSet<usize>,
    /// The required nodes that would fail if all independent nodes ran.
    pub(super) failing: BTreeSet<usize>,
    /// The failing nodes without which a requested output is missing.
    pub(super) fatal: BTreeSet<usize>,
    /// The required nodes that cannot run because of a failure.
    pub(super) skipped: BTreeSet<usize>,
}

/// Generates cases for adapters that run only sync nodes, or for adapters that poll futures and limit groups.
pub(super) fn case(polls: bool) -> impl Strategy<Value = Case> {
    let way = prop_oneof![4 => Just(Way::Borrow), 4 => Just(Way::Take), 3 => Just(Way::Accept)];
    let yields =
        if polls { prop_oneof![Just(None), (0..3_usize).prop_map(Some)].boxed() } else { Just(None).boxed() };
    let given = if polls {
        prop_oneof![2 => Just(Given::Now), 1 => (0..4_usize).prop_map(Given::Later)].boxed()
    } else {
        Just(Given::Now).boxed()
    };
    let placement =
        prop_oneof![8 => Just(Placement::Inline), 1 => Just(Placement::Offload), 1 => Just(Placement::Spawn)];
    let marks = (placement, prop::bool::weighted(0.2), prop::bool::weighted(0.1));
    let step = (prop::collection::vec((any::<Index>(), way), 0..=4), yields, marks);
    let value = (any::<u64>(), given);
    let fault = prop_oneof![2 => Just(Fault::Fails), 1 => Just(Fault::Panics)];
    (
        prop::collection::vec(step, 1..=40),
        prop::collection::vec(value.clone(), 0..=4),
        prop::collection::vec(any::<Index>(), 0..=4),
        prop::collection::vec((any::<Index>(), value), 0..=4),
        prop::collection::vec((any::<Index>(), fault), 0..=3),
        // Most cases have no failures, overrides or marks.
        any::<[bool; 6]>(),
    )
        .prop_map(move |(steps, inputs, wanted, overrides, faults, flags)| {
            let [overriding, fails, marked, asking, collects, observed] = flags;
            let count = steps.len();
            let nodes: Vec<_> = steps
                .into_iter()
                .enumerate()
                .map(|(at, (picks, yields, (placement, grouped, asks)))| {
                    let before: Vec<_> = (0..at).chain(count..count + inputs.len()).collect();
                    let picks = picks.into_iter().filter(|_| !before.is_empty());
                    let reads: BTreeMap<_, _> = picks.map(|(pick, way)| (*pick.get(&before), way)).collect();
                    Step {
                        reads: reads.into_iter().collect(),
                        yields,
                        placement: if marked { placement } else { Placement::Inline },
                        grouped: marked && grouped && polls,
                        asks: asking && asks,
                    }
                })
                .collect();
            let read: BTreeSet<_> =
                nodes.iter().flat_map(|node| node.reads.iter().map(|(read, _)| *read)).collect();
            let known: Vec<_> = (0..count).chain(read.range(count..).copied()).collect();
            let wanted: BTreeSet<_> = wanted.iter().map(|pick| *pick.get(&known)).collect();
            let overrides = overrides.into_iter().filter(|_| overriding);
            let faults = faults.into_iter().filter(|_| fails);
            Case {
                wanted: wanted.into_iter().collect(),
                overrides: overrides.map(|(pick, value)| (pick.index(count), value)).collect(),
                faults: faults.map(|(pick, fault)| (pick.index(count), fault)).collect(),
                nodes,
                inputs,
                policy: if collects { ErrorPolicy::CollectAll } else { ErrorPolicy::FailFast },
                observed,
            }
        })
}

pub(super) fn name(vertex: usize) -> String {
    format!("v{vertex}")
}

/// The output of a node. It depends on the order of the parameters, and on the failures that they accept.
pub(super) fn made(node: usize, reads: impl Iterator<Item = Made>) -> u64 {
    reads.fold(node as u64 + 1, |made, read| {
        let read = read.unwrap_or_else(|failed| u64::MAX - failed as u64);
        made.rotate_left(7).wrapping_mul(0x9E37_79B9).wrapping_add(read)
    })
}

/// The state of a naive interpretation.
#[derive(Default)]
struct Interpretation {
    faulty: BTreeSet<usize>,
    known: BTreeMap<usize, Made>,
    needed: BTreeSet<usize>,
    failing: BTreeSet<usize>,
    skipped: BTreeSet<usize>,
}

impl Case {
    /// Computes `vertex` and records the nodes that ran for it.
    fn value(&self, vertex: usize, state: &mut Interpretation) -> Made {
        if let Some(value) = state.known.get(&vertex) {
            return *value;
        }
        let value = if let Some((value, _)) = self.overrides.get(&vertex) {
            Ok(*value)
        } else if let Some((value, _)) = vertex.checked_sub(self.nodes.len()).map(|input| self.inputs[input])
        {
            Ok(value)
        } else {
            state.needed.insert(vertex);
            let reads = &self.nodes[vertex].reads;
            let values: Vec<_> = reads.iter().map(|(read, way)| (self.value(*read, state), *way)).collect();
            let missing = values.iter().find(|(value, way)| value.is_err() && *way != Way::Accept);
            if let Some((Err(failed), _)) = missing {
                state.skipped.insert(vertex);
                Err(*failed)
            } else if state.faulty.contains(&vertex) {
                state.failing.insert(vertex);
                Err(vertex)
            } else {
                Ok(made(vertex, values.into_iter().map(|(value, _)| value)))
            }
        };
        state.known.insert(vertex, value);
        value
    }

    /// Returns whether `wanted` are all available if `vertex` has no value.
    fn survives(&self, vertex: usize) -> bool {
        let mut missing = BTreeSet::from([vertex]);
        for (at, node) in self.nodes.iter().enumerate() {
            let is_overridden = self.overrides.contains_key(&at);
            if !is_overridden
                && node.reads.iter().any(|(read, way)| *way != Way::Accept && missing.contains(read))
            {
                missing.insert(at);
            }
        }
        self.wanted.iter().all(|wanted| !missing.contains(wanted))
    }

    /// Returns the expected result, with or without faults.
    pub(super) fn expected(&self, with_faults: bool) -> Expected {
        let mut state = Interpretation::default();
        if with_faults {
            state.faulty.extend(self.faults.keys());
        }
        let outputs: Vec<_> = self.wanted.iter().map(|wanted| self.value(*wanted, &mut state)).collect();
        let Interpretation { needed, failing, skipped, .. } = state;
        let outputs = outputs.into_iter().collect::<Result<_, _>>().ok();
        let fatal = failing.iter().copied().filter(|node| !self.survives(*node)).collect();
        Expected { outputs, needed, failing, fatal, skipped }
    }

    pub(super) fn inputs(&self) -> Inputs {
        let read: BTreeSet<_> =
            self.nodes.iter().flat_map(|node| node.reads.iter().map(|(read, _)| *read)).collect();
        let count = self.nodes.len();
        let inputs = self.inputs.iter().enumerate().map(|(at, value)| (count + at, value));
        let inputs = inputs.filter(|(at, _)| read.contains(at));
        let inputs =
            inputs.fold(Inputs::new(), |inputs, (at, value)| inputs.with_input(name(at), input(*value)));
        self.overrides
            .iter()
            .fold(inputs, |inputs, (at, value)| inputs.overriding_named(name(*at), input(*value)))
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.wanted.iter().map(|wanted| name(*wanted)).collect()
    }
}

fn input((value, given): (u64, Given)) -> Input {
    match given {
        Given::Now => Value::cloneable(value).into(),
        Given::Later(yields) => Input::future(async move {
            give_way(yields).await;
            value
        }),
    }
}

pub(super) async fn give_way(times: usize) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}
