//! Values that are bound to parameters.

use icosian::prelude::*;

/// Optional values.
#[dataflow]
pub(crate) mod absent {
    #[inject(most = value(None), least = value(Some(1.0)), offset = value(Some(0.5)))]
    pub fn bounds(most: &Option<f64>, least: &Option<f64>, offset: Option<f64>) -> f64 {
        least.unwrap_or(10.0) + most.unwrap_or(100.0) + offset.unwrap_or(1_000.0)
    }

    #[inject(weights = list[value(Some(2.0)), value(None)])]
    pub fn total(weights: &[Option<f64>]) -> f64 {
        weights.iter().flatten().sum::<f64>()
    }
}

#[test]
fn borrowed_option_is_bound_as_written() {
    let driver = Driver::builder().with_dataflow(absent::dataflow()).build().unwrap();
    assert_eq!(driver.execute::<(absent::bounds, absent::total)>(inputs! {}).unwrap(), (101.5, 2.0));
}
