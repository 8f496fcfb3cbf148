//! The concurrent branches of a compiled dataflow.
//!
//! One task polls all branches, in order. Branches of a series-parallel part never wait for each other. Chains do: a chain
//! waits at a closed gate until other chains have filled the slots that it reads.
//!
//! A poll of all chains first polls the chains that wait for their own futures. If one of them fills a slot, it polls the chains
//! at closed gates, and repeats that as long as slots are filled. So a chain continues in the same poll in which its values are
//! ready, and no future is polled twice without a reason.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

/// Polls a branch and keeps its output. Returns whether it has ended.
///
/// # Errors
/// The error of the branch.
#[inline]
pub fn poll_branch<F, T, E>(
    branch: Pin<&mut F>,
    output: &mut Option<T>,
    context: &mut Context<'_>,
) -> Result<bool, E>
where
    F: Future<Output = Result<T, E>>,
{
    if output.is_none() {
        match branch.poll(context) {
            Poll::Ready(Ok(ended)) => *output = Some(ended),
            Poll::Ready(Err(error)) => return Err(error),
            Poll::Pending => return Ok(false),
        }
    }
    Ok(true)
}

/// Polls a chain if it belongs to `pass`: chains at closed gates to [`Pass::SlotsFilled`], others to [`Pass::Woken`]. Returns
/// whether it has ended.
///
/// # Errors
/// The error of the chain.
#[inline]
pub fn poll_chain<F, T, E>(
    chain: Pin<&mut F>,
    output: &mut Option<T>,
    gate: &Gate,
    pass: Pass,
    context: &mut Context<'_>,
) -> Result<bool, E>
where
    F: Future<Output = Result<T, E>>,
{
    if gate.is_closed() == (pass == Pass::SlotsFilled) || output.is_some() {
        poll_branch(chain, output, context)
    } else {
        Ok(false)
    }
}

/// The reason of a pass over all chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// The task was woken: chains that wait for their futures are polled.
    Woken,
    /// The pass before has filled slots: chains at closed gates are polled.
    SlotsFilled,
}

/// Awaits all branches. `poll_all` polls each and returns whether all have ended.
#[inline]
pub fn join_branches<E>(
    mut poll_all: impl FnMut(&mut Context<'_>) -> Result<bool, E>,
) -> impl Future<Output = Result<(), E>> {
    poll_fn(move |context| match poll_all(context) {
        Ok(true) => Poll::Ready(Ok(())),
        Ok(false) => Poll::Pending,
        Err(error) => Poll::Ready(Err(error)),
    })
}

/// Awaits all chains. `poll_all` polls the chains of a pass and returns whether all have ended.
#[inline]
pub fn join_chains<E>(
    filled: &FilledSlots,
    mut poll_all: impl FnMut(&mut Context<'_>, Pass) -> Result<bool, E>,
) -> impl Future<Output = Result<(), E>> {
    poll_fn(move |context| {
        let mut pass = Pass::Woken;
        loop {
            let before = filled.count();
            match poll_all(context, pass) {
                Ok(true) => return Poll::Ready(Ok(())),
                Ok(false) if filled.count() == before => return Poll::Pending,
                Ok(false) => pass = Pass::SlotsFilled,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    })
}

/// Returns the output of a branch that has ended.
///
/// # Panics
/// Panics if the branch has not ended.
#[inline]
pub fn take_output<T>(output: Option<T>) -> T {
    output.expect("every branch has ended")
}

/// The point of a chain at which it waits for slots.
///
/// All chains are polled by one task, one after the other. The atomics only make their futures `Send`, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub struct Gate {
    is_closed: AtomicBool,
}

impl Gate {
    /// Returns an open gate.
    #[must_use]
    pub const fn new() -> Self {
        Self { is_closed: AtomicBool::new(false) }
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Waits until `is_open` returns true.
    #[inline]
    pub fn pass(&self, is_open: impl Fn() -> bool) -> impl Future<Output = ()> {
        poll_fn(move |_| {
            let is_open = is_open();
            self.is_closed.store(!is_open, Ordering::Relaxed);
            if is_open { Poll::Ready(()) } else { Poll::Pending }
        })
    }
}

/// The number of slots that the chains have filled.
#[derive(Debug, Default)]
pub struct FilledSlots(AtomicUsize);

impl FilledSlots {
    /// Returns zero.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts a slot. No other thread counts at the same time, so this is no atomic addition.
    pub(super) fn add_one(&self) {
        self.0.store(self.count() + 1, Ordering::Relaxed);
    }
}
