//! `#[dataflow(outputs(..))]`: the structs with the inputs of declared outputs.

#![allow(clippy::float_cmp, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;

use icosian::prelude::*;

#[dataflow(outputs(report, total, r#type, version))]
mod shop {
    use std::path::Path;

    pub fn total(prices: &[f64], discount: Option<f64>) -> f64 {
        prices.iter().sum::<f64>() * (1.0 - discount.unwrap_or_default())
    }

    pub fn label(#[default("eu")] region: &str, folder: &Path) -> String {
        format!("{region} {}", folder.display())
    }

    pub fn report(total: f64, label: String, _context: RunContext, currency: &str) -> String {
        format!("{label}: {total}{currency}")
    }

    pub fn r#type(r#match: u8) -> u8 {
        r#match
    }

    pub fn version() -> u8 {
        1
    }

    use icosian::RunContext;
}

fn driver() -> Driver {
    Driver::builder().with_dataflow(shop::dataflow()).build().expect("the dataflow is valid")
}

fn inputs() -> shop::ReportInputs {
    shop::ReportInputs {
        prices: vec![1.0, 2.0],
        discount: None,
        region: None,
        folder: PathBuf::from("here"),
        currency: "€".to_owned(),
    }
}

#[test]
fn struct_has_the_inputs_of_its_output() {
    assert_eq!(driver().execute::<shop::report>(inputs()).unwrap(), "eu here: 3€");
    let all = shop::ReportInputs { discount: Some(0.5), region: Some("us".to_owned()), ..inputs() };
    assert_eq!(driver().execute::<shop::report>(all).unwrap(), "us here: 1.5€");
    assert_eq!(driver().execute::<shop::r#type>(shop::TypeInputs { r#match: 3 }).unwrap(), 3);
    assert_eq!(driver().execute::<shop::version>(shop::VersionInputs {}).unwrap(), 1);
}

#[test]
fn optional_inputs_can_be_left_out() {
    let new = || shop::ReportInputs::new(vec![1.0], PathBuf::from("x"), "$".to_owned());
    assert_eq!(driver().execute::<shop::report>(new()).unwrap(), "eu x: 1$");
    let with_region = shop::ReportInputs { region: Some("us".to_owned()), ..new() };
    assert_eq!(driver().execute::<shop::report>(with_region).unwrap(), "us x: 1$");
    assert_eq!(driver().execute::<shop::version>(shop::VersionInputs::default()).unwrap(), 1);
}

#[test]
fn struct_fits_the_nodes_that_its_output_needs() {
    assert_eq!(driver().execute::<shop::label>(inputs()).unwrap(), "eu here");
    let (total, report) = driver().execute::<(shop::total, shop::report)>(inputs()).unwrap();
    assert_eq!((total, report.as_str()), (3.0, "eu here: 3€"));
    let total = shop::TotalInputs { prices: vec![1.0], discount: None };
    assert_eq!(driver().execute::<shop::total>(total).unwrap(), 1.0);
}

#[test]
fn struct_becomes_dynamic_inputs() {
    let inputs = inputs().into_inputs().overriding::<shop::total>(7.0).with("region", "us".to_owned());
    assert_eq!(driver().execute::<shop::report>(inputs).unwrap(), "us here: 7€");
}

#[test]
fn struct_works_with_names_and_prepared_requests() {
    let driver = driver();
    let named = driver.execute_named(["report"], inputs()).unwrap();
    assert_eq!(named.get::<String>("report").map(String::as_str), Some("eu here: 3€"));
    let ready = driver.prepare::<shop::report>().unwrap();
    assert_eq!(ready.execute(inputs()).unwrap(), "eu here: 3€");
}

#[test]
fn struct_shows_its_names() {
    assert_eq!(format!("{:?}", inputs()), "ReportInputs { prices, discount, region, folder, currency }");
    assert_eq!(format!("{:?}", shop::VersionInputs {}), "VersionInputs");
}

#[dataflow(
    outputs(area),
    inputs(table: Arc<Vec<f64>>, scale: Input),
    provided(rate, unit)
)]
mod shapes {
    use std::sync::Arc;

    use icosian::Input;

    pub async fn area(table: &Vec<f64>, rate: f64, #[default(1.0)] scale: f64, unit: &str) -> String {
        format!("{}{unit}", table.iter().sum::<f64>() * rate * scale)
    }
}

#[tokio::test]
async fn declaration_states_types_and_what_the_driver_provides() {
    let driver = AsyncDriver::builder()
        .with_dataflow(shapes::dataflow())
        .with_shared(inputs! { rate: 2.0 })
        .with_config(config! { unit: "m" })
        .build()
        .unwrap();
    let table = Arc::new(vec![1.0, 2.0]);
    let inputs = shapes::AreaInputs::new(Arc::clone(&table));
    assert_eq!(driver.execute::<shapes::area>(inputs).await.unwrap(), "6m");
    let scale = Some(Input::future(async { 10.0 }));
    assert_eq!(driver.execute::<shapes::area>(shapes::AreaInputs { table, scale }).await.unwrap(), "60m");
}
