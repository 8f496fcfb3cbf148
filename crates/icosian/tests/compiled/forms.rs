//! Forms of functions, parameters and decorators, beside a driver.

#![allow(clippy::items_after_statements, reason = "tests")]

use std::collections::HashMap;

use icosian::prelude::*;

#[dataflow(outputs(report), compile)]
pub(crate) mod sync_forms {
    pub fn doubled(number: u64) -> u64 {
        2 * number
    }

    pub fn label(
        doubled: &u64,
        #[default("value")] title: &str,
        unit: Option<&str>,
    ) -> Result<String, String> {
        if *doubled > 1_000 {
            Err(format!("{doubled} is too large"))
        } else {
            Ok(format!("{title} {doubled}{}", unit.unwrap_or_default()))
        }
    }

    pub fn words(label: String) -> Vec<String> {
        label.split(' ').map(str::to_owned).collect()
    }

    pub fn report(words: &[String], label: &str, number: u64) -> String {
        format!("{label} = {number} in {} words", words.len())
    }
}

#[test]
fn sync_output_is_a_plain_function() {
    let inputs = || sync_forms::ReportInputs { number: 4, title: None, unit: Some("m".to_owned()) };
    assert_eq!(sync_forms::run::report(inputs()).unwrap(), "value 8m = 4 in 2 words");
    let driver = Driver::builder().with_dataflow(sync_forms::dataflow()).build().unwrap();
    let by_driver = driver.execute::<sync_forms::report>(inputs! { number: 4_u64, unit: "m" }).unwrap();
    assert_eq!(sync_forms::run::report(inputs()).unwrap(), by_driver);
}

#[test]
fn error_is_that_of_the_driver() {
    let inputs = sync_forms::ReportInputs { number: 900, title: Some("t".to_owned()), unit: None };
    let error = sync_forms::run::report(inputs).unwrap_err();
    let driver = Driver::builder().with_dataflow(sync_forms::dataflow()).build().unwrap();
    let by_driver =
        driver.execute::<sync_forms::report>(inputs! { number: 900_u64, title: "t" }).unwrap_err();
    assert_eq!(format!("{error:?}"), format!("{by_driver:?}"));
    assert_eq!(error.node().map(icosian::Name::as_str), Some("label"));
}

#[dataflow(outputs(total), compile)]
pub(crate) mod async_forms {
    use std::collections::HashMap;

    pub async fn left(number: u64) -> u64 {
        tokio::task::yield_now().await;
        number + 1
    }

    pub async fn right(number: u64) -> Result<String, std::num::ParseIntError> {
        tokio::task::yield_now().await;
        Ok(number.to_string())
    }

    #[unpack_fields(first, second)]
    pub async fn pair(left: &u64) -> (u64, String) {
        (*left, format!("pair {left}"))
    }

    #[extract_fields(a: u64, b: u64 = 7)]
    pub fn table(right: &str) -> HashMap<String, u64> {
        HashMap::from([("a".to_owned(), right.len() as u64)])
    }

    #[check_output(range = 0..100, importance = "fail")]
    pub async fn joined(second: &str, right: String, a: u64) -> u64 {
        tokio::task::yield_now().await;
        (second.len() + right.len()) as u64 + a
    }

    #[fallback(value = 5_u64)]
    #[retry(attempts = 2)]
    pub async fn flaky(first: u64, b: u64) -> Result<u64, String> {
        Err(format!("{first} {b}"))
    }

    pub fn total(joined: u64, flaky: u64, left: u64) -> u64 {
        joined + flaky + left
    }
}

#[tokio::test]
async fn async_output_is_a_plain_async_function() {
    let compiled = async_forms::run::total(async_forms::TotalInputs { number: 12 });
    fn check_send<T: Send>(value: T) -> T {
        value
    }
    let compiled = check_send(compiled).await.unwrap();
    let driver = AsyncDriver::builder().with_dataflow(async_forms::dataflow()).build().unwrap();
    let by_driver = driver.execute::<async_forms::total>(inputs! { number: 12_u64 }).await.unwrap();
    assert_eq!(compiled, by_driver);
    let _: HashMap<String, u64> = async_forms::table("a");
}
