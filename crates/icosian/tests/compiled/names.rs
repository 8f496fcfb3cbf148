//! Raw names of inputs, nodes, parts, types and modules.

use icosian::prelude::*;

#[dataflow(outputs(r#match), compile)]
pub(crate) mod r#async {
    #[allow(non_camel_case_types, unreachable_pub, reason = "the test needs a type with a raw name")]
    pub struct r#struct(pub u64);

    pub fn r#loop(r#type: u64, r#in: Option<&str>) -> r#struct {
        r#struct(r#type + r#in.map_or(0, str::len) as u64)
    }

    #[unpack_fields(r#if, r#else)]
    pub fn branches(r#loop: &r#struct) -> (u64, u64) {
        (r#loop.0, 2 * r#loop.0)
    }

    #[check_output(range = 0..1_000, importance = "fail")]
    pub async fn r#yield(r#if: u64, #[default(1)] r#where: u64) -> u64 {
        r#if + r#where
    }

    pub fn r#match(r#yield: u64, r#else: &u64, r#type: u64) -> String {
        format!("{yield} {else} {type}", r#yield = r#yield, r#else = r#else, r#type = r#type)
    }
}

#[tokio::test]
async fn raw_names_compile() {
    let inputs = || r#async::MatchInputs { r#type: 3, r#in: Some("in".to_owned()), r#where: None };
    let compiled = r#async::run::r#match(inputs()).await.unwrap();
    assert_eq!(compiled, "6 10 3");
    let driver = AsyncDriver::builder().with_dataflow(r#async::dataflow()).build().unwrap();
    let by_driver = driver.execute::<r#async::r#match>(inputs()).await.unwrap();
    assert_eq!(compiled, by_driver);
}

#[dataflow(outputs(total), compile)]
pub(crate) mod values_named_run {
    /// A function that is no node is in another namespace than the module `run`.
    fn run(number: u64) -> u64 {
        number + 1
    }

    pub fn total(number: u64) -> u64 {
        run(number)
    }
}

#[test]
fn private_function_named_run_compiles() {
    assert_eq!(values_named_run::run::total(values_named_run::TotalInputs { number: 1 }).unwrap(), 2);
}
