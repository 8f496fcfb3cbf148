//! Random dataflows against a reference that computes them naively.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use icosian::adapter::TokioAdapter;
use icosian::prelude::*;
use icosian::{Node, NodeError, Outline, Output, Param, RunError, Value};
use icosian_rayon::RayonAdapter;
use proptest::prelude::*;
use proptest::sample::Index;

/// A dataflow, what is asked of it and what it is given, as plain data.
///
/// The vertices `0..nodes.len()` are nodes, which read inputs and nodes before them; those after are inputs.
#[derive(Clone, Debug)]
struct Case {
    nodes: Vec<Step>,
    inputs: Vec<(u64, Given)>,
    wanted: Vec<usize>,
    overrides: BTreeMap<usize, (u64, Given)>,
    failing: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
struct Step {
    reads: Vec<(usize, Way)>,
    /// How often it gives way to others; `None` when it is sync.
    yields: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Borrow,
    Take,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    Now,
    /// As a future that gives way so often.
    Later(usize),
}

fn case(later: bool) -> impl Strategy<Value = Case> {
    let way = prop_oneof![Just(Way::Borrow), Just(Way::Take)];
    let yields =
        if later { prop_oneof![Just(None), (0..3_usize).prop_map(Some)].boxed() } else { Just(None).boxed() };
    let given = if later {
        prop_oneof![2 => Just(Given::Now), 1 => (0..4_usize).prop_map(Given::Later)].boxed()
    } else {
        Just(Given::Now).boxed()
    };
    let step = (prop::collection::vec((any::<Index>(), way), 0..=4), yields);
    let value = (any::<u64>(), given);
    let picks = |most: usize| prop::collection::vec(any::<Index>(), 0..=most);
    (
        prop::collection::vec(step, 1..=40),
        prop::collection::vec(value.clone(), 0..=4),
        picks(4),
        prop::collection::vec((any::<Index>(), value), 0..=4),
        picks(2),
        // Most often nothing fails and nothing is overridden.
        any::<[bool; 2]>(),
    )
        .prop_map(|(steps, inputs, wanted, overrides, failing, [overriding, fails])| {
            let count = steps.len();
            let nodes: Vec<_> = steps
                .into_iter()
                .enumerate()
                .map(|(at, (picks, yields))| {
                    let before: Vec<_> = (0..at).chain(count..count + inputs.len()).collect();
                    let picks = picks.into_iter().filter(|_| !before.is_empty());
                    let reads: BTreeMap<_, _> = picks.map(|(pick, way)| (*pick.get(&before), way)).collect();
                    Step { reads: reads.into_iter().collect(), yields }
                })
                .collect();
            let read: BTreeSet<_> =
                nodes.iter().flat_map(|node| node.reads.iter().map(|(read, _)| *read)).collect();
            let known: Vec<_> = (0..count).chain(read.range(count..).copied()).collect();
            let wanted: BTreeSet<_> = wanted.iter().map(|pick| *pick.get(&known)).collect();
            let overrides = overrides.into_iter().filter(|_| overriding);
            Case {
                wanted: wanted.into_iter().collect(),
                overrides: overrides.map(|(pick, value)| (pick.index(count), value)).collect(),
                failing: failing.iter().filter(|_| fails).map(|pick| pick.index(count)).collect(),
                nodes,
                inputs,
            }
        })
}

fn name(vertex: usize) -> String {
    format!("v{vertex}")
}

/// What a node makes of what it reads; the order of its parameters matters.
fn made(node: usize, reads: impl Iterator<Item = u64>) -> u64 {
    reads.fold(node as u64 + 1, |made, read| made.rotate_left(7).wrapping_mul(0x9E37_79B9).wrapping_add(read))
}

impl Case {
    /// Computes `vertex` and notes the nodes that ran for it.
    fn value(&self, vertex: usize, known: &mut BTreeMap<usize, u64>, ran: &mut BTreeSet<usize>) -> u64 {
        if let Some(value) = known.get(&vertex) {
            return *value;
        }
        let value = if let Some((value, _)) = self.overrides.get(&vertex) {
            *value
        } else if let Some((value, _)) = vertex.checked_sub(self.nodes.len()).map(|input| self.inputs[input])
        {
            value
        } else {
            ran.insert(vertex);
            let reads: Vec<_> =
                self.nodes[vertex].reads.iter().map(|(read, _)| self.value(*read, known, ran)).collect();
            made(vertex, reads.into_iter())
        };
        known.insert(vertex, value);
        value
    }

