//! The graph [`ten`](crate::graphs::ten) written by hand, with a `join!` for each level.

use tokio::join;

use super::Contender;
use crate::pause::Pause;

/// The ten nodes as hand-written code.
#[derive(Debug, Clone, Copy)]
pub struct Joined<P>(pub P);

impl<P: Pause> Contender for Joined<P> {
    async fn run(&self) -> u64 {
        let node = async |number: u32, sum: u64| {
            self.0.pause(number as usize).await;
            sum.wrapping_add(u64::from(number))
        };
        let (v0, v1) = join!(node(0, 0), node(1, 0));
        let (v2, v3) = join!(node(2, v0), node(3, v0 + v1));
        let (v4, v5) = join!(node(4, v2), node(5, v2 + v3));
        let (v6, v7) = join!(node(6, v4 + v5), node(7, v5));
        let v8 = node(8, v6 + v7).await;
        node(9, v8).await
    }
}
