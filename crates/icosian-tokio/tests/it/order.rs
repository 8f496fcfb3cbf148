//! The order in which nodes start: async nodes before sync nodes.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian_adapter::{AsyncGraphAdapter, AsyncRun, PollLimits, Program, Progress, RunAbort};
use icosian_core::node::{Placement, Task};
use icosian_core::{AdapterSpec, Node, NodeError, Outline, Param};
use icosian_tokio::TokioAdapter;
use proptest::prelude::*;
use tokio::task::yield_now;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Begins(usize),
    Ends(usize),
}

type Log = Arc<Mutex<Vec<Event>>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sync,
    /// A sync node that exceeds the time slice of a run.
    SlowSync,
    /// An async node that is pending for this number of polls.
    Async(u8),
}

impl Kind {
    fn occupies_thread(self) -> bool {
        matches!(self, Self::Sync | Self::SlowSync)
    }
}

fn name(at: usize) -> String {
    format!("n{at}")
}

fn node(at: usize, kind: Kind, reads: &[usize], log: &Log) -> Node {
    let outline = Outline::new(name(at));
    let outline =
        reads.iter().fold(outline, |outline, read| outline.with_param(Param::borrowed::<u64>(name(*read))));
    let log = Arc::clone(log);
    let note = |log: &Log, event| log.lock().unwrap().push(event);
    let Kind::Async(times) = kind else {
        return Node::sync(outline, move |_| {
            note(&log, Event::Begins(at));
            if kind == Kind::SlowSync {
                std::thread::sleep(Duration::from_micros(400));
            }
            note(&log, Event::Ends(at));
            Ok(1_u64)
        });
    };
    Node::future(outline, move |_| {
        let log = Arc::clone(&log);
        note(&log, Event::Begins(at));
        async move {
            for _ in 0..times {
                yield_now().await;
            }
            note(&log, Event::Ends(at));
            Ok(1_u64)
        }
    })
}

fn program(kinds: &[(Kind, Vec<usize>)], log: &Log) -> Program {
    let nodes = kinds.iter().enumerate().map(|(at, (kind, reads))| node(at, *kind, reads, log));
    Program::new(nodes, (0..kinds.len()).map(name)).unwrap()
}

/// Runs the jobs within limits that delay sync nodes while a job is pending.
#[derive(Debug)]
struct Patient;

#[async_trait::async_trait]
impl AsyncGraphAdapter for Patient {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("patient").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let limits = PollLimits::new(3).with_time(Duration::ZERO);
        while poll_fn(|context| run.poll_jobs_within(context, &limits)).await? != Progress::Ended {
            yield_now().await;
        }
        Ok(())
    }
}

async fn start_order(adapter: &dyn AsyncGraphAdapter, kinds: &[(Kind, Vec<usize>)]) -> Vec<usize> {
    let log = Log::default();
    let program = program(kinds, &log);
    adapter.run(&mut AsyncRun::new(&program)).await.unwrap();
    let events = std::mem::take(&mut *log.lock().unwrap());
    let begins = |event| if let Event::Begins(at) = event { Some(at) } else { None };
    events.into_iter().filter_map(begins).collect()
}

fn adapters() -> [TokioAdapter; 2] {
    [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(1000)]
}

#[tokio::test]
async fn ready_async_nodes_start_before_sync_nodes() {
    let (sync, waits) = ((Kind::Sync, vec![]), (Kind::Async(1), vec![]));
    for adapter in adapters() {
        assert_eq!(start_order(&adapter, &[sync.clone(), waits.clone()]).await, [1, 0]);
        assert_eq!(start_order(&adapter, &[waits.clone(), sync.clone()]).await, [0, 1]);
        // An async node starts when the sync node that it reads ends.
        let deep = [sync.clone(), sync.clone(), (Kind::Async(1), vec![0]), waits.clone(), sync.clone()];
        assert_eq!(start_order(&adapter, &deep).await, [3, 0, 2, 1, 4]);
    }
}

#[tokio::test]
async fn async_nodes_that_become_ready_start_before_next_sync_node() {
    let kinds = [
        (Kind::SlowSync, vec![]),
        (Kind::SlowSync, vec![]),
        (Kind::SlowSync, vec![]),
        (Kind::Async(1), vec![]),
        (Kind::Async(1), vec![3]),
        (Kind::Async(1), vec![4]),
    ];
    for adapter in adapters() {
        assert_eq!(start_order(&adapter, &kinds).await, [3, 0, 4, 1, 5, 2], "{adapter:?}");
    }
}

