//! Functions named by decorators must not form a cycle.

use icosian::prelude::*;

#[dataflow]
pub mod pipes {
    #[pipe_output(step(itself))]
    pub fn itself(number: f64) -> f64 {
        number
    }

    #[pipe_output(step(doubled))]
    pub fn tripled(number: f64) -> f64 {
        number * 3.0
    }

    #[pipe_output(step(self::tripled))]
    pub fn doubled(number: f64) -> f64 {
        number * 2.0
    }

    #[pipe_input(step(left))]
    pub fn right(number: f64) -> f64 {
        number
    }

    #[pipe_output(step(right))]
    pub fn left(number: f64) -> f64 {
        number
    }

    // No circle, and still no step.
    #[pipe_output(step(halved))]
    pub fn quartered(number: f64) -> f64 {
        number / 2.0
    }

    #[pipe_output(step(negated))]
    pub fn halved(number: f64) -> f64 {
        number / 2.0
    }

    #[pipe_input(step(tagged))]
    pub fn labelled(number: f64) -> f64 {
        number
    }

    #[tag(owner = "me")]
    pub fn tagged(number: f64) -> f64 {
        number
    }

    // This is correct: a wrapped body keeps its wrappers.
    #[pipe_input(step(tried))]
    pub fn negated(number: f64) -> f64 {
        -number
    }

    #[retry(attempts = 2)]
    #[exclude]
    pub fn tried(number: f64) -> Result<f64, std::fmt::Error> {
        Ok(number)
    }
}

#[dataflow]
pub mod bodies {
    use std::fmt::Error;

    #[fallback(own)]
    pub fn own() -> Result<u64, Error> {
        Ok(1)
    }

    #[fallback(second)]
    pub fn first() -> Result<u64, Error> {
        Ok(1)
    }

    #[fallback(first)]
    pub fn second() -> Result<u64, Error> {
        Ok(1)
    }

    #[does(idle)]
    pub fn idle() -> u64 {
        1
    }

    #[does(pong)]
    pub fn ping() -> u64 {
        1
    }

    #[does(ping)]
    pub fn pong() -> u64 {
        1
    }

    #[mutate(changed)]
    pub fn changed(number: u64) -> u64 {
        number
    }
}

#[node]
#[pipe_output(step(alone))]
pub fn alone(number: f64) -> f64 {
    number
}

fn main() {}
