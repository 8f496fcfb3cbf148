use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};

use super::super::schedule::{ChainLink, NodeChain};
use super::*;

/// Returns tasks from the reads of each, which are reduced to earlier tasks.
fn tasks(nodes: &[(bool, Vec<usize>)]) -> Vec<NodeTask> {
    let task = |(at, (is_async, reads)): (usize, &(bool, Vec<usize>))| {
        let mut reads: Vec<usize> = reads.iter().filter(|_| at > 0).map(|read| read % at.max(1)).collect();
        reads.sort_unstable();
        reads.dedup();
        NodeTask { is_async: *is_async, reads }
    };
    nodes.iter().enumerate().map(task).collect()
}

fn random(is_async: impl Strategy<Value = bool>) -> impl Strategy<Value = Vec<NodeTask>> {
    vec((is_async, vec(any::<usize>(), 0..4)), 1..14).prop_map(|nodes| tasks(&nodes))
}

/// Series-parallel tasks: each step puts a task after all others, or puts two groups beside each other.
fn series_parallel() -> impl Strategy<Value = Vec<NodeTask>> {
    let leaf = Just(vec![NodeTask { is_async: true, reads: Vec::new() }]);
    leaf.prop_recursive(5, 24, 2, |inner| {
        (inner.clone(), inner, any::<bool>()).prop_map(|(mut tasks, more, in_series)| {
            let shift = tasks.len();
            let sinks: Vec<usize> =
                (0..shift).filter(|task| tasks.iter().all(|other| !other.reads.contains(task))).collect();
            for task in more {
                let mut reads: Vec<usize> = task.reads.iter().map(|read| read + shift).collect();
                if in_series && reads.is_empty() {
                    reads.clone_from(&sinks);
                }
                tasks.push(NodeTask { reads, ..task });
            }
            tasks
        })
    })
}

/// The times of a simulated run.
struct Run<'a> {
    tasks: &'a [NodeTask],
    durations: &'a [u64],
    starts: Vec<Option<u64>>,
    /// The tasks that are certainly done before each task starts.
    done: Vec<Vec<usize>>,
}

impl<'a> Run<'a> {
    fn of(tasks: &'a [NodeTask], durations: &'a [u64], schedule: &Schedule) -> Self {
        let mut run =
            Self { tasks, durations, starts: vec![None; tasks.len()], done: vec![Vec::new(); tasks.len()] };
        run.execute(schedule, 0, &[]);
        run
    }

    fn end(&self, task: usize) -> u64 {
        let duration = if self.tasks[task].is_async { self.durations[task] } else { 0 };
        self.starts[task].expect("the task has started") + duration
    }

    /// Executes the schedule from `time` on, after the tasks of `done`. Returns the time at which it ends.
    fn execute(&mut self, schedule: &Schedule, time: u64, done: &[usize]) -> u64 {
        match schedule {
            Schedule::Task(task) => {
                assert_eq!(self.starts[*task], None, "task {task} runs once");
                self.starts[*task] = Some(time);
                self.done[*task] = done.to_vec();
                self.end(*task)
            }
            Schedule::Sequence(parts) => {
                let (mut time, mut done) = (time, done.to_vec());
                for part in parts {
                    time = self.execute(part, time, &done);
                    done.extend(part.tasks());
                }
                time
            }
            Schedule::Parallel(parts) => {
                parts.iter().map(|part| self.execute(part, time, done)).max().unwrap_or(time)
            }
            Schedule::Chains(chains) => {
                let mut next = vec![0; chains.len()];
                let mut ends: Vec<(u64, Vec<usize>)> = vec![(time, done.to_vec()); chains.len()];
                loop {
                    let ready = (0..chains.len()).find(|&chain| {
                        let link = chains[chain].links.get(next[chain]);
                        link.is_some_and(|link| link.waits.iter().all(|&task| self.starts[task].is_some()))
                    });
                    let Some(chain) = ready else { break };
                    let link = &chains[chain].links[next[chain]];
                    let (mut time, mut done) = ends[chain].clone();
                    for &task in &link.waits {
                        time = time.max(self.end(task));
                        done.push(task);
                        done.extend(self.done[task].clone());
                    }
                    let end = self.execute(&link.schedule, time, &done);
                    done.extend(link.schedule.tasks());
                    ends[chain] = (end, done);
                    next[chain] += 1;
                }
                let is_done = chains.iter().zip(&next).all(|(chain, next)| chain.links.len() == *next);
                assert!(is_done, "no chain waits forever");
                ends.into_iter().map(|(end, _)| end).max().unwrap_or(time)
            }
        }
    }
}