#[tokio::test]
async fn offloaded_nodes_start_before_sync_nodes() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let (sender, receiver) = (Mutex::new(sender), Mutex::new(receiver));
    // The sync node, first in the file, waits for the offloaded node.
    let blocking = Node::sync(Outline::new("blocking"), move |_| {
        Ok(receiver.lock().unwrap().recv_timeout(Duration::from_secs(10)).is_ok())
    });
    let offloaded = Outline::new("offloaded").with_placement(Placement::Offload);
    let offloaded = Node::sync(offloaded, move |_| Ok(sender.lock().unwrap().send(()).is_ok()));
    let program = Program::new([blocking, offloaded], ["blocking", "offloaded"]).unwrap();
    let mut run = AsyncRun::new(&program);
    TokioAdapter::default().run(&mut run).await.unwrap();
    assert_eq!((run.values_mut().take(0), run.values_mut().take(1)), (Some(true), Some(true)));
}

#[tokio::test]
async fn async_node_starts_when_its_future_input_is_ready() {
    for adapter in adapters() {
        let log = Log::default();
        let reads = |name: &'static str| Outline::new(name).with_param(Param::borrowed::<u64>("later"));
        let seen = Arc::clone(&log);
        let waits = Node::future(reads("waits"), move |args| {
            let later = args.lease::<u64>(0);
            seen.lock().unwrap().push(Event::Begins(0));
            async move { Ok(*later) }
        });
        let program = Program::new([node(1, Kind::Sync, &[], &log), waits], ["waits", "n1"]).unwrap();
        let mut run = AsyncRun::new(&program);
        let later = async {
            yield_now().await;
            Ok::<_, NodeError>(7_u64)
        };
        run.fill_later(program.plan().input("later").unwrap().cell(), <dyn Task>::new(later));
        adapter.run(&mut run).await.unwrap();
        assert_eq!(run.values_mut().take(0), Some(7_u64));
        let begins = log.lock().unwrap().iter().filter(|event| **event == Event::Begins(0)).count();
        assert_eq!(begins, 1, "{adapter:?}");
    }
}

/// Returns a sync node that started before an async node that was ready earlier.
fn overtaken(kinds: &[(Kind, Vec<usize>)], events: &[Event]) -> Option<(usize, usize)> {
    let at = |event| events.iter().position(|it| *it == event).expect("every node begins and ends");
    let waiting = kinds.iter().enumerate().filter(|(_, (kind, _))| matches!(kind, Kind::Async(_)));
    waiting.into_iter().find_map(|(waits, (_, reads))| {
        let ready = reads.iter().map(|read| at(Event::Ends(*read)) + 1).max().unwrap_or(0);
        let begins = at(Event::Begins(waits)).max(ready);
        let between = events[ready..begins].iter();
        let mut sync = between.filter_map(|event| match event {
            Event::Begins(at) if kinds[*at].0.occupies_thread() => Some(*at),
            _ => None,
        });
        sync.next().map(|sync| (waits, sync))
    })
}

fn kinds() -> impl Strategy<Value = Vec<(Kind, Vec<usize>)>> {
    let kind = prop_oneof![3 => Just(Kind::Sync), 3 => (0..4_u8).prop_map(Kind::Async)];
    let node = (kind, prop::collection::vec(any::<prop::sample::Index>(), 0..3));
    prop::collection::vec(node, 1..40).prop_map(|nodes| {
        let nodes = nodes.into_iter().enumerate();
        nodes
            .map(|(at, (kind, reads))| {
                let mut reads: Vec<_> =
                    if at == 0 { vec![] } else { reads.iter().map(|read| read.index(at)).collect() };
                reads.sort_unstable();
                reads.dedup();
                (kind, reads)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn ready_async_node_never_waits_for_later_sync_node(kinds in kinds(), shift in 0..40_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let [plain, bounded] = adapters();
        for adapter in [&plain as &dyn AsyncGraphAdapter, &bounded, &Patient] {
            let log = Log::default();
            // The order in the file is not the order of the reads.
            let mut nodes: Vec<_> =
                kinds.iter().enumerate().map(|(at, (kind, reads))| node(at, *kind, reads, &log)).collect();
            let count = nodes.len();
            nodes.rotate_left(shift % count);
            let program = Program::new(nodes, (0..count).map(name)).unwrap();
            // The second run uses the state of the first.
            for _ in 0..2 {
                let mut run = AsyncRun::new(&program);
                runtime.block_on(adapter.run(&mut run)).unwrap();
                let events = std::mem::take(&mut *log.lock().unwrap());
                prop_assert_eq!(events.len(), 2 * count);
                prop_assert_eq!(overtaken(&kinds, &events), None, "{:?}: {:?}", adapter, events);
                for at in 0..count {
                    prop_assert_eq!(run.values_mut().take(at), Some(1_u64));
                }
                run.end();
            }
        }
    }
}
