//! Outputs and futures that no thread could share: told by the compiler, at the function's head.

use icosian::dataflow;

type Result<T> = Option<T>;

#[dataflow]
pub mod pipeline {
    use std::rc::Rc;

    use super::Result;

    pub fn shared() -> Rc<u8> {
        Rc::new(1)
    }

    pub async fn holds() -> u8 {
        let held = Rc::new(1);
        std::future::ready(()).await;
        *held
    }

    pub fn not_a_result() -> Result<u8> {
        None
    }

    pub fn unsized_input(callback: &dyn Fn(u8) -> u8) -> u8 {
        callback(1)
    }

    pub fn wrong_default(#[default("two")] factor: u64) -> u64 {
        factor
    }
}

fn main() {}
