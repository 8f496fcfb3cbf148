//! All forms of parameters and outputs, on sync and async functions.

use icosian::__private::Param;
use icosian::{Dataflow, dataflow};

use crate::call::{absent, given, last, shared};

/// A type that is not `Clone`.
#[derive(Debug, PartialEq)]
pub(crate) struct Unique(u64);

#[dataflow(name = "every form")]
mod plain {
    use std::path::Path;

    use super::Unique;

    pub fn unit() -> () {}

    pub fn no_output() {}

    pub async fn no_output_later(text: &str) {
        assert_eq!(text, "four");
    }

    pub fn length(text: &str) -> usize {
        text.len()
    }

    pub async fn length_later(text: &str) -> usize {
        text.len()
    }

    pub fn sum<'a>(samples: &'a [f64], file: &'a Path, count: &'a u64) -> String {
        format!("{} {} {count}", samples.iter().sum::<f64>(), file.display())
    }

    pub async fn sum_later(samples: &[f64], file: &Path, count: &u64) -> String {
        sum(samples, file, count)
    }

    pub fn by_value(mut words: Vec<String>, unique: Unique, known: &'static str) -> Vec<String> {
        words.push(format!("{} {known}", unique.0));
        words
    }

    pub async fn by_value_later(words: Vec<String>, unique: Unique, known: &'static str) -> Vec<String> {
        by_value(words, unique, known)
    }

    pub fn optional(label: Option<&str>, limit: Option<u64>, whole: &Option<u64>) -> String {
        format!("{label:?} {limit:?} {whole:?}")
    }

    pub async fn optional_later(label: Option<&str>, limit: Option<u64>, whole: &Option<u64>) -> String {
        optional(label, limit, whole)
    }

    pub fn defaults(
        #[default(2)] factor: u64,
        #[default("eu")] region: &str,
        #[default(vec![1.5, 2.5])] weights: &[f64],
        #[default(u64::MAX)] most: &u64,
        #[default("known")] known: &'static str,
    ) -> String {
        format!("{factor} {region} {weights:?} {most} {known}")
    }

    pub async fn defaults_later(
        #[default(2)] factor: u64,
        #[default("eu")] region: &str,
        #[default(vec![1.5, 2.5])] weights: &[f64],
        #[default(u64::MAX)] most: &u64,
        #[default("known")] known: &'static str,
    ) -> String {
        defaults(factor, region, weights, most, known)
    }

    pub async fn defaults_that_await(
        #[default(length_later("four").await)] taken: usize,
        #[default(length_later("three").await)] borrowed: &usize,
        #[default(length_later_checked("x").await?)] checked: u64,
    ) -> std::io::Result<String> {
        Ok(format!("{taken} {borrowed} {checked}"))
    }

    async fn length_later_checked(text: &str) -> std::io::Result<u64> {
        read(text).await
    }

    pub fn parsed(text: &str) -> Result<u64, std::num::ParseIntError> {
        text.parse()
    }

    pub async fn read(text: &str) -> std::io::Result<u64> {
        text.parse().map_err(|_| std::io::Error::other("no number"))
    }
}

