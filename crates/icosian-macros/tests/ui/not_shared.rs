//! The compiler reports outputs and futures that are not `Send` and `Sync`, at the signature.

use icosian::dataflow;

pub struct NoError;

#[dataflow]
pub mod pipeline {
    use std::rc::Rc;

    use super::NoError;

    pub fn shared() -> Rc<u8> {
        Rc::new(1)
    }

    pub async fn holds() -> u8 {
        let held = Rc::new(1);
        std::future::ready(()).await;
        *held
    }

    pub fn fails_with_no_error() -> Result<u8, NoError> {
        Err(NoError)
    }

    pub async fn fails_later_with_no_error() -> Result<u8, NoError> {
        Err(NoError)
    }

    pub fn unsized_input(callback: &dyn Fn(u8) -> u8) -> u8 {
        callback(1)
    }

    pub fn wrong_default(#[default("two")] factor: u64) -> u64 {
        factor
    }
}

fn main() {}
