use icosian::prelude::*;

use crate::twins::{check_twins, twins};

#[dataflow]
pub(crate) mod statistics {
    #[config_when(robust = true)]
    pub fn mean__median(samples: &[f64]) -> f64 {
        samples[samples.len() / 2]
    }

    #[config_when_not(robust = true)]
    pub async fn mean__plain(samples: &[f64]) -> f64 {
        samples.iter().sum::<f64>() / 3.0
    }
}

#[dataflow]
pub(crate) mod sync_statistics {
    pub fn mean(samples: &[f64]) -> f64 {
        samples.iter().sum::<f64>() / 3.0
    }
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            #[subdag(sync_statistics, namespace = "spend", inputs(samples = source(spend_samples)), external(title))]
            pub $($later)? fn report(mean: f64, title: &str) -> String {
                format!("{title} {mean}")
            }

            #[parameterized_subdag(
                sync_statistics,
                eu(inputs(samples = source(spend_samples))),
                us(inputs(samples = value(vec![3.0, 3.0, 3.0]))),
            )]
            pub $($later)? fn doubled(mean: f64) -> f64 {
                mean * 2.0
            }

            pub $($later)? fn title() -> String {
                "spend".to_owned()
            }
        }
    };
}
twins!(flow!);

#[test]
fn subdag_includes_another_dataflow() {
    let samples = || vec![1.0, 2.0, 6.0];
    check_twins!(report of { spend_samples: samples() } == "spend 3".to_owned());
    check_twins!(eu, us of { spend_samples: samples() } == (6.0, 6.0));
}

#[dataflow]
pub(crate) mod with_config {
    use super::*;

    #[subdag(statistics, config(robust = source(noisy)), inputs(samples = source(spend_samples)))]
    pub fn robust(mean: f64) -> f64 {
        mean
    }

    #[subdag(nodes![sync_statistics::mean], inputs(samples = source(spend_samples)))]
    pub fn plain(mean: f64) -> f64 {
        mean
    }

    #[subdag(statistics, config(robust = true), inputs(samples = source(spend_samples)))]
    pub fn always(mean: f64) -> f64 {
        mean
    }
}

#[tokio::test]
async fn subdag_has_separate_config() {
    let driver = crate::twins::build(with_config::dataflow(), &config! { "noisy": true }).unwrap();
    let nodes = driver.execute::<(with_config::robust, with_config::plain, with_config::always)>(
        inputs! { spend_samples: vec![1.0, 2.0, 6.0] },
    );
    assert_eq!(nodes.await.unwrap(), (2.0, 3.0, 2.0));
}

#[dataflow]
pub(crate) mod with_default {
    use super::*;

    #[subdag(sync_statistics)]
    pub fn rounded(mean: f64, #[default(1)] digits: usize, unit: Option<&str>) -> String {
        format!("{mean:.digits$}{}", unit.unwrap_or_default())
    }
}

#[test]
fn parameter_with_a_default_needs_no_inner_node() {
    let driver = Driver::builder().with_dataflow(with_default::dataflow()).build().unwrap();
    let samples = || vec![1.0, 2.0, 7.0];
    assert_eq!(driver.execute::<with_default::rounded>(inputs! { samples: samples() }).unwrap(), "3.3");
    // The outer dataflow can have one.
    let inputs = inputs! { samples: samples(), digits: 2_usize, unit: "€".to_owned() };
    assert_eq!(driver.execute::<with_default::rounded>(inputs).unwrap(), "3.33€");
}
