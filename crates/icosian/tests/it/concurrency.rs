//! Concurrency, duration and cancellation of executions, and the values that they leave.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian::prelude::*;
use icosian::{Name, Node, NodeError, Outline, Param};
use proptest::prelude::*;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::calls::Calls;

/// Counts its live instances and their maximum.
#[derive(Debug)]
struct Counted(Arc<Census>);

#[derive(Debug, Default)]
struct Census {
    alive: AtomicUsize,
    most: AtomicUsize,
}

impl Census {
    fn born(self: &Arc<Self>) -> Counted {
        let alive = self.alive.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(alive, Ordering::SeqCst);
        Counted(Arc::clone(self))
    }

    fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }

    /// Returns the maximal number of live instances, and resets it.
    fn most(&self) -> usize {
        self.most.swap(0, Ordering::SeqCst)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

#[dataflow]
mod beside {
    use std::time::Duration;

    use tokio::time::sleep;

    pub async fn left() -> u64 {
        sleep(Duration::from_secs(1)).await;
        1
    }

    pub async fn right() -> u64 {
        sleep(Duration::from_secs(1)).await;
        2
    }

    pub fn both(left: u64, right: u64) -> u64 {
        left + right
    }
}

#[tokio::test(start_paused = true)]
async fn independent_nodes_run_concurrently() {
    let driver = AsyncDriver::builder().with_dataflow(beside::dataflow()).build().unwrap();
    let begun = Instant::now();
    assert_eq!(driver.execute::<beside::both>(inputs! {}).await.unwrap(), 3);
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
}

/// The duration of each node, and the earlier nodes that it reads.
fn sleepers() -> impl Strategy<Value = Vec<(u64, Vec<usize>)>> {
    let node = (0_u64..20, prop::collection::vec(any::<prop::sample::Index>(), 0..4));
    prop::collection::vec(node, 1..30).prop_map(|nodes| {
        let reads = |at: usize, picks: Vec<prop::sample::Index>| {
            let mut reads: Vec<_> = picks.iter().filter(|_| at > 0).map(|pick| pick.index(at)).collect();
            reads.sort_unstable();
            reads.dedup();
            reads
        };
        nodes.into_iter().enumerate().map(|(at, (seconds, picks))| (seconds, reads(at, picks))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn run_takes_as_long_as_its_longest_path(nodes in sleepers()) {
        let mut ends: Vec<u64> = Vec::new();
        let mut dataflow = Dataflow::new("sleepers");
        for (at, (seconds, reads)) in nodes.into_iter().enumerate() {
            ends.push(seconds + reads.iter().map(|read| ends[*read]).max().unwrap_or_default());
            let outline = reads.iter().fold(Outline::new(format!("n{at}")), |outline, read| {
                outline.with_param(Param::borrowed::<()>(format!("n{read}")))
            });
            dataflow = dataflow.with_node(Node::future(outline, move |_| async move {
                sleep(Duration::from_secs(seconds)).await;
                Ok(())
            }));
        }
        let names: Vec<_> = (0..ends.len()).map(|at| format!("n{at}")).collect();
        let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let elapsed = runtime.block_on(async {
            let begun = Instant::now();
            driver.execute_named(names, inputs! {}).await.unwrap();
            begun.elapsed()
        });
        prop_assert_eq!(Some(elapsed.as_secs()), ends.into_iter().max());
    }
}

#[dataflow]
mod request {
    use std::time::Duration;

    use tokio::time::sleep;

    pub async fn user(id: u64) -> String {
        sleep(Duration::from_millis(id * 7 % 100)).await;
        format!("user {id}")
    }

    pub async fn rights(id: &u64, user: &str) -> Vec<u64> {
        sleep(Duration::from_millis(id * 13 % 100)).await;
        vec![*id, user.len() as u64]
    }

    pub fn answer(user: String, rights: Vec<u64>, #[default(0)] extra: u64) -> String {
        format!("{user} {rights:?} {extra}")
    }
}

async fn serves_a_thousand() {
    let driver = AsyncDriver::builder().with_dataflow(request::dataflow()).build().unwrap();
    let mut executions = JoinSet::new();
    for id in 0..1_000_u64 {
        let driver = driver.clone();
        executions.spawn(async move {
            // Some executions pass `extra`, others `user`; they must not read each other's input.
            let inputs = if id % 3 == 0 {
                inputs! { id, extra: id }
            } else {
                inputs! { id }
            };
            let inputs =
                if id % 5 == 0 { inputs.overriding::<request::user>(format!("{id}")) } else { inputs };
            (id, driver.execute::<request::answer>(inputs).await.unwrap())
        });
    }
    let mut served = 0;
    while let Some(done) = executions.join_next().await {
        let (id, answer) = done.unwrap();
        let user = if id % 5 == 0 { format!("{id}") } else { format!("user {id}") };
        let extra = if id % 3 == 0 { id } else { 0 };
        assert_eq!(answer, format!("{user} [{id}, {}] {extra}", user.len()));
        served += 1;
    }
    assert_eq!(served, 1_000);
}

#[tokio::test(start_paused = true)]
async fn driver_runs_a_thousand_concurrent_executions() {
    let begun = Instant::now();
    serves_a_thousand().await;
    assert!(begun.elapsed() < Duration::from_millis(250), "they run at a time: {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn driver_runs_a_thousand_executions_on_many_threads() {
    serves_a_thousand().await;
}

/// `fails` fails after a second, beside `slow` and `never`. `late` would start after `slow`; `quick` ends first.
#[dataflow]
mod failing {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::sleep;

    use super::{Calls, Census};

    pub async fn fails(calls: &Calls, fail: bool) -> Result<u64, &'static str> {
        calls.note("fails");
        sleep(Duration::from_secs(1)).await;
        if fail { Err("no luck") } else { Ok(1) }
    }

    pub async fn slow(calls: &Calls, census: &Arc<Census>) -> u64 {
        let _guard = census.born();
        calls.note("slow");
        sleep(Duration::from_secs(2)).await;
        calls.note("slow-ended");
        2
    }

    pub async fn quick(calls: &Calls, census: &Arc<Census>) -> super::Counted {
        calls.note("quick");
        sleep(Duration::from_millis(500)).await;
        census.born()
    }

    pub async fn after_quick(calls: &Calls, quick: &super::Counted) -> u64 {
        calls.note("after-quick");
        let _guard = quick.0.born();
        sleep(Duration::from_secs(10)).await;
        calls.note("after-quick-ended");
        3
    }

    pub fn late(calls: &Calls, slow: u64) -> u64 {
        calls.note("late");
        slow
    }

    pub fn all(fails: u64, late: u64, after_quick: u64) -> u64 {
        fails + late + after_quick
    }
}

fn failing() -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(failing::dataflow()).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn first_failure_cancels_running_nodes_and_starts_no_others() {
    let (driver, calls, census) = (failing(), Arc::<Calls>::default(), Arc::<Census>::default());
    let given = |fail: bool| inputs! { calls: Arc::clone(&calls), census: Arc::clone(&census), fail };
    let begun = Instant::now();
    let failed = driver.execute::<failing::all>(given(true)).await.unwrap_err();
    assert_eq!(
        (failed.to_string().as_str(), begun.elapsed()),
        ("node `fails` failed", Duration::from_secs(1))
    );
    assert_eq!(census.alive(), 0, "what ran is dropped already");
    assert_eq!(census.most(), 3, "`slow`, `quick` and `after_quick` were there");
    sleep(Duration::from_mins(1)).await;
    assert_eq!(calls.take(), "after-quick fails quick slow");

    assert_eq!(driver.execute::<failing::all>(given(false)).await.unwrap(), 6);
    assert_eq!(census.alive(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropped_execution_cancels_nodes() {
    let (driver, calls, census) = (failing(), Arc::<Calls>::default(), Arc::<Census>::default());
    let given = || inputs! { calls: Arc::clone(&calls), census: Arc::clone(&census), fail: false };
    assert!(timeout(Duration::from_millis(1_500), driver.execute::<failing::all>(given())).await.is_err());
    assert_eq!(census.alive(), 0);
    assert_eq!(census.most(), 3);
    sleep(Duration::from_mins(1)).await;
    assert_eq!(calls.take(), "after-quick fails quick slow");

    let prepared = driver.prepare::<failing::all>().unwrap();
    assert!(timeout(Duration::from_millis(250), prepared.execute(given())).await.is_err());
    assert_eq!((census.alive(), census.most()), (0, 1), "only `slow` held one by then");
    drop(driver.execute::<failing::all>(given()));
    assert_eq!(driver.execute::<failing::all>(given()).await.unwrap(), 6);
    assert_eq!(census.alive(), 0);
}

/// Panics when it is cloned while armed.
#[derive(Debug)]
struct Bomb {
    armed: bool,
}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        assert!(!self.armed, "boom in clone");
        Self { armed: false }
    }
}

#[dataflow]
mod panicking {
    use super::Bomb;

    pub fn in_sync(place: &str) -> u64 {
        assert_ne!(place, "in_sync", "boom");
        1
    }

    pub async fn before_await(place: &str) -> u64 {
        assert_ne!(place, "before_await", "boom");
        tokio::task::yield_now().await;
        2
    }

    pub async fn after_await(place: &str, in_sync: u64) -> u64 {
        tokio::task::yield_now().await;
        assert_ne!(place, "after_await", "boom");
        2 + in_sync
    }

    pub fn bomb(place: &str) -> Bomb {
        Bomb { armed: place == "clones" }
    }

    pub fn clones(bomb: Bomb, in_sync: u64) -> u64 {
        in_sync + u64::from(bomb.armed)
    }

    pub async fn clones_later(bomb: Bomb, clones: u64) -> u64 {
        clones + u64::from(bomb.armed)
    }

    pub fn reads_input(input: u64) -> u64 {
        input
    }

    pub async fn waits(place: &str) -> u64 {
        if place != "nowhere" {
            std::future::pending::<()>().await;
        }
        10
    }

    pub fn total(
        before_await: u64,
        after_await: u64,
        clones_later: u64,
        reads_input: u64,
        waits: u64,
    ) -> u64 {
        before_await + after_await + clones_later + reads_input + waits
    }
}

async fn panics_are_errors() {
    let driver = AsyncDriver::builder().with_dataflow(panicking::dataflow()).build().unwrap();
    let input = |place: &'static str| {
        Input::future(async move {
            tokio::task::yield_now().await;
            assert_ne!(place, "input", "boom");
            100_u64
        })
    };
    for place in ["in_sync", "before_await", "after_await", "clones", "input"] {
        let failed =
            driver.execute::<panicking::total>(inputs! { place, input: input(place) }).await.unwrap_err();
        let message = failed.to_string();
        if place == "input" {
            assert_eq!(message, "the future of input `input` failed");
            let source = std::error::Error::source(&failed).map(ToString::to_string).unwrap_or_default();
            assert!(source.starts_with("it panicked: ") && source.contains("boom"), "{source}");
        } else {
            assert!(message.starts_with(&format!("node `{place}` panicked: ")), "{message}");
            assert!(message.contains("boom"), "{message}");
            assert_eq!(failed.node().map(Name::as_str), Some(place));
        }
        let inputs = inputs! { place: "nowhere", input: input("nowhere") };
        assert_eq!(driver.execute::<panicking::total>(inputs).await.unwrap(), 2 + 3 + 1 + 100 + 10);
    }
}

#[tokio::test]
async fn panic_names_the_node_and_driver_stays_usable() {
    panics_are_errors().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn panic_on_another_thread_names_the_node() {
    tokio::spawn(panics_are_errors()).await.unwrap();
}

#[test]
fn panic_under_a_sync_driver_names_the_node() {
    let driver = Driver::builder().with_dataflow(panicking::dataflow()).build().unwrap();
    let failed = driver.execute::<panicking::in_sync>(inputs! { place: "in_sync" }).unwrap_err();
    assert!(failed.to_string().starts_with("node `in_sync` panicked: "), "{failed}");
    assert_eq!(driver.execute::<panicking::in_sync>(inputs! { place: "nowhere" }).unwrap(), 1);
}

#[test]
fn future_of_an_execution_is_send() {
    fn sent<T: Send>(_: &T) {}
    let driver = AsyncDriver::builder().with_dataflow(beside::dataflow()).build().unwrap();
    let prepared = driver.prepare::<(beside::left, beside::both)>().unwrap();
    sent(&driver.execute::<beside::both>(inputs! {}));
    sent(&driver.execute_named(["both"], inputs! {}));
    sent(&driver.execute_with(&JsonObject, ["both"], inputs! {}));
    sent(&prepared.execute(inputs! {}));
}

/// The access of a chain's nodes to their predecessor.
#[derive(Clone, Copy, Debug)]
enum Chain {
    Borrows,
    Takes,
    BorrowsLater,
    TakesLater,
}

const LENGTH: usize = 1_000;

/// Returns a chain whose middle node runs `middle`, which can yield, fail or never end.
fn chain(kind: Chain, census: &Arc<Census>, middle: fn() -> Result<(), NodeError>) -> Dataflow {
    let first = Arc::clone(census);
    let first = Node::sync(Outline::new("n0"), move |_| Ok(first.born()));
    (1..=LENGTH).fold(Dataflow::new("chain").with_node(first), |dataflow, at| {
        let (name, read) = (Outline::new(format!("n{at}")), format!("n{}", at - 1));
        let borrowing = name.clone().with_param(Param::borrowed::<Counted>(read.clone()));
        let taking = name.with_param(Param::taken::<Counted>(read));
        let reached = move || if at == LENGTH / 2 { middle() } else { Ok(()) };
        dataflow.with_node(match kind {
            Chain::Borrows => Node::sync(borrowing, move |args| {
                reached()?;
                Ok(args.borrow::<Counted>(0).0.born())
            }),
            Chain::Takes => Node::sync(taking, move |args| {
                let taken: Counted = args.take_with(0, None);
                reached()?;
                Ok(taken.0.born())
            }),
            Chain::BorrowsLater => Node::future(borrowing, move |args| {
                let lent = args.lease::<Counted>(0);
                async move {
                    sleep(Duration::from_millis(1)).await;
                    reached()?;
                    Ok(lent.0.born())
                }
            }),
            Chain::TakesLater => Node::future(taking, move |args| {
                let taken: Counted = args.take_with(0, None);
                async move {
                    sleep(Duration::from_millis(1)).await;
                    reached()?;
                    Ok(taken.0.born())
                }
            }),
        })
    })
}

fn end() -> [String; 1] {
    [format!("n{LENGTH}")]
}

#[tokio::test(start_paused = true)]
async fn value_is_dropped_at_its_last_use() {
    let census = Arc::<Census>::default();
    for kind in [Chain::Borrows, Chain::Takes, Chain::BorrowsLater, Chain::TakesLater] {
        let dataflow = chain(kind, &census, || Ok(()));
        let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
        for _ in 0..2 {
            let output = driver.execute_named(end(), inputs! {}).await.unwrap();
            assert_eq!(census.alive(), 1, "{kind:?}");
            drop(output);
            assert_eq!(census.alive(), 0, "{kind:?}");
            let most = census.most();
            assert!((1..=3).contains(&most), "{kind:?}: {most} were alive");
        }
    }
    for kind in [Chain::Borrows, Chain::Takes] {
        let driver = Driver::builder().with_dataflow(chain(kind, &census, || Ok(()))).build().unwrap();
        for _ in 0..2 {
            drop(driver.execute_named(end(), inputs! {}).unwrap());
            assert_eq!(census.alive(), 0, "{kind:?}");
            assert!(census.most() <= 3, "{kind:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_value_lives_after_a_cancellation() {
    let census = Arc::<Census>::default();
    for kind in [Chain::BorrowsLater, Chain::TakesLater] {
        let driver = AsyncDriver::builder().with_dataflow(chain(kind, &census, || Ok(()))).build().unwrap();
        for after in [0, 1, 10, 100] {
            let execution = driver.execute_named(end(), inputs! {});
            assert!(timeout(Duration::from_millis(after), execution).await.is_err());
            assert!(census.most() > 0, "{kind:?} after {after}");
            assert_eq!(census.alive(), 0, "{kind:?} after {after}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_value_lives_after_a_failure_or_panic() {
    let census = Arc::<Census>::default();
    let middles: [fn() -> Result<(), NodeError>; 2] =
        [|| Err(NodeError::failed("no luck")), || panic!("no sense")];
    for middle in middles {
        for kind in [Chain::Borrows, Chain::Takes, Chain::BorrowsLater, Chain::TakesLater] {
            let driver = AsyncDriver::builder().with_dataflow(chain(kind, &census, middle)).build().unwrap();
            for _ in 0..2 {
                let failed = driver.execute_named(end(), inputs! {}).await.unwrap_err();
                assert_eq!(failed.node().map(Name::as_str), Some(format!("n{}", LENGTH / 2).as_str()));
                assert_eq!(census.alive(), 0, "{kind:?}");
            }
        }
        for kind in [Chain::Borrows, Chain::Takes] {
            let driver = Driver::builder().with_dataflow(chain(kind, &census, middle)).build().unwrap();
            driver.execute_named(end(), inputs! {}).unwrap_err();
            assert_eq!(census.alive(), 0, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn long_chain_of_short_nodes_yields_to_other_tasks() {
    const LONG: usize = 20_000;
    type Kind = (&'static str, fn(usize) -> Node);
    const KINDS: [Kind; 3] = [
        ("sync", |at| Node::sync(outline(at), |_| Ok(1_u64))),
        ("async", |at| Node::future(outline(at), |_| async { Ok(1_u64) })),
        ("async, and yields", |at| {
            Node::future(outline(at), |_| async {
                tokio::task::yield_now().await;
                Ok(1_u64)
            })
        }),
    ];
    fn outline(at: usize) -> Outline {
        let read = at.checked_sub(1).map(|before| Param::borrowed::<u64>(format!("n{before}")));
        read.into_iter().fold(Outline::new(format!("n{at}")), Outline::with_param)
    }
    for (kind, node) in KINDS {
        let dataflow = (0..LONG).map(node).fold(Dataflow::new("row"), Dataflow::with_node);
        let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
        let execution = tokio::spawn(async move {
            driver.execute_named([format!("n{}", LONG - 1)], inputs! {}).await.unwrap();
        });
        tokio::task::yield_now().await;
        assert!(!execution.is_finished(), "it did not give way: {kind}");
        execution.await.unwrap();
    }
}
