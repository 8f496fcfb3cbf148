//! Type errors of a decorator are reported at its argument.

use icosian::prelude::*;

#[derive(Clone)]
pub struct Moments {
    pub mean: f64,
    pub variance: f64,
}

struct NoValidator;

fn plain() -> u64 {
    1
}

#[dataflow]
pub mod pipeline {
    use super::*;

    #[extract_fields(mean: f64, varience: f64)]
    pub fn moments() -> Moments {
        Moments { mean: 1.0, variance: 0.5 }
    }

    #[extract_outputs(whole: String)]
    pub fn parts() -> (f64, f64) {
        (1.0, 2.0)
    }

    #[parameterize(eu(rate = value("1.5".len())))]
    pub fn report(rate: f64) -> f64 {
        rate
    }

    #[fallback(value = "none")]
    pub fn rate() -> std::io::Result<f64> {
        Ok(1.5)
    }

    #[check_output_custom(NoValidator)]
    pub fn checked() -> f64 {
        1.5
    }

    #[pipe_output(step(plain))]
    pub fn piped() -> u64 {
        1
    }

    #[config_when(env = "prod")]
    pub fn unit__prod() -> String {
        "€".to_owned()
    }

    #[config_when_not(env = "prod")]
    pub fn unit__dev() -> u64 {
        1
    }

    #[decorate(NoValidator)]
    pub fn decorated() -> u64 {
        1
    }

    #[exclude]
    pub fn excluded() -> u64 {
        1
    }

    // Edges to what decorators make are checked.
    pub fn label(mean: &str, eu: String, unit: &String) -> String {
        format!("{mean}{eu}{unit}")
    }
}

fn main() {
    let driver = Driver::builder().with_dataflow(pipeline::dataflow()).build().unwrap();
    let _ = driver.execute::<pipeline::excluded>(inputs! {});
}
