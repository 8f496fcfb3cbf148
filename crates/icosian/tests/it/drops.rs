//! A panic in the drop of a value names the node or the input of the value.

use std::num::NonZeroUsize;
use std::thread;

use icosian::adapter::TokioAdapter;
use icosian::prelude::*;
use icosian::{ErrorPolicy, RunError};
use icosian_rayon::RayonAdapter;

/// Panics when it is dropped, unless the thread is already panicking.
#[derive(Debug)]
pub(crate) struct Bomb(u64);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(thread::panicking(), "it went off");
    }
}

/// A whole with parts that other nodes read.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) bomb: Bomb,
}

#[dataflow]
pub(crate) mod plain {
    use super::Bomb;

    pub fn bomb() -> Bomb {
        Bomb(1)
    }
    pub fn first(bomb: &Bomb) -> u64 {
        bomb.0
    }
    pub fn last(bomb: &Bomb, first: u64) -> u64 {
        bomb.0 + first
    }
    pub fn reads_input(given: &Bomb) -> u64 {
        given.0
    }
}

#[dataflow]
pub(crate) mod parts {
    use super::{Bomb, Whole};

    #[extract_fields(bomb: Bomb)]
    pub fn whole() -> Whole {
        Whole { bomb: Bomb(1) }
    }
    pub fn reads_part(bomb: &Bomb) -> u64 {
        bomb.0
    }
}

#[dataflow]
pub(crate) mod waiting {
    use super::Bomb;

    pub async fn bomb() -> Bomb {
        tokio::task::yield_now().await;
        Bomb(1)
    }
    pub async fn first(bomb: &Bomb) -> u64 {
        tokio::task::yield_now().await;
        bomb.0
    }
    pub async fn last(bomb: &Bomb, first: u64) -> u64 {
        tokio::task::yield_now().await;
        bomb.0 + first
    }
    pub async fn reads_input(given: &Bomb) -> u64 {
        given.0
    }
    #[offload]
    pub fn offloaded(bomb: &Bomb) -> u64 {
        bomb.0
    }
    #[retry(attempts = 2)]
    pub async fn retried(bomb: &Bomb) -> Result<u64, String> {
        tokio::task::yield_now().await;
        Ok(bomb.0)
    }
    #[fallback(other)]
    pub async fn replaced(bomb: &Bomb) -> Result<u64, String> {
        tokio::task::yield_now().await;
        Ok(bomb.0)
    }
    fn other() -> u64 {
        0
    }
}

/// Checks that an execution fails because of the output of `node` only.
fn assert_blames_node<T: std::fmt::Debug>(executed: Result<T, ExecuteError>, node: &str) {
    let Err(ExecuteError::Failed(failed)) = executed else { panic!("{executed:?}") };
    assert_eq!(failed.iter().len(), 1, "{failed:?}");
    let Some(RunError::OutputDropPanicked { node: owner, message }) = failed.first() else {
        panic!("{failed:?}")
    };
    assert_eq!((owner.as_str(), message.as_str()), (node, "it went off"));
}

fn assert_blames_input<T: std::fmt::Debug>(executed: Result<T, ExecuteError>) {
    let Err(ExecuteError::Failed(failed)) = executed else { panic!("{executed:?}") };
    let Some(RunError::InputDropPanicked { input, .. }) = failed.first() else { panic!("{failed:?}") };
    assert_eq!(*input, "given");
}

fn builders(flow: fn() -> Dataflow) -> [Driver; 3] {
    let threads = RayonAdapter::with_threads(NonZeroUsize::new(2).unwrap()).unwrap();
    [
        Driver::builder().with_dataflow(flow()).build().unwrap(),
        Driver::builder().with_dataflow(flow()).with_error_policy(ErrorPolicy::CollectAll).build().unwrap(),
        Driver::builder().with_dataflow(flow()).with_adapter(threads).build().unwrap(),
    ]
}

#[test]
fn panic_in_drop_of_output_names_its_node() {
    for driver in builders(plain::dataflow) {
        for _ in 0..2 {
            assert_blames_node(driver.execute::<plain::last>(inputs! {}), "bomb");
            assert_blames_node(driver.execute::<(plain::first, plain::last)>(inputs! {}), "bomb");
        }
    }
}

#[test]
fn panic_in_drop_of_input_names_the_input() {
    for driver in builders(plain::dataflow) {
        assert_blames_input(driver.execute::<plain::reads_input>(inputs! { given: Bomb(1) }));
    }
}

#[test]
fn panic_in_drop_of_part_names_the_node_of_the_whole() {
    for driver in builders(parts::dataflow) {
        assert_blames_node(driver.execute::<parts::reads_part>(inputs! {}), "whole");
    }
}

fn async_drivers() -> [AsyncDriver; 3] {
    [
        AsyncDriver::builder().with_dataflow(waiting::dataflow()).build().unwrap(),
        AsyncDriver::builder()
            .with_dataflow(waiting::dataflow())
            .with_error_policy(ErrorPolicy::CollectAll)
            .build()
            .unwrap(),
        AsyncDriver::under(TokioAdapter::default().with_max_concurrent_nodes(2))
            .with_dataflow(waiting::dataflow())
            .build()
            .unwrap(),
    ]
}

#[tokio::test]
async fn panic_in_drop_of_output_names_its_node_under_tokio() {
    for driver in async_drivers() {
        for _ in 0..2 {
            assert_blames_node(driver.execute::<waiting::last>(inputs! {}).await, "bomb");
            assert_blames_node(driver.execute::<waiting::offloaded>(inputs! {}).await, "bomb");
        }
        assert_blames_input(driver.execute::<waiting::reads_input>(inputs! { given: Bomb(1) }).await);
    }
}

#[tokio::test]
async fn panic_in_drop_names_the_node_also_when_a_decorator_held_the_value() {
    for driver in async_drivers() {
        assert_blames_node(driver.execute::<waiting::retried>(inputs! {}).await, "bomb");
        assert_blames_node(driver.execute::<waiting::replaced>(inputs! {}).await, "bomb");
    }
}
