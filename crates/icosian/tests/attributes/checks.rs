use icosian::decorators::{AsyncValidator, Importance, Validation, Validator};
use icosian::prelude::*;

use crate::twins::{build, check_twins, twins};

struct NotEmpty;

impl Validator<Vec<f64>> for NotEmpty {
    fn name(&self) -> &'static str {
        "not_empty"
    }

    fn validate(&self, value: &Vec<f64>) -> Validation {
        Validation::of(!value.is_empty(), "it is empty")
    }
}

struct Known(&'static [f64]);

impl AsyncValidator<Vec<f64>> for Known {
    fn name(&self) -> &'static str {
        "known"
    }

    async fn validate(&self, value: &Vec<f64>) -> Validation {
        tokio::task::yield_now().await;
        Validation::of(value.iter().all(|number| self.0.contains(number)), "nobody knows it")
    }
}

#[derive(Clone)]
pub(crate) struct Moments {
    pub mean: f64,
    pub spread: f64,
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            #[check_output(range = 0.0..=1.0, allow_nans = false, importance = "fail")]
            #[check_output(data_type = f64, max_standard_dev = 2.0, mean_in_range = 0.0..1.0)]
            #[check_output_custom(NotEmpty, importance = Importance::Fail)]
            pub $($later)? fn shares(parts: &[f64]) -> Vec<f64> {
                parts.to_vec()
            }

            #[check_output(values_in = [1, 2, 3], importance = "fail")]
            pub $($later)? fn number(given: u8) -> Result<u8, std::io::Error> {
                Ok(given)
            }

            #[check_output(contains = "total", does_not_contain = "error", importance = "fail")]
            pub $($later)? fn text(given: u8) -> String {
                format!("total: {given}")
            }

            #[check_output(allow_none = false, max_fraction_nans = 0.5, importance = "warn")]
            pub $($later)? fn optional() -> Option<f64> {
                Some(1.0)
            }

            #[check_output(range = 0.0..1.0, on(mean), importance = "fail")]
            #[extract_fields(mean: f64, spread: f64)]
            pub $($later)? fn moments(given: u8) -> Moments {
                Moments { mean: f64::from(given), spread: 7.0 }
            }
        }
    };
}
twins!(flow!);

#[dataflow]
pub(crate) mod asking {
    use super::*;

    #[check_output_custom(async Known(&[0.5, 1.0]), NotEmpty, importance = "fail")]
    pub fn shares(parts: &[f64]) -> Vec<f64> {
        parts.to_vec()
    }
}

#[test]
fn passed_check_returns_the_value() {
    check_twins!(shares of { parts: vec![0.5, 0.25] } == vec![0.5, 0.25]);
    check_twins!(number, text of { given: 2_u8 } == (2, "total: 2".to_owned()));
    check_twins!(optional of {} == Some(1.0));
    check_twins!(mean, spread of { given: 0_u8 } == (0.0, 7.0));
}

#[tokio::test]
async fn failed_check_aborts_run() {
    for dataflow in [sync_flow::dataflow(), async_flow::dataflow()] {
        let driver = build(dataflow, &Config::new()).unwrap();
        let error = driver.execute_named(["shares"], inputs! { parts: vec![2.0, 3.0] }).await.unwrap_err();
        assert!(format!("{error:?}").contains("range_validator"), "{error:?}");
        for node in ["number", "mean"] {
            let error = driver.execute_named([node], inputs! { given: 9_u8 }).await.unwrap_err();
            assert!(format!("{error:?}").contains('9'), "{error:?}");
        }
    }
    let driver = build(asking::dataflow(), &Config::new()).unwrap();
    assert_eq!(driver.execute::<asking::shares>(inputs! { parts: vec![0.5] }).await.unwrap(), [0.5]);
    let error = driver.execute::<asking::shares>(inputs! { parts: vec![0.7] }).await.unwrap_err();
    assert!(format!("{error:?}").contains("nobody knows it"), "{error:?}");
}