/// Checks that each task runs once, after the tasks that it reads, and that async tasks start as early as possible.
fn check(tasks: &[NodeTask], durations: &[u64]) {
    let schedule = plan(tasks);
    let run = Run::of(tasks, durations, &schedule);
    let order = Order::of(tasks.iter().map(|task| &*task.reads).collect::<Vec<_>>().into_iter());
    for (at, task) in tasks.iter().enumerate() {
        let start = run.starts[at];
        assert!(start.is_some(), "task {at} runs: {schedule:?}");
        for read in &task.reads {
            assert!(run.done[at].contains(read), "task {at} runs after {read}, which it reads: {schedule:?}");
        }
        if task.is_async {
            let inputs = (0..at).filter(|&other| tasks[other].is_async && order.before(at).contains(other));
            let earliest = inputs.map(|input| run.end(input)).max().unwrap_or(0);
            assert_eq!(start, Some(earliest), "task {at} waits only for what it depends on: {schedule:?}");
        }
    }
}

fn has_chains(schedule: &Schedule) -> bool {
    match schedule {
        Schedule::Task(_) => false,
        Schedule::Sequence(parts) | Schedule::Parallel(parts) => parts.iter().any(has_chains),
        Schedule::Chains(_) => true,
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(500))]

    #[test]
    fn async_tasks_wait_only_for_their_dependencies(
        tasks in random(any::<bool>()), durations in vec(0..50_u64, 14),
    ) {
        check(&tasks, &durations);
    }

    #[test]
    fn orders_of_async_tasks_are_exact(tasks in random(Just(true)), durations in vec(0..50_u64, 14)) {
        check(&tasks, &durations);
    }

    #[test]
    fn series_parallel_orders_need_no_chains(tasks in series_parallel(), durations in vec(0..50_u64, 64)) {
        check(&tasks, &durations);
        prop_assert!(!has_chains(&plan(&tasks)));
    }

    #[test]
    fn sync_tasks_run_in_sequence(tasks in random(Just(false))) {
        let schedule = plan(&tasks);
        prop_assert_eq!(schedule.tasks(), (0..tasks.len()).collect::<Vec<_>>());
        prop_assert!(!has_chains(&schedule));
    }
}

/// Shows a schedule: `a b` in sequence, `(a | b)` in parallel, `{a | b ?a c}` as chains, in which `c` waits for `a`.
fn shown(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Task(task) => task.to_string(),
        Schedule::Sequence(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" "),
        Schedule::Parallel(parts) => format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(" | ")),
        Schedule::Chains(chains) => {
            let link = |link: &ChainLink| {
                let waits = link.waits.iter().map(|task| format!("?{task} "));
                format!("{}{}", waits.collect::<String>(), shown(&link.schedule))
            };
            let chain = |chain: &NodeChain| chain.links.iter().map(link).collect::<Vec<_>>().join(" ");
            format!("{{{}}}", chains.iter().map(chain).collect::<Vec<_>>().join(" | "))
        }
    }
}

#[track_caller]
fn check_shown(nodes: &[(bool, &[usize])], expected: &str) {
    let nodes: Vec<NodeTask> = nodes
        .iter()
        .map(|(is_async, reads)| NodeTask { is_async: *is_async, reads: reads.to_vec() })
        .collect();
    assert_eq!(shown(&plan(&nodes)), expected);
}

const A: bool = true;
const S: bool = false;

#[test]
fn series_parallel_parts_nest() {
    check_shown(&[(A, &[]), (A, &[0]), (A, &[1])], "0 1 2");
    check_shown(&[(A, &[]), (A, &[]), (A, &[0, 1])], "(0 | 1) 2");
    check_shown(&[(A, &[]), (A, &[]), (A, &[0]), (A, &[1]), (A, &[2, 3])], "(0 2 | 1 3) 4");
    check_shown(&[(S, &[]), (S, &[0]), (S, &[])], "0 1 2");
}

#[test]
fn sync_tasks_run_beside_async_ones() {
    // 1 and 2 are sync: 1 belongs to the branch of 0, and 2 runs while both wait.
    check_shown(&[(A, &[]), (S, &[0]), (S, &[]), (A, &[]), (S, &[1, 2, 3])], "(0 1 | 3 | 2) 4");
    // The sync tasks 3 and 4 read different pairs of async ones.
    check_shown(
        &[(A, &[]), (A, &[]), (A, &[]), (S, &[0, 1]), (S, &[1, 2]), (S, &[3, 4])],
        "(0 | 1 | 2) 3 4 5",
    );
}

#[test]
fn other_orders_become_chains() {
    check_shown(&[(A, &[]), (A, &[]), (A, &[0]), (A, &[0, 1])], "{0 2 | 1 ?0 3}");
    let ten: [&[usize]; 10] = [&[], &[], &[0], &[0, 1], &[2], &[2, 3], &[4, 5], &[5], &[6, 7], &[8]];
    check_shown(&ten.map(|reads| (A, reads)), "{0 2 4 ?5 6 | 1 ?0 3 ?2 5 7} 8 9");
}

#[test]
fn large_orders_are_planned_quickly() {
    let count = 300;
    let task = |at: usize| NodeTask {
        is_async: !at.is_multiple_of(3),
        reads: (at.saturating_sub(7)..at).step_by(3).collect(),
    };
    let tasks: Vec<NodeTask> = (0..count).map(task).collect();
    check(&tasks, &vec![1; count]);
}
