use std::any::Any;
use std::task::{Context, Poll, Waker};

use icosian::__private::{Args, Handle, NodeError, NodeFn, Port};
use icosian::decorators::{Arena, Cell};
use icosian::expand::Items;

/// Calls the body of node `N` with `values` as parameters and returns the output. `None` is a missing parameter. Each
/// value has another reader, so an owned parameter clones it.
pub(crate) fn shared<N: Handle + NodeFn>(values: Vec<Cell>) -> Result<N::Output, NodeError> {
    run::<N>(values, 2)
}

/// Calls the body like [`shared`], but each value is at its last use.
pub(crate) fn last<N: Handle + NodeFn>(values: Vec<Cell>) -> Result<N::Output, NodeError> {
    run::<N>(values, 1)
}

/// Calls the body of the expanding node `N` like [`last`], and returns its items.
pub(crate) fn items<N: NodeFn>(values: Vec<Cell>) -> Result<Items, NodeError> {
    run_for::<N, Items>(values, 1)
}

fn run<N: Handle + NodeFn>(values: Vec<Cell>, reads_left: u32) -> Result<N::Output, NodeError> {
    run_for::<N, N::Output>(values, reads_left)
}

fn run_for<N: NodeFn, T: Any + Send + Sync>(values: Vec<Cell>, reads_left: u32) -> Result<T, NodeError> {
    let node = N::node();
    let ports: Vec<_> = (0_u32..).zip(&values).map(|(cell, _)| Port::new(cell, Port::ANY)).collect();
    assert_eq!(ports.len(), node.outline().params().len());
    let output = values.len();
    let mut arena = Arena::with_slots(output + 1);
    for (at, value) in values.into_iter().enumerate() {
        arena.set(at, value);
    }
    let reads = vec![reads_left; arena.len()];
    let mut task = None;
    let mut args = Args::new(&mut arena, &ports, &reads, u32::try_from(output).expect("few cells"));
    node.body().call(&mut args, &mut task)?;
    if let Some(mut task) = task {
        match task.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome?,
            Poll::Pending => panic!("these nodes wait for nothing"),
        }
        task.deliver(arena.slot(output));
    }
    Ok(arena.take::<T>(output).expect("the node gave it"))
}

pub(crate) fn given<T: Any + Send + Sync>(value: T) -> Cell {
    Cell::new(value)
}

pub(crate) fn absent() -> Cell {
    Cell::default()
}

/// Runs `future` on a new tokio runtime.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime").block_on(future)
}
