//! Wrong arguments of decorators are reported together, each at the argument.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    #[parameterize(eu(regon = value("eu"), rate = source(eu_rate)), us(rate = 1.0), eu(rate = value(2.0)))]
    pub fn report(region: &str, rate: f64) -> String {
        format!("{region} {rate}")
    }

    #[inject(rates = list[source(a), sorce(b)], rates = value(1.0), name = map { a = value(1) })]
    pub fn injected(rates: &[f64], name: &str) -> f64 {
        rates.iter().sum::<f64>() + name.len() as f64
    }

    #[retry(attemps = 3, backoff = "100 parsecs")]
    #[timeout("soon")]
    #[limit(max_concurrency = 0)]
    pub fn unlucky() -> u64 {
        1
    }

    #[retry(attempts = 0, jitter)]
    #[fallback(value = 1, with = |_| 2)]
    pub fn never() -> u64 {
        1
    }

    #[unpack_fields(first: u64, second: u64, third: u64)]
    pub fn pair() -> (u64, u64) {
        (1, 2)
    }

    #[extract_fields(left: u64, right: u64)]
    pub fn sides() -> (u64, u64) {
        (1, 2)
    }

    #[check_output(rnge = 0..=3, importance = "fial")]
    pub fn checked() -> u64 {
        1
    }

    #[pipe_input(step(halved, by = value(2.0)), halved, namespce = "x")]
    pub fn piped(number: f64) -> f64 {
        number
    }

    #[pipe_output(step(halved).whn(env = "prod"), step(halvd))]
    pub fn behind(number: f64) -> f64 {
        number
    }

    fn halved(number: f64) -> f64 {
        number / 2.0
    }

    #[mutate(chekced)]
    fn clip(number: u64) -> u64 {
        number
    }

    #[config_when(env = ["prod", "dev"])]
    #[tag(owner = 3, on(nothing))]
    pub fn rates__prod() -> f64 {
        1.0
    }

    #[parameterize_values(low(factor = 0.5))]
    #[inject(factor = value(1.0))]
    pub fn scaled(factor: f64) -> f64 {
        factor
    }

    #[cache(format = "json")]
    pub fn kept() -> u64 {
        1
    }

    #[offload]
    fn helper() -> u64 {
        1
    }

    #[exclude(always)]
    pub fn excluded() -> u64 {
        1
    }

    #[extract_outputs(checked: u64)]
    pub fn collides() -> (u64,) {
        (1,)
    }
}

fn main() {}
