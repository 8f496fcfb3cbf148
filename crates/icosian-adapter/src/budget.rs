use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

/// Shares the budget of one task fairly among futures with separate wakers.
///
/// Some runtimes give each poll of a task a budget, which all futures within the task share. Two futures that use it up
/// could alternate forever, and a third future behind them would never find any budget. Each future gets a
/// [`BudgetTurn`], which prevents that.
///
/// # Examples
/// ```
/// use icosian_adapter::Budget;
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
///
/// let budget = Budget::new(|| true); // under tokio: `tokio::task::coop::has_budget_remaining`
/// let mut turn = budget.turn();
/// let future = pin!(async { 7 });
/// assert_eq!(turn.poll(future, &mut Context::from_waker(Waker::noop())), Poll::Ready(7));
/// ```
#[derive(Clone)]
pub struct Budget {
    has_budget: fn() -> bool,
    /// The number of futures that were woken, found no budget, and have not been polled since.
    ///
    /// `Relaxed` is enough for all accesses: they occur in polls and drops of one task, which its executor orders. The
    /// number guards no other memory. It is atomic so that the task can move between threads.
    starved: Arc<AtomicUsize>,
}

/// The share of one future in a [`Budget`].
///
/// A woken future that finds no budget is *starved*. Until it is polled, futures that have used up a budget before are not
/// polled again. They stay woken and go behind the starved ones.
pub struct BudgetTurn {
    budget: Budget,
    is_starved: bool,
    /// Set when the last poll of the future used up the budget.
    has_exhausted: bool,
}

impl Budget {
    /// Returns a budget whose remainder `has_budget` reports.
    #[must_use]
    pub fn new(has_budget: fn() -> bool) -> Self {
        Self { has_budget, starved: Arc::default() }
    }

    /// Returns the share of a further future.
    #[must_use]
    pub fn turn(&self) -> BudgetTurn {
        BudgetTurn { budget: self.clone(), is_starved: false, has_exhausted: false }
    }
}

impl BudgetTurn {
    /// Polls the future if its turn has come; otherwise wakes it and returns `Pending`.
    pub fn poll<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        context: &mut Context<'_>,
    ) -> Poll<F::Output> {
        let Budget { has_budget, starved } = &self.budget;
        let is_empty = !has_budget();
        if is_empty && !self.is_starved {
            self.is_starved = true;
            starved.fetch_add(1, Ordering::Relaxed);
        }
        let others_starve = self.has_exhausted && !self.is_starved && starved.load(Ordering::Relaxed) > 0;
        if is_empty || others_starve {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.feed();
        let polled = future.poll(context);
        self.has_exhausted = polled.is_pending() && !(self.budget.has_budget)();
        polled
    }

    fn feed(&mut self) {
        if std::mem::take(&mut self.is_starved) {
            self.budget.starved.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for BudgetTurn {
    fn drop(&mut self) {
        self.feed();
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Budget({} starved)", self.starved.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for BudgetTurn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BudgetTurn({:?})", self.budget)
    }
}
