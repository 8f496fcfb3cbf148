//! Suspension of async nodes: never, once, or for some time.

use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

/// A future that each async node awaits before it returns its value.
pub trait Pause: Clone + Send + Sync + 'static {
    /// Returns the future of node `node`.
    fn pause(&self, node: usize) -> impl Future<Output = ()> + Send + 'static + use<Self>;
}

/// Nodes do not suspend.
#[derive(Debug, Clone, Copy)]
pub struct Never;

impl Pause for Never {
    #[inline]
    fn pause(&self, _: usize) -> impl Future<Output = ()> + Send + 'static + use<> {
        ready(())
    }
}

/// Every node yields to the runtime once.
#[derive(Debug, Clone, Copy)]
pub struct Yield;

impl Pause for Yield {
    #[inline]
    fn pause(&self, _: usize) -> impl Future<Output = ()> + Send + 'static + use<> {
        tokio::task::yield_now()
    }
}

/// Every node sleeps for its number of milliseconds in the slice.
#[derive(Debug, Clone)]
pub struct Sleep(pub Arc<[u64]>);

impl Pause for Sleep {
    fn pause(&self, node: usize) -> impl Future<Output = ()> + Send + 'static + use<> {
        tokio::time::sleep(Duration::from_millis(self.0[node]))
    }
}