    /// Returns the wanted outputs, and the nodes that have to run for them.
    fn expected(&self) -> (Vec<u64>, BTreeSet<usize>) {
        let (mut known, mut ran) = (BTreeMap::new(), BTreeSet::new());
        let wanted = self.wanted.iter().map(|wanted| self.value(*wanted, &mut known, &mut ran)).collect();
        (wanted, ran)
    }

    fn dataflow(&self, watch: &Arc<Watch>) -> Dataflow {
        let nodes = self.nodes.iter().enumerate().map(|(at, step)| node(at, step, watch));
        nodes.fold(Dataflow::new("random"), Dataflow::with_node)
    }

    fn inputs(&self) -> Inputs {
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

    fn names(&self) -> Vec<String> {
        self.wanted.iter().map(|wanted| name(*wanted)).collect()
    }

    /// Compares what an execution gave with what it should have, and the nodes that ran with those that should have.
    fn judge(&self, given: Result<NamedValues, ExecuteError>, watch: &Watch) -> Result<(), TestCaseError> {
        let (expect, needed) = self.expected();
        let ran = watch.taken();
        let failing: BTreeSet<_> = self.failing.intersection(&needed).copied().collect();
        if failing.is_empty() || !watch.armed() {
            let given = given.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            let given: Vec<_> = given.iter().map(|(_, value)| value.get::<u64>().copied()).collect();
            prop_assert_eq!(given, expect.into_iter().map(Some).collect::<Vec<_>>());
            let once = (0..self.nodes.len()).map(|node| usize::from(needed.contains(&node)));
            prop_assert_eq!(ran, once.collect::<Vec<_>>(), "each needed node runs once, and no other");
            return Ok(());
        }
        let Err(ExecuteError::Failed(failed)) = given else {
            return Err(TestCaseError::fail(format!("it should fail, but {given:?}")));
        };
        let Some(RunError::NodeFailed { node, source, path }) = failed.first() else {
            return Err(TestCaseError::fail(format!("{failed:?}")));
        };
        prop_assert!(failing.iter().any(|failing| name(*failing) == **node), "{} failed", node);
        prop_assert_eq!(source.to_string(), format!("{node} has no luck"));
        prop_assert_eq!(path.first(), Some(node));
        prop_assert!(path.last().is_some_and(|last| self.names().contains(&last.to_string())));
        for (node, times) in ran.into_iter().enumerate() {
            prop_assert!(times <= usize::from(needed.contains(&node)), "node {} ran {} times", node, times);
        }
        Ok(())
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

async fn give_way(times: usize) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

/// Counts runs, and says whether failing nodes fail.
#[derive(Debug)]
struct Watch {
    armed: AtomicBool,
    runs: Vec<AtomicUsize>,
    failing: BTreeSet<usize>,
}

impl Watch {
    fn new(case: &Case) -> Arc<Self> {
        let runs = case.nodes.iter().map(|_| AtomicUsize::new(0)).collect();
        Arc::new(Self { armed: AtomicBool::new(true), runs, failing: case.failing.clone() })
    }

    fn armed(&self) -> bool {
        self.armed.load(Ordering::SeqCst)
    }

    fn disarm(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }

    fn ran(&self, node: usize) {
        self.runs[node].fetch_add(1, Ordering::SeqCst);
    }

    fn outcome(&self, node: usize, value: u64) -> Result<u64, NodeError> {
        let fails = self.armed() && self.failing.contains(&node);
        if fails { Err(NodeError::failed(format!("{} has no luck", name(node)))) } else { Ok(value) }
    }

    fn taken(&self) -> Vec<usize> {
        self.runs.iter().map(|runs| runs.swap(0, Ordering::SeqCst)).collect()
    }
}

fn node(at: usize, step: &Step, watch: &Arc<Watch>) -> Node {
    let outline = Outline::new(name(at)).output(Output::of::<u64>().cloneable::<u64>());
    let outline = step.reads.iter().fold(outline, |outline, (read, way)| {
        outline.param(match way {
            Way::Borrow => Param::borrowed::<u64>(name(*read)),
            Way::Take => Param::taken::<u64>(name(*read)).cloneable(true),
        })
    });
    let (ways, watch): (Vec<_>, _) = (step.reads.iter().map(|(_, way)| *way).collect(), Arc::clone(watch));
    let Some(yields) = step.yields else {
        return Node::sync(outline, move |args| {
            watch.ran(at);
            let read = |(position, way): (usize, &Way)| match way {
                Way::Borrow => *args.borrow::<u64>(position),
                Way::Take => args.take::<u64>(position),
            };
            let reads: Vec<_> = ways.iter().enumerate().map(read).collect();
            watch.outcome(at, made(at, reads.into_iter()))
        });
    };
    Node::future(outline, move |args| {
        watch.ran(at);
        let mut taken = Vec::new();
        let mut lent = Vec::new();
        for (position, way) in ways.iter().enumerate() {
            match way {
                Way::Borrow => lent.push((position, args.lease::<u64>(position))),
                Way::Take => taken.push((position, args.take::<u64>(position))),
            }
        }
        let watch = Arc::clone(&watch);
        async move {
            give_way(yields).await;
            taken.extend(lent.iter().map(|(position, lent)| (*position, **lent)));
            taken.sort_unstable();
            watch.outcome(at, made(at, taken.into_iter().map(|(_, read)| read)))
        }
    })
}

static THREADS: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("there are threads")
});

static HERE: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().expect("there is a runtime"));

/// More threads than cores, so that they get in each other's way.
static CORES: LazyLock<RayonAdapter> =
    LazyLock::new(|| RayonAdapter::with_threads(NonZeroUsize::new(4).unwrap()).unwrap());

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_driver_gives_what_the_reference_gives(case in case(false)) {
        let watch = Watch::new(&case);
        let driver = Driver::builder().with_dataflow(case.dataflow(&watch)).build().unwrap();
        let execute = || driver.execute_named(case.names(), case.inputs());
        case.judge(execute(), &watch)?;
        watch.disarm();
        for _ in 0..2 {
            case.judge(execute(), &watch)?;
        }
    }

