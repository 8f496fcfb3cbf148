//! Compiled outputs beside the same nodes called by hand.
//!
//! The hand-written code calls the functions of the dataflow as a person would: one after the other, or with `join!`. Where the graph
//! is not series-parallel, it joins the nodes of each level, and waits for the slowest of them. A compiled output waits for no node
//! that it does not need.

#![allow(missing_docs, clippy::too_many_arguments, reason = "the nodes of the graphs")]

use std::hint::black_box;

use icosian::prelude::*;
use tokio::join;

use super::{Contender, Measurement, Runner};

/// Ten sync nodes in a chain.
#[dataflow(outputs(n9), compile)]
pub mod sync_chain {
    #[inline(never)]
    pub fn n0(seed: &u64) -> u64 {
        *seed
    }

    #[inline(never)]
    pub fn n1(n0: &u64) -> u64 {
        1 + n0
    }

    #[inline(never)]
    pub fn n2(n1: &u64) -> u64 {
        2 + n1
    }

    #[inline(never)]
    pub fn n3(n2: &u64) -> u64 {
        3 + n2
    }

    #[inline(never)]
    pub fn n4(n3: &u64) -> u64 {
        4 + n3
    }

    #[inline(never)]
    pub fn n5(n4: &u64) -> u64 {
        5 + n4
    }

    #[inline(never)]
    pub fn n6(n5: &u64) -> u64 {
        6 + n5
    }

    #[inline(never)]
    pub fn n7(n6: &u64) -> u64 {
        7 + n6
    }

    #[inline(never)]
    pub fn n8(n7: &u64) -> u64 {
        8 + n7
    }

    #[inline(never)]
    pub fn n9(n8: &u64) -> u64 {
        9 + n8
    }
}

/// A sync node, eight nodes that read it, and a node that reads these.
#[dataflow(outputs(n9), compile)]
pub mod sync_fan {
    #[inline(never)]
    pub fn n0(seed: &u64) -> u64 {
        *seed
    }

    #[inline(never)]
    pub fn n1(n0: &u64) -> u64 {
        1 + n0
    }

    #[inline(never)]
    pub fn n2(n0: &u64) -> u64 {
        2 + n0
    }

    #[inline(never)]
    pub fn n3(n0: &u64) -> u64 {
        3 + n0
    }

    #[inline(never)]
    pub fn n4(n0: &u64) -> u64 {
        4 + n0
    }

    #[inline(never)]
    pub fn n5(n0: &u64) -> u64 {
        5 + n0
    }

    #[inline(never)]
    pub fn n6(n0: &u64) -> u64 {
        6 + n0
    }

    #[inline(never)]
    pub fn n7(n0: &u64) -> u64 {
        7 + n0
    }

    #[inline(never)]
    pub fn n8(n0: &u64) -> u64 {
        8 + n0
    }

    #[inline(never)]
    pub fn n9(n1: &u64, n2: &u64, n3: &u64, n4: &u64, n5: &u64, n6: &u64, n7: &u64, n8: &u64) -> u64 {
        9 + n1 + n2 + n3 + n4 + n5 + n6 + n7 + n8
    }
}

/// Ten async nodes: three branches of two and three nodes between the first and the last node.
#[dataflow(outputs(n9), compile)]
pub mod series_parallel {
    pub async fn n0(seed: &u64) -> u64 {
        tokio::task::yield_now().await;
        *seed
    }

    pub async fn n1(n0: &u64) -> u64 {
        tokio::task::yield_now().await;
        1 + n0
    }

    pub async fn n2(n0: &u64) -> u64 {
        tokio::task::yield_now().await;
        2 + n0
    }

    pub async fn n3(n1: &u64) -> u64 {
        tokio::task::yield_now().await;
        3 + n1
    }

    pub async fn n4(n2: &u64) -> u64 {
        tokio::task::yield_now().await;
        4 + n2
    }

    pub async fn n5(n3: &u64) -> u64 {
        tokio::task::yield_now().await;
        5 + n3
    }

    pub async fn n6(n4: &u64) -> u64 {
        tokio::task::yield_now().await;
        6 + n4
    }

    pub async fn n7(n0: &u64) -> u64 {
        tokio::task::yield_now().await;
        7 + n0
    }

    pub async fn n8(n7: &u64) -> u64 {
        tokio::task::yield_now().await;
        8 + n7
    }

    pub async fn n9(n5: &u64, n6: &u64, n8: &u64) -> u64 {
        tokio::task::yield_now().await;
        9 + n5 + n6 + n8
    }
}

/// Ten async nodes with the dependencies of [`ten`](crate::graphs::ten), which is not series-parallel.
#[dataflow(outputs(n9), compile)]
pub mod ten {
    pub async fn n0(seed: &u64) -> u64 {
        tokio::task::yield_now().await;
        *seed
    }

    pub async fn n1(seed: &u64) -> u64 {
        tokio::task::yield_now().await;
        seed + 1
    }

    pub async fn n2(n0: &u64) -> u64 {
        tokio::task::yield_now().await;
        2 + n0
    }

    pub async fn n3(n0: &u64, n1: &u64) -> u64 {
        tokio::task::yield_now().await;
        3 + n0 + n1
    }

    pub async fn n4(n2: &u64) -> u64 {
        tokio::task::yield_now().await;
        4 + n2
    }

