//! Faults in the fragments of a macro are reported at the fragment.

use icosian::prelude::*;

macro_rules! flow {
    ($time:literal, $attempts:literal, $range:expr, $step:path, $factor:literal) => {
        #[dataflow]
        pub mod pipeline {
            #[timeout($time)]
            pub async fn timed() -> u64 {
                1
            }

            #[retry(attempts = $attempts)]
            pub fn tried() -> std::io::Result<u64> {
                Ok(1)
            }

            #[check_output(range = $range)]
            pub fn checked() -> f64 {
                1.0
            }

            #[pipe_output(step($step))]
            pub fn piped() -> u64 {
                1
            }

            #[inject(factor = value($factor))]
            pub fn scaled(factor: f64) -> f64 {
                factor
            }
        }
    };
}

flow!("soon", 0, 2.0..1.0, twice, "two");

fn main() {}
