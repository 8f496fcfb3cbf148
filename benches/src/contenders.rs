//! The contenders: implementations that run a graph, one file each.
//!
//! A contender is prepared once for a graph and then runs any number of times. Sync contenders are a [`Runner`]. Async
//! contenders implement [`Contender`]: each node is a future that awaits a [`Pause`](crate::pause::Pause) and returns the
//! node's value.

use std::fmt;
use std::sync::Arc;

use crate::graphs::Graph;
use crate::pause::Never;

#[cfg(feature = "peers")]
pub mod async_dag;
pub mod busy;
pub mod compiled;
#[cfg(feature = "peers")]
pub mod dagrs;
#[cfg(feature = "peers")]
pub mod dagx;
pub mod expansions;
pub mod floor;
pub mod futures_unordered;
pub mod guest;
pub mod icosian;
pub mod joined;
pub mod levels;
#[cfg(feature = "peers")]
pub mod operese_dagx;
pub mod petgraph_hashmap;
pub mod spawn;
#[cfg(feature = "peers")]
pub mod taski;

pub use crate::contender::{
    Contender, Measurement, Runner, async_runner, concurrent_runner, one_thread, sync_runner, two_workers,
};

/// An entry in the list of contenders.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The name in reports.
    pub name: &'static str,
    /// Set if each node is a future.
    pub is_async: bool,
    /// The largest number of nodes that it runs in reasonable time.
    pub largest: usize,
    /// Prepares a runner for a graph.
    pub prepare: fn(&Arc<Graph>) -> Runner,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The name of the baseline: the contender that all others are compared with.
pub const FLOOR: &str = "floor";

/// The name of the contender that async contenders are compared with.
pub const FUTURES_UNORDERED: &str = "futures_unordered";

/// Returns all contenders, the floor first.
#[must_use]
pub fn all() -> Vec<Entry> {
    let sync = |name, prepare| Entry { name, is_async: false, largest: 1_000_000, prepare };
    let future = |name, prepare| Entry { name, is_async: true, largest: 1_000_000, prepare };
    vec![
        sync(FLOOR, floor::runner),
        sync("icosian", icosian::runner),
        sync("petgraph_hashmap", petgraph_hashmap::runner),
        future("icosian_async", |graph| {
            async_runner(icosian::Async::new(graph, &Never, icosian::Reads::ByValue))
        }),
        future("icosian_async_borrowed", |graph| {
            async_runner(icosian::Async::new(graph, &Never, icosian::Reads::ByReference))
        }),
        future("icosian_mixed", |graph| async_runner(icosian::Async::mixed(graph, &Never))),
        future(FUTURES_UNORDERED, |graph| async_runner(futures_unordered::Boxed::new(graph, Never))),
        future("spawn", |graph| async_runner(spawn::Tasks::new(graph, Never))),
        future("levels", |graph| async_runner(levels::Levels::new(graph, Never))),
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("async_dag", async_dag::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("operese_dagx", operese_dagx::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("taski", taski::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("dagx", dagx::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("dagrs", dagrs::runner) },
    ]
}
