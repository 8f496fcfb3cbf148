//! Expansions whose sources and nodes use the thread pool that runs their items.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use icosian_core::expand::Items;
use icosian_core::{Handle, Node, Outline, Param};
use icosian_driver::{Driver, inputs};
use icosian_rayon::RayonAdapter;

use crate::expand_faults::{expansion, flow, numbers, same, total};

#[allow(non_camel_case_types, dead_code, reason = "a handle has the name of its function")]
struct all {}

impl Handle for all {
    const NAME: &'static str = "all";
    type Output = u64;
}

fn with_threads(threads: usize, nodes: impl IntoIterator<Item = Node>) -> Driver {
    let threads = NonZeroUsize::new(threads).expect("there are threads");
    let adapter = RayonAdapter::with_threads(threads).expect("threads start");
    Driver::builder().with_adapter(adapter).with_dataflow(flow(nodes)).build().expect("the dataflow is valid")
}

/// Waits until `flag` is set, or some milliseconds have passed.
fn wait(flag: &AtomicBool, limit: u64) {
    let began = Instant::now();
    while !flag.load(Ordering::Relaxed) && began.elapsed() < Duration::from_millis(limit) {
        std::hint::spin_loop();
    }
}

/// The source waits for a job of the pool, so its thread may take another job of the same block.
///
/// Thread A runs item 0. Thread B pulls item 1 and waits for a job that thread C has taken. B takes the job that runs items for the
/// third thread, which is still in the queue because C was busy. The job must not wait for the source.
#[test]
fn source_that_waits_for_the_pool_does_not_wait_for_itself() {
    for _ in 0..20 {
        let flags: [Arc<AtomicBool>; 2] = Default::default();
        let [has_joined, has_pulled] = flags.clone();
        let source = move || {
            let [has_joined, has_pulled] = [Arc::clone(&has_joined), Arc::clone(&has_pulled)];
            Items::new((0..6_u64).inspect(move |number| {
                if *number == 1 {
                    let is_taken = AtomicBool::new(false);
                    let join = || {
                        has_joined.store(true, Ordering::Relaxed);
                        wait(&is_taken, 20);
                    };
                    let other = || {
                        is_taken.store(true, Ordering::Relaxed);
                        wait(&AtomicBool::new(false), 5);
                    };
                    rayon::join(join, other);
                    has_pulled.store(true, Ordering::Relaxed);
                }
            }))
        };
        let [has_joined, has_pulled] = flags;
        let waits = move |number| {
            if number == 0 {
                wait(&has_pulled, 40);
            }
            Ok(number)
        };
        let busy = Node::sync(Outline::new("busy"), move |_| {
            wait(&has_joined, 40);
            Ok(1_u64)
        });
        let both = ["busy", "total"].map(Param::borrowed::<u64>);
        let both = Node::sync(Outline::new("all").with_params(both.to_vec()), |args| {
            Ok(args.borrow::<u64>(0) + args.borrow::<u64>(1))
        });
        let nodes = [busy, numbers(expansion(), source), same(waits), total(), both];
        assert_eq!(with_threads(3, nodes).execute::<all>(inputs! {}).expect("all items succeed"), 16);
    }
}

#[test]
fn sources_and_items_use_the_pool() {
    for threads in [1, 2, 4] {
        let source = || Items::new((0..2000_u64).map(|number| rayon::join(|| number, || 0).0));
        let joins = |number| Ok(rayon::join(|| number, || 0).0);
        let driver = with_threads(threads, [numbers(expansion(), source), same(joins), total()]);
        assert_eq!(driver.execute::<total>(inputs! {}).expect("all items succeed"), 1_999_000);
    }
}

/// Threads that found the source locked run items again later.
#[test]
fn slow_source_keeps_all_threads_busy() {
    let most = Arc::new(AtomicUsize::new(0));
    let running = Arc::new(AtomicUsize::new(0));
    let waits = {
        let most = Arc::clone(&most);
        move |number| {
            most.fetch_max(running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            // Ends when four items have run at the same time.
            let began = Instant::now();
            while most.load(Ordering::Relaxed) < 4 && began.elapsed() < Duration::from_secs(5) {
                std::thread::yield_now();
            }
            running.fetch_sub(1, Ordering::Relaxed);
            Ok(number)
        }
    };
    let source = || Items::new((0..12_u64).inspect(|_| wait(&AtomicBool::new(false), 2)));
    let driver = with_threads(4, [numbers(expansion(), source), same(waits), total()]);
    assert_eq!(driver.execute::<total>(inputs! {}).expect("all items succeed"), 66);
    assert_eq!(most.load(Ordering::Relaxed), 4);
}
