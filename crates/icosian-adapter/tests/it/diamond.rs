use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use icosian_adapter::Program;
use icosian_core::{Node, NodeError, Outline, Param};

/// A value that counts its live instances.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) number: u64,
    alive: Arc<AtomicUsize>,
}

impl Counted {
    pub(crate) fn new(number: u64, alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self { number, alive: Arc::clone(alive) }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The form of a node's function.
#[derive(Clone, Copy)]
pub(crate) enum Works {
    Sync,
    /// Yields once.
    Async,
    Fails,
    Panics,
}

/// Returns a node that adds 1 to the sum of its inputs.
pub(crate) fn node(
    name: &'static str,
    reads: &[&'static str],
    works: Works,
    alive: &Arc<AtomicUsize>,
) -> Node {
    let outline = Outline::new(name);
    let outline =
        reads.iter().fold(outline, |outline, read| outline.with_param(Param::borrowed::<Counted>(*read)));
    let (count, alive) = (reads.len(), Arc::clone(alive));
    match works {
        Works::Async => Node::future(outline, move |args| {
            let reads: Vec<_> = (0..count).map(|read| args.lease::<Counted>(read)).collect();
            let alive = Arc::clone(&alive);
            async move {
                yield_once().await;
                Ok(Counted::new(1 + reads.iter().map(|read| read.number).sum::<u64>(), &alive))
            }
        }),
        Works::Sync => Node::sync(outline, move |args| {
            let sum: u64 = (0..count).map(|read| args.borrow::<Counted>(read).number).sum();
            Ok(Counted::new(1 + sum, &alive))
        }),
        Works::Fails => Node::sync(outline, |_| Err::<Counted, _>(NodeError::failed("no luck"))),
        Works::Panics => Node::sync(outline, |_| -> Result<Counted, _> { panic!("no sense") }),
    }
}

pub(crate) async fn yield_once() {
    let mut given = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut given, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

/// Returns `seed → top → (left, right) → bottom`; with a seed of 3, `bottom` is 11.
pub(crate) fn diamond(works: [Works; 4], alive: &Arc<AtomicUsize>) -> Program {
    let [top, left, right, bottom] = works;
    let nodes = [
        node("bottom", &["left", "right"], bottom, alive),
        node("left", &["top"], left, alive),
        node("right", &["top"], right, alive),
        node("top", &["seed"], top, alive),
    ];
    Program::new(nodes, ["bottom"]).expect("the diamond is right")
}

/// The output of `bottom` for `SEED`.
pub(crate) const BOTTOM: u64 = 11;

/// The input for which `bottom` returns `BOTTOM`.
pub(crate) const SEED: u64 = 3;

pub(crate) fn alive() -> Arc<AtomicUsize> {
    Arc::new(AtomicUsize::new(0))
}

pub(crate) fn count(alive: &AtomicUsize) -> usize {
    alive.load(Ordering::Relaxed)
}
