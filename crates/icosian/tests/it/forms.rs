//! All forms of parameters and outputs, in sync and async functions.

use std::path::PathBuf;
use std::sync::Arc;

use icosian::prelude::*;
use serde_json::json;

/// A text that only implements `Borrow`.
#[derive(Clone, Debug)]
struct Label(String);

impl std::borrow::Borrow<str> for Label {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A value without `Clone`.
#[derive(Debug)]
struct Unique(u64);

/// A custom `Result` type.
mod outcome {
    #[derive(Debug)]
    pub(crate) struct Oops;

    impl std::fmt::Display for Oops {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("oops")
        }
    }

    impl std::error::Error for Oops {}

    pub(crate) type Result<T> = std::result::Result<T, Oops>;
}

/// Defines a dataflow with sync or with async functions.
macro_rules! forms {
    ($module:ident $($later:tt)?) => {
        #[dataflow]
        mod $module {
            use std::borrow::Cow;
            use std::path::{Path, PathBuf};
            use std::sync::Arc;

            use super::{Label, Unique, outcome};

            // Text, borrowed from any owner.
            pub $($later)? fn owned() -> String { "owned".to_owned() }
            pub $($later)? fn fixed() -> &'static str { "fixed" }
            pub $($later)? fn counted() -> Arc<str> { "counted".into() }
            pub $($later)? fn boxed() -> Box<str> { "boxed".into() }
            pub $($later)? fn cow() -> Cow<'static, str> { "cow".into() }
            pub $($later)? fn label() -> Label { Label("label".to_owned()) }
            pub $($later)? fn texts(
                owned: &str, fixed: &str, counted: &str, boxed: &str, cow: &str, label: &str, text_input: &str,
                counted_input: &str,
            ) -> String {
                [owned, fixed, counted, boxed, cow, label, text_input, counted_input].join(" ")
            }
            pub $($later)? fn whole_owners(owned: &String, label: &Label, counted: &Arc<str>) -> String {
                format!("{owned} {} {counted}", label.0)
            }
            pub $($later)? fn known(fixed: &'static str) -> &'static str { fixed }

            // Slices and paths.
            pub $($later)? fn list() -> Vec<u64> { vec![1, 2, 3] }
            pub $($later)? fn counted_list() -> Arc<[u64]> { [4, 5].into() }
            pub $($later)? fn array() -> [u64; 2] { [6, 7] }
            pub $($later)? fn slices(list: &[u64], counted_list: &[u64], array: &[u64], list_input: &[u64]) -> Vec<u64> {
                [list, counted_list, array, list_input].concat()
            }
            pub $($later)? fn path() -> PathBuf { PathBuf::from("a.csv") }
            pub $($later)? fn paths(path: &Path, path_input: &Path) -> String {
                format!("{} {}", path.display(), path_input.display())
            }

            // Values of any type.
            pub $($later)? fn number() -> u64 { 7 }
            pub $($later)? fn boxed_number() -> Box<u64> { Box::new(8) }
            pub $($later)? fn counted_number() -> Arc<u64> { Arc::new(9) }
            pub $($later)? fn fixed_number() -> &'static u64 { &10 }
            pub $($later)? fn numbers(
                number: &u64, boxed_number: &u64, counted_number: &u64, fixed_number: &u64, counted_number_input: &u64,
                number_input: &u64,
            ) -> String {
                format!("{number} {boxed_number} {counted_number} {fixed_number} {counted_number_input} {number_input}")
            }
            pub $($later)? fn lifetimes<'a>(owned: &'a str, label: &'a str) -> String {
                if owned < label { label.to_owned() } else { owned.to_owned() }
            }

            // Moved once, at the last use.
            pub $($later)? fn unique() -> Unique { Unique(3) }
            pub $($later)? fn takes(mut unique: Unique, number: u64) -> u64 {
                unique.0 += number;
                unique.0
            }
            pub $($later)? fn borrows(unique: &Unique) -> u64 { unique.0 }
            pub $($later)? fn borrows_too(unique: &Unique, borrows: u64) -> u64 { unique.0 + borrows }
            pub $($later)? fn buffer() -> Vec<u64> { vec![1; 100] }
            pub $($later)? fn address(buffer: &[u64], given_buffer: &Vec<u64>) -> [usize; 2] {
                [buffer.as_ptr() as usize, given_buffer.as_ptr() as usize]
            }
            pub $($later)? fn unmoved(mut buffer: Vec<u64>, given_buffer: Vec<u64>, address: &[usize; 2]) -> bool {
                buffer.truncate(50);
                *address == [buffer.as_ptr() as usize, given_buffer.as_ptr() as usize]
            }

            // Cloned for all readers but the last.
            pub $($later)? fn several() -> Vec<u64> { vec![0] }
            pub $($later)? fn first(mut several: Vec<u64>) -> Vec<u64> { several.push(1); several }
            pub $($later)? fn second(mut several: Vec<u64>) -> Vec<u64> { several.push(2); several }
            pub $($later)? fn third(mut several: Vec<u64>, second: Vec<u64>) -> Vec<u64> { several.extend(second); several }

            // Optional.
            pub $($later)? fn some() -> Option<u64> { Some(1) }
            pub $($later)? fn none() -> Option<u64> { None }
            pub $($later)? fn some_text() -> Option<String> { Some("some".to_owned()) }
            pub $($later)? fn borrows_options(
                number: Option<&u64>, some: Option<&u64>, none: Option<&u64>, owned: Option<&str>, some_text: Option<&str>,
                list: Option<&[u64]>, given_input: Option<&u64>, absent: Option<&u64>, absent_text: Option<&str>,
            ) -> String {
                format!("{number:?} {some:?} {none:?} {owned:?} {some_text:?} {list:?} {given_input:?} {absent:?} {absent_text:?}")
            }
            pub $($later)? fn takes_options(
                number: Option<u64>, some: Option<u64>, none: Option<u64>, owned: Option<String>,
                some_text: Option<String>, given_input: Option<u64>, absent: Option<u64>,
            ) -> String {
                format!("{number:?} {some:?} {none:?} {owned:?} {some_text:?} {given_input:?} {absent:?}")
            }
            pub $($later)? fn whole_option(some: &Option<u64>, none: &Option<u64>) -> String { format!("{some:?} {none:?}") }

            // With defaults, for passed inputs, missing inputs and nodes.
            pub $($later)? fn defaults(
                #[default(1)] given_input: u64,
                #[default(2)] number_input: &u64,
                #[default("no")] text_input: &str,
                #[default(3)] absent_number: u64,
                #[default(4)] absent_borrowed: &u64,
                #[default("five")] absent_text: &str,
                #[default(vec![6])] absent_list: &[u64],
                #[default(7)] number: u64,
                #[default("no")] owned: &str,
            ) -> String {
                format!(
                    "{given_input} {number_input} {text_input} {absent_number} {absent_borrowed} {absent_text} \
                     {absent_list:?} {number} {owned}"
                )
            }

            // Outputs.
            pub $($later)? fn result(fail: bool) -> Result<u64, outcome::Oops> { if fail { Err(outcome::Oops) } else { Ok(1) } }
            pub $($later)? fn full_path(fail: bool) -> std::result::Result<u64, outcome::Oops> {
                if fail { Err(outcome::Oops) } else { Ok(5) }
            }
            pub $($later)? fn text_error(fail: bool) -> Result<u64, String> { if fail { Err("no luck".into()) } else { Ok(2) } }
            pub $($later)? fn io(fail: bool) -> std::io::Result<u64> {
                if fail { Err(std::io::Error::other("no disk")) } else { Ok(3) }
            }
            pub $($later)? fn alias(fail: bool) -> outcome::Result<u64> { if fail { Err(outcome::Oops) } else { Ok(4) } }
            pub $($later)? fn nothing(fail: bool) -> Result<(), outcome::Oops> { if fail { Err(outcome::Oops) } else { Ok(()) } }
            pub $($later)? fn unit() -> () {}
            pub $($later)? fn reads_results(
                result: u64, text_error: &u64, io: Option<u64>, alias: Option<&u64>, nothing: (), unit: &(),
            ) -> String {
                format!("{result} {text_error} {io:?} {alias:?} {nothing:?} {unit:?}")
            }

            // Names, and nodes under `cfg`.
            pub $($later)? fn r#type(r#match: &str, mut number: u64) -> String {
                number += 1;
                format!("{} {number}", r#match)
            }
            pub $($later)? fn reads_type(r#type: &str) -> usize { r#type.len() }
            #[cfg(any())]
            pub $($later)? fn sometimes() -> Unique { Unique(0) }
            #[cfg(not(any()))]
            pub $($later)? fn always() -> u64 { 1 }
            pub $($later)? fn reads_sometimes(sometimes: Option<&str>, always: u64) -> String { format!("{sometimes:?} {always}") }
        }
    };
}

forms!(plain);
forms!(later async);

fn given(fail: bool) -> Inputs {
    inputs! {
        fail,
        text_input: "text",
        counted_input: Arc::<str>::from("counted"),
        list_input: Box::<[u64]>::from([8, 9]),
        path_input: PathBuf::from("b.csv"),
        number_input: 11_u64,
        counted_number_input: Arc::new(12_u64),
        given_buffer: vec![1_u64; 100],
        given_input: 13_u64,
        "match": "raw",
    }
}

/// The expected output of each form.
fn expect() -> serde_json::Value {
    json!({
        "texts": "owned fixed counted boxed cow label text counted",
        "whole_owners": "owned label counted",
        "known": "fixed",
        "slices": [1, 2, 3, 4, 5, 6, 7, 8, 9],
        "paths": "a.csv b.csv",
        "numbers": "7 8 9 10 12 11",
        "lifetimes": "owned",
        "takes": 10,
        "borrows": 3,
        "borrows_too": 6,
        "unmoved": true,
        "first": [0, 1],
        "second": [0, 2],
        "third": [0, 0, 2],
        "borrows_options": "Some(7) Some(1) None Some(\"owned\") Some(\"some\") Some([1, 2, 3]) Some(13) None None",
        "takes_options": "Some(7) Some(1) None Some(\"owned\") Some(\"some\") Some(13) None",
        "whole_option": "Some(1) None",
        "defaults": "13 11 text 3 4 five [6] 7 owned",
        "result": 1,
        "full_path": 5,
        "text_error": 2,
        "io": 3,
        "alias": 4,
        "nothing": null,
        "unit": null,
        "reads_results": "1 2 Some(3) Some(4) () ()",
        "type": "raw 8",
        "reads_type": 5,
        "always": 1,
        "reads_sometimes": "None 1",
    })
}

fn names(expect: &serde_json::Value) -> Vec<&str> {
    expect.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn all_forms_of_sync_functions_run_under_a_driver() {
    let driver = Driver::builder().with_dataflow(plain::dataflow()).build().unwrap();
    let expect = expect();
    for _ in 0..2 {
        let json = driver.execute_with(&JsonObject, names(&expect), given(false)).unwrap();
        assert_eq!(json!(json), expect);
    }
    for name in names(&expect) {
        let json = driver.execute_with(&JsonObject, [name], given(false)).unwrap();
        assert_eq!(json[name], expect[name], "{name}");
    }
}

#[tokio::test]
async fn all_forms_of_functions_run_under_an_async_driver() {
    for dataflow in [plain::dataflow(), later::dataflow()] {
        let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
        let expect = expect();
        for _ in 0..2 {
            let json = driver.execute_with(&JsonObject, names(&expect), given(false)).await.unwrap();
            assert_eq!(json!(json), expect);
        }
        for name in names(&expect) {
            let json = driver.execute_with(&JsonObject, [name], given(false)).await.unwrap();
            assert_eq!(json[name], expect[name], "{name}");
        }
    }
}

/// The error of each fallible form.
const FAILURES: [(&str, &str); 6] = [
    ("result", "oops"),
    ("full_path", "oops"),
    ("text_error", "no luck"),
    ("io", "no disk"),
    ("alias", "oops"),
    ("nothing", "oops"),
];

fn assert_failure(failed: &ExecuteError, name: &str, expect: &str) {
    assert_eq!(failed.to_string(), format!("node `{name}` failed"));
    let source = std::error::Error::source(failed).map(ToString::to_string);
    assert_eq!(source.as_deref(), Some(expect), "{name}");
    assert_eq!(failed.node().map(icosian::Name::as_str), Some(name));
}

#[tokio::test]
async fn all_forms_of_errors_fail_the_execution() {
    let driver = Driver::builder().with_dataflow(plain::dataflow()).build().unwrap();
    for (name, expect) in FAILURES {
        assert_failure(&driver.execute_named([name], given(true)).unwrap_err(), name, expect);
        driver.execute_named([name], given(false)).unwrap();
    }
    for dataflow in [plain::dataflow(), later::dataflow()] {
        let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
        for (name, expect) in FAILURES {
            assert_failure(&driver.execute_named([name], given(true)).await.unwrap_err(), name, expect);
            driver.execute_named([name], given(false)).await.unwrap();
        }
    }
}

#[test]
fn functions_can_be_called() {
    let slices = plain::slices(&[1], &[2], &[3], &[]);
    assert_eq!(slices, [1, 2, 3]);
    assert_eq!(plain::takes(Unique(1), 2), 3);
    assert_eq!(plain::r#type("a", 1), "a 2");
    assert!(plain::alias(true).is_err());
}

#[test]
fn second_consumer_of_a_value_without_clone_is_refused() {
    #[dataflow]
    mod greedy {
        use super::Unique;

        pub fn unique() -> Unique {
            Unique(3)
        }
        pub fn one(unique: Unique) -> u64 {
            unique.0
        }
        pub fn other(unique: Unique) -> u64 {
            unique.0
        }
        pub fn afterwards(unique: &Unique, one: u64) -> u64 {
            unique.0 + one
        }
    }
    let driver = Driver::builder().with_dataflow(greedy::dataflow()).build().unwrap();
    let refused = |names: &[&str]| driver.execute_named(names, inputs! {}).unwrap_err().to_string();
    assert_eq!(driver.execute::<greedy::one>(inputs! {}).unwrap(), 3);
    assert_eq!(driver.execute::<greedy::other>(inputs! {}).unwrap(), 3);
    let unfit = "but `Unique` is not `Clone`";
    assert_eq!(
        refused(&["one", "other"]),
        format!("node `one` consumes `unique: Unique`, which node `other` also consumes, {unfit}")
    );
    assert_eq!(
        refused(&["one", "unique"]),
        format!("node `one` consumes `unique: Unique`, which is also a requested output, {unfit}")
    );
    assert_eq!(
        refused(&["afterwards"]),
        format!(
            "node `one` consumes `unique: Unique`, which node `afterwards` reads after `one` ends, {unfit}"
        )
    );
}
