//! Values of the sizes that the guide lists, on threads with the default stack, without optimization.
#![expect(
    clippy::large_stack_arrays,
    clippy::unnecessary_wraps,
    reason = "values of this size, and decorators of `Result`s"
)]

use std::thread;

use icosian::prelude::*;

const KIB: usize = 1024;

/// The stack of a thread, unless its builder sets another one.
const STACK: usize = 2048 * KIB;

/// The first byte of an output is not 0.
#[derive(Debug)]
struct NotZero;

impl<const SIZE: usize> icosian::decorators::Validator<Bytes<SIZE>> for NotZero {
    fn name(&self) -> &'static str {
        "not_zero"
    }

    fn validate(&self, bytes: &Bytes<SIZE>) -> icosian::decorators::Validation {
        icosian::decorators::Validation::of(bytes.0[0] != 0, "the first byte is 0")
    }
}

/// A value of `SIZE` bytes.
#[derive(Clone, Debug)]
pub(crate) struct Bytes<const SIZE: usize>([u8; SIZE]);

impl<const SIZE: usize> Bytes<SIZE> {
    fn new(byte: u8) -> Self {
        Self([byte; SIZE])
    }
}

#[dataflow]
pub(crate) mod sync {
    use super::{Bytes, KIB, NotZero};

    pub(crate) type Large = Bytes<{ 384 * KIB }>;
    pub(crate) type Taken = Bytes<{ 256 * KIB }>;
    pub(crate) type Returned = Bytes<{ 128 * KIB }>;
    pub(crate) type Awaited = Bytes<{ 64 * KIB }>;

    pub fn plain(byte: u8) -> Large {
        Large::new(byte)
    }
    #[retry(attempts = 2)]
    pub fn retried(byte: u8) -> Result<Large, String> {
        Ok(Large::new(byte))
    }
    #[fallback(spare)]
    pub fn replaced(byte: u8) -> Result<Large, String> {
        Err(format!("no {byte}"))
    }
    fn spare(byte: u8) -> Large {
        Large::new(byte)
    }
    #[check_output_custom(NotZero)]
    pub fn checked(byte: u8) -> Large {
        Large::new(byte)
    }
    pub fn end_plain(plain: &Large) -> u8 {
        plain.0[0]
    }
    pub fn smaller(byte: u8) -> Taken {
        Taken::new(byte)
    }
    pub fn end_taken(smaller: Taken) -> u8 {
        smaller.0[0]
    }
    pub fn awaited(byte: u8) -> Awaited {
        Awaited::new(byte)
    }
    pub fn returned(byte: u8) -> Returned {
        Returned::new(byte)
    }
    pub fn end_retried(retried: &Large) -> u8 {
        retried.0[0]
    }
    pub fn end_replaced(replaced: &Large) -> u8 {
        replaced.0[0]
    }
    pub fn end_checked(checked: &Large) -> u8 {
        checked.0[0]
    }
}

#[dataflow]
pub(crate) mod waiting {
    use super::{Bytes, KIB, NotZero};
    use tokio::task::yield_now;

    pub(crate) type Large = Bytes<{ 224 * KIB }>;

    pub async fn plain(byte: u8) -> Large {
        yield_now().await;
        Large::new(byte)
    }
    #[retry(attempts = 2)]
    pub async fn retried(byte: u8) -> Result<Large, String> {
        yield_now().await;
        Ok(Large::new(byte))
    }
    #[fallback(spare)]
    pub async fn replaced(byte: u8) -> Result<Large, String> {
        yield_now().await;
        Err(format!("no {byte}"))
    }
    async fn spare(byte: u8) -> Large {
        yield_now().await;
        Large::new(byte)
    }
    #[check_output_custom(NotZero)]
    pub async fn checked(byte: u8) -> Large {
        yield_now().await;
        Large::new(byte)
    }
    pub fn end_plain(plain: &Large) -> u8 {
        plain.0[0]
    }
    pub fn end_retried(retried: &Large) -> u8 {
        retried.0[0]
    }
    pub fn end_replaced(replaced: &Large) -> u8 {
        replaced.0[0]
    }
    pub fn end_checked(checked: &Large) -> u8 {
        checked.0[0]
    }
}