    pub async fn n5(n2: &u64, n3: &u64) -> u64 {
        tokio::task::yield_now().await;
        5 + n2 + n3
    }

    pub async fn n6(n4: &u64, n5: &u64) -> u64 {
        tokio::task::yield_now().await;
        6 + n4 + n5
    }

    pub async fn n7(n5: &u64) -> u64 {
        tokio::task::yield_now().await;
        7 + n5
    }

    pub async fn n8(n6: &u64, n7: &u64) -> u64 {
        tokio::task::yield_now().await;
        8 + n6 + n7
    }

    pub async fn n9(n8: &u64) -> u64 {
        tokio::task::yield_now().await;
        9 + n8
    }
}

/// The input of all runs.
pub const SEED: u64 = 3;

/// Returns a hand-written and a compiled runner of [`sync_chain`], the hand-written one first.
#[must_use]
pub fn chain_runners() -> Vec<(&'static str, Runner)> {
    use sync_chain::{N9Inputs, n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, run};
    vec![
        (super::FLOOR, sync_runner(|seed| n9(&n8(&n7(&n6(&n5(&n4(&n3(&n2(&n1(&n0(&seed)))))))))))),
        (COMPILED, sync_runner(|seed| expect(run::n9(N9Inputs { seed })))),
    ]
}

/// Returns a hand-written and a compiled runner of [`sync_fan`], the hand-written one first.
#[must_use]
pub fn fan_runners() -> Vec<(&'static str, Runner)> {
    use sync_fan::{N9Inputs, n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, run};
    let by_hand = |seed| {
        let v0 = n0(&seed);
        n9(&n1(&v0), &n2(&v0), &n3(&v0), &n4(&v0), &n5(&v0), &n6(&v0), &n7(&v0), &n8(&v0))
    };
    vec![
        (super::FLOOR, sync_runner(by_hand)),
        (COMPILED, sync_runner(|seed| expect(run::n9(N9Inputs { seed })))),
    ]
}

/// The name of the compiled contender.
pub const COMPILED: &str = "compiled";

/// Returns the output of a run in which no node fails.
fn expect(outcome: Result<u64, ExecuteError>) -> u64 {
    outcome.expect("no node fails")
}

fn sync_runner(run: impl Fn(u64) -> u64 + 'static) -> Runner {
    Box::new(move |times| {
        Measurement::time(|| (0..times).fold(0, |sum, _| sum.wrapping_add(black_box(run(black_box(SEED))))))
    })
}

/// The nodes of [`series_parallel`] by hand.
#[derive(Debug, Clone, Copy)]
pub struct SeriesParallelByHand;

impl Contender for SeriesParallelByHand {
    async fn run(&self) -> u64 {
        use series_parallel::{n0, n1, n2, n3, n4, n5, n6, n7, n8, n9};
        let v0 = n0(&black_box(SEED)).await;
        let (v5, v6, v8) = join!(
            async { n5(&n3(&n1(&v0).await).await).await },
            async { n6(&n4(&n2(&v0).await).await).await },
            async { n8(&n7(&v0).await).await },
        );
        n9(&v5, &v6, &v8).await
    }
}

/// [`series_parallel`], compiled.
#[derive(Debug, Clone, Copy)]
pub struct SeriesParallel;

impl Contender for SeriesParallel {
    async fn run(&self) -> u64 {
        let inputs = series_parallel::N9Inputs { seed: black_box(SEED) };
        expect(series_parallel::run::n9(inputs).await)
    }
}

/// The nodes of [`ten`] by hand, with a `join!` for each level.
#[derive(Debug, Clone, Copy)]
pub struct TenByHand;

impl Contender for TenByHand {
    async fn run(&self) -> u64 {
        use ten::{n0, n1, n2, n3, n4, n5, n6, n7, n8, n9};
        let seed = black_box(SEED);
        let (v0, v1) = join!(n0(&seed), n1(&seed));
        let (v2, v3) = join!(n2(&v0), n3(&v0, &v1));
        let (v4, v5) = join!(n4(&v2), n5(&v2, &v3));
        let (v6, v7) = join!(n6(&v4, &v5), n7(&v5));
        n9(&n8(&v6, &v7).await).await
    }
}

/// [`ten`], compiled.
#[derive(Debug, Clone, Copy)]
pub struct Ten;

impl Contender for Ten {
    async fn run(&self) -> u64 {
        expect(ten::run::n9(ten::N9Inputs { seed: black_box(SEED) }).await)
    }
}

/// A dataflow under a driver.
#[derive(Debug, Clone)]
pub struct Driven(AsyncDriver);

impl Driven {
    /// Returns the contender for one of the dataflows with async nodes.
    ///
    /// # Panics
    /// Panics if no driver can be built.
    #[must_use]
    pub fn new(dataflow: Dataflow) -> Self {
        Self(AsyncDriver::builder().with_dataflow(dataflow).build().expect("the dataflow is valid"))
    }
}

impl Contender for Driven {
    async fn run(&self) -> u64 {
        let outputs = self.0.execute_named(["n9"], inputs! { seed: black_box(SEED) }).await;
        let mut outputs = outputs.expect("no node fails");
        outputs.take("n9").expect("the output is a number")
    }
}
