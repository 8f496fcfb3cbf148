//! What an async node does besides adding.

use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

/// What the future of each node awaits before it gives its value.
pub trait Pause: Clone + Send + Sync + 'static {
    /// Returns the pause of the node with this number.
    fn pause(&self, node: usize) -> impl Future<Output = ()> + Send + 'static + use<Self>;
}

/// No node waits.
#[derive(Debug, Clone, Copy)]
pub struct Never;

impl Pause for Never {
    #[inline]
    fn pause(&self, _: usize) -> impl Future<Output = ()> + Send + 'static + use<> {
        ready(())
    }
}

/// Every node gives other tasks their turn once.
#[derive(Debug, Clone, Copy)]
pub struct Yield;

impl Pause for Yield {
    #[inline]
    fn pause(&self, _: usize) -> impl Future<Output = ()> + Send + 'static + use<> {
        tokio::task::yield_now()
    }
}

/// Every node sleeps for as many milliseconds as it is given here.
#[derive(Debug, Clone)]
pub struct Sleep(pub Arc<[u64]>);

impl Pause for Sleep {
    fn pause(&self, node: usize) -> impl Future<Output = ()> + Send + 'static + use<> {
        tokio::time::sleep(Duration::from_millis(self.0[node]))
    }
}