#[dataflow]
pub(crate) mod locals {
    use super::KIB;
    use tokio::task::yield_now;

    const SIZE: usize = 512 * KIB;

    pub async fn end_plain(byte: u8) -> u8 {
        let bytes = [byte; SIZE];
        yield_now().await;
        bytes[SIZE - 1]
    }
    #[retry(attempts = 2)]
    pub async fn end_retried(byte: u8) -> Result<u8, String> {
        let bytes = [byte; SIZE];
        yield_now().await;
        Ok(bytes[SIZE - 1])
    }
    #[timeout("1m")]
    pub async fn end_timed(byte: u8) -> u8 {
        let bytes = [byte; SIZE];
        yield_now().await;
        bytes[SIZE - 1]
    }
    #[fallback(value = 0_u8)]
    pub async fn end_replaced(byte: u8) -> Result<u8, String> {
        let bytes = [byte; SIZE];
        yield_now().await;
        Ok(bytes[SIZE - 1])
    }
}

/// Calls a function on a thread with the default stack. An overflow would abort the process.
fn on_default_stack(work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
}

/// Executes an output twice, in new and in used memory.
fn execute_async(flow: fn() -> Dataflow, output: &'static str) {
    on_default_stack(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let driver = AsyncDriver::builder().with_dataflow(flow()).build().unwrap();
        for _ in 0..2 {
            let values = runtime.block_on(driver.execute_named([output], inputs! { byte: 1_u8 })).unwrap();
            assert_eq!(values.get::<u8>(output), Some(&1));
        }
    });
}

macro_rules! sync_outputs {
    ($($test:ident: $output:ident)*) => {$(
        #[test]
        fn $test() {
            on_default_stack(|| {
                let driver = Driver::builder().with_dataflow(sync::dataflow()).build().unwrap();
                for _ in 0..2 {
                    let values = driver.execute_named([stringify!($output)], inputs! { byte: 1_u8 }).unwrap();
                    assert_eq!(values.get::<u8>(stringify!($output)), Some(&1));
                }
            });
        }
    )*};
}

sync_outputs! {
    large_output_of_sync_node_fits: end_plain
    large_argument_by_value_fits: end_taken
    large_output_of_retried_sync_node_fits: end_retried
    large_output_of_sync_fallback_fits: end_replaced
    large_output_of_checked_sync_node_fits: end_checked
}

#[test]
fn large_output_returned_by_value_fits() {
    on_default_stack(|| {
        let driver = Driver::builder().with_dataflow(sync::dataflow()).build().unwrap();
        for _ in 0..2 {
            assert_eq!(driver.execute::<sync::returned>(inputs! { byte: 1_u8 }).unwrap().0[0], 1);
        }
    });
}

#[test]
fn large_output_returned_by_value_from_async_driver_fits() {
    on_default_stack(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let driver = AsyncDriver::builder().with_dataflow(sync::dataflow()).build().unwrap();
        for _ in 0..2 {
            let awaited = runtime.block_on(driver.execute::<sync::awaited>(inputs! { byte: 1_u8 }));
            assert_eq!(awaited.unwrap().0[0], 1);
        }
    });
}

macro_rules! async_outputs {
    ($($test:ident: $flow:ident $output:ident)*) => {$(
        #[test]
        fn $test() {
            execute_async($flow::dataflow, stringify!($output));
        }
    )*};
}

async_outputs! {
    large_output_of_async_node_fits: waiting end_plain
    large_output_of_retried_async_node_fits: waiting end_retried
    large_output_of_async_fallback_fits: waiting end_replaced
    large_output_of_checked_async_node_fits: waiting end_checked
    large_local_of_async_node_fits: locals end_plain
    large_local_of_retried_async_node_fits: locals end_retried
    large_local_of_timed_async_node_fits: locals end_timed
    large_local_of_async_node_with_fallback_fits: locals end_replaced
}