#[test]
fn outlines_match_signatures() {
    let dataflow = plain::dataflow();
    assert_eq!(dataflow.name(), &"every form");
    assert_eq!(
        outlines(&dataflow),
        "\
unit() -> ()
no_output() -> ()
async no_output_later(text: &str) -> ()
length(text: &str) -> usize
async length_later(text: &str) -> usize
sum(samples: &[f64], file: &Path, count: &u64) -> String
async sum_later(samples: &[f64], file: &Path, count: &u64) -> String
by_value(words: Vec<String>, unique: Unique, known: &'static str) -> Vec<String>
async by_value_later(words: Vec<String>, unique: Unique, known: &'static str) -> Vec<String>
optional(label: Option<&str>, limit: Option<u64>, whole: &Option<u64>) -> String
async optional_later(label: Option<&str>, limit: Option<u64>, whole: &Option<u64>) -> String
defaults(factor: u64, region: &str, weights: &[f64], most: &u64, known: &'static str) -> String
async defaults_later(factor: u64, region: &str, weights: &[f64], most: &u64, known: &'static str) -> String
async defaults_that_await(taken: usize, borrowed: &usize, checked: u64) -> String
parsed(text: &str) -> u64
async read(text: &str) -> u64"
    );
    let by_value =
        dataflow.nodes().find(|node| *node.name() == "by_value").expect("the dataflow has this node");
    let cloneable: Vec<_> = by_value.outline().params().iter().map(Param::is_cloneable).collect();
    assert_eq!(cloneable, [true, false, true]);
    assert!(by_value.outline().output().is_cloneable());
    let defaults =
        dataflow.nodes().find(|node| *node.name() == "defaults").expect("the dataflow has this node");
    assert!(defaults.outline().params().iter().all(Param::is_optional));
}

fn outlines(dataflow: &Dataflow) -> String {
    let outlines: Vec<_> = dataflow.nodes().map(|node| node.outline().to_string()).collect();
    outlines.join("\n")
}

#[test]
fn bodies_borrow_consume_and_omit_values() {
    let text = || given(String::from("four"));
    assert_eq!(shared::<plain::unit>(vec![]).unwrap(), ());
    assert_eq!(shared::<plain::no_output>(vec![]).unwrap(), ());
    assert_eq!(shared::<plain::no_output_later>(vec![text()]).unwrap(), ());
    assert_eq!(shared::<plain::length>(vec![text()]).unwrap(), 4);
    assert_eq!(shared::<plain::length_later>(vec![text()]).unwrap(), 4);

    let borrowed = || vec![given(vec![1.0, 2.5]), given(std::path::PathBuf::from("a.csv")), given(7_u64)];
    assert_eq!(shared::<plain::sum>(borrowed()).unwrap(), "3.5 a.csv 7");
    assert_eq!(shared::<plain::sum_later>(borrowed()).unwrap(), "3.5 a.csv 7");

    let values = || vec![given(vec![String::from("a")]), given(Unique(3)), given("known")];
    assert_eq!(last::<plain::by_value>(values()).unwrap(), ["a", "3 known"]);
    assert_eq!(last::<plain::by_value_later>(values()).unwrap(), ["a", "3 known"]);

    let some = || vec![given("label"), given(3_u64), given(Some(1_u64))];
    let none = || vec![given(None::<String>), absent(), given(None::<u64>)];
    for (values, expect) in [(some(), "Some(\"label\") Some(3) Some(1)"), (none(), "None None None")] {
        assert_eq!(shared::<plain::optional>(values).unwrap(), expect);
    }
    for (values, expect) in [(some(), "Some(\"label\") Some(3) Some(1)"), (none(), "None None None")] {
        assert_eq!(shared::<plain::optional_later>(values).unwrap(), expect);
    }
}

#[test]
fn defaults_replace_missing_values() {
    let provided = || vec![given(3_u64), given("us"), given(vec![0.5]), given(4_u64), given("text")];
    let nothing = || (0..5).map(|_| absent()).collect();
    let all = "3 us [0.5] 4 text";
    let none = "2 eu [1.5, 2.5] 18446744073709551615 known";
    assert_eq!(shared::<plain::defaults>(provided()).unwrap(), all);
    assert_eq!(shared::<plain::defaults_later>(provided()).unwrap(), all);
    assert_eq!(shared::<plain::defaults>(nothing()).unwrap(), none);
    assert_eq!(shared::<plain::defaults_later>(nothing()).unwrap(), none);
}

#[test]
fn defaults_of_async_nodes_can_await() {
    let values = |checked| vec![absent(), absent(), checked];
    assert_eq!(shared::<plain::defaults_that_await>(values(given(7_u64))).unwrap(), "4 5 7");
    let error = shared::<plain::defaults_that_await>(values(absent())).unwrap_err();
    assert_eq!(error.to_string(), "no number");
    let provided = vec![given(1_usize), given(2_usize), given(3_u64)];
    assert_eq!(shared::<plain::defaults_that_await>(provided).unwrap(), "1 2 3");
}

#[test]
fn result_is_an_output_or_an_error() {
    assert_eq!(shared::<plain::parsed>(vec![given("3")]).unwrap(), 3);
    assert_eq!(
        shared::<plain::parsed>(vec![given("x")]).unwrap_err().to_string(),
        "invalid digit found in string"
    );
    assert_eq!(shared::<plain::read>(vec![given("3")]).unwrap(), 3);
    assert_eq!(shared::<plain::read>(vec![given("x")]).unwrap_err().to_string(), "no number");
}