    #[test]
    fn a_driver_on_all_cores_gives_what_the_reference_gives(case in case(false)) {
        let watch = Watch::new(&case);
        let driver = Driver::builder().with_dataflow(case.dataflow(&watch)).with_adapter(CORES.clone()).build().unwrap();
        let execute = || driver.execute_named(case.names(), case.inputs());
        case.judge(execute(), &watch)?;
        watch.disarm();
        for _ in 0..2 {
            case.judge(execute(), &watch)?;
        }
    }

    #[test]
    fn an_async_driver_gives_what_the_reference_gives(case in case(true)) {
        let watch = Watch::new(&case);
        let driver = AsyncDriver::builder().with_dataflow(case.dataflow(&watch)).build().unwrap();
        let execute = || HERE.block_on(driver.execute_named(case.names(), case.inputs()));
        case.judge(execute(), &watch)?;
        watch.disarm();
        for _ in 0..2 {
            case.judge(execute(), &watch)?;
        }
    }

    #[test]
    fn a_bounded_async_driver_gives_what_the_reference_gives(case in case(true), at_a_time in 1..4_usize) {
        let watch = Watch::new(&case);
        let adapter = TokioAdapter::default().with_nodes_at_a_time(at_a_time).with_runs_at_a_time(1);
        let driver = AsyncDriver::under(adapter).with_dataflow(case.dataflow(&watch)).build().unwrap();
        let execute = || HERE.block_on(driver.execute_named(case.names(), case.inputs()));
        case.judge(execute(), &watch)?;
        watch.disarm();
        case.judge(execute(), &watch)?;
    }

    #[test]
    fn an_async_driver_on_many_threads_gives_what_the_reference_gives(case in case(true)) {
        let watch = Watch::new(&case);
        let driver = AsyncDriver::builder().with_dataflow(case.dataflow(&watch)).build().unwrap();
        let spawn = || {
            let (driver, names, inputs) = (driver.clone(), case.names(), case.inputs());
            THREADS.spawn(async move { driver.execute_named(names, inputs).await })
        };
        case.judge(THREADS.block_on(spawn()).unwrap(), &watch)?;
        watch.disarm();
        case.judge(THREADS.block_on(spawn()).unwrap(), &watch)?;
        let (expect, _) = case.expected();
        let at_a_time: Vec<_> = (0..4).map(|_| spawn()).collect();
        for execution in at_a_time {
            let given = THREADS.block_on(execution).unwrap().map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            let given: Vec<_> = given.iter().filter_map(|(_, value)| value.get::<u64>().copied()).collect();
            prop_assert_eq!(&given, &expect);
        }
    }
}
