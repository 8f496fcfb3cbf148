//! Text literals convert into the expected type in every attribute that accepts a value.
#![allow(clippy::ptr_arg, clippy::too_many_arguments, reason = "the types of the nodes are the tested ones")]

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use icosian::prelude::*;

use crate::call::block_on;

/// Defines a dataflow with a text literal in every possible position, for one type.
macro_rules! places {
    ($($module:ident: $text:ty;)+) => {$(
        #[dataflow]
        mod $module {
            use std::collections::HashMap;

            #[allow(unused_imports, reason = "some of the types need it")]
            use super::*;

            pub fn by_value(#[default("x")] absent: $text) -> $text {
                absent
            }

            pub async fn by_value_later(#[default("x")] absent: $text) -> $text {
                absent
            }

            pub fn borrowed(#[default("x")] absent: &$text) -> $text {
                absent.clone()
            }

            pub async fn borrowed_later(#[default("x")] absent: &$text) -> $text {
                absent.clone()
            }

            #[fallback(value = "x")]
            pub fn fallen() -> std::io::Result<$text> {
                Err(std::io::Error::other("no route"))
            }

            #[fallback(value = "x")]
            pub async fn fallen_later() -> std::io::Result<$text> {
                Err(std::io::Error::other("no route"))
            }

            #[fallback(value = Some("x"))]
            pub fn fallen_option() -> std::io::Result<Option<$text>> {
                Err(std::io::Error::other("no route"))
            }

            #[extract_fields(first: $text = "x", second: $text, fill_with = "x")]
            pub fn keyed() -> HashMap<String, $text> {
                HashMap::new()
            }

            #[check_output(values_in = ["x", "y"], importance = "fail")]
            pub fn checked(fallen: $text) -> Vec<$text> {
                vec![fallen]
            }

            #[inject(given = value("x"))]
            pub fn injected(given: $text) -> $text {
                given
            }

            #[inject(given = list[value("x"), value("x")])]
            pub fn listed(given: &[$text]) -> $text {
                given[1].clone()
            }

            #[parameterize_values(parameterized(given = "x"))]
            pub async fn several(given: &$text) -> $text {
                given.clone()
            }

            #[pipe_input(step(second_of, other = value("x")))]
            pub fn piped(fallen: $text) -> $text {
                fallen
            }

            fn second_of(first: &$text, other: $text) -> $text {
                let _ = first;
                other
            }
        }
    )+};
}

places! {
    owned: String;
    fixed: &'static str;
    boxed: Box<str>;
    shared: Arc<str>;
    cow: Cow<'static, str>;
    path: PathBuf;
}

async fn check<T: Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static>(
    dataflow: Dataflow,
    expect: T,
) {
    let driver = AsyncDriver::builder().with_dataflow(dataflow).build().expect("a driver");
    for name in [
        "by_value",
        "by_value_later",
        "borrowed",
        "borrowed_later",
        "fallen",
        "fallen_later",
        "first",
        "second",
        "injected",
        "listed",
        "parameterized",
        "piped",
    ] {
        let values = driver.execute_named([name], inputs! {}).await.expect("outputs");
        assert_eq!(values.get::<T>(name), Some(&expect), "{name}");
    }
    let values = driver.execute_named(["checked", "fallen_option"], inputs! {}).await.expect("outputs");
    assert_eq!(values.get::<Vec<T>>("checked"), Some(&vec![expect.clone()]));
    assert_eq!(values.get::<Option<T>>("fallen_option"), Some(&Some(expect)));
}

#[test]
fn text_literals_convert_in_every_position() {
    block_on(check_all());
}

async fn check_all() {
    check(owned::dataflow(), String::from("x")).await;
    check(fixed::dataflow(), "x").await;
    check(boxed::dataflow(), Box::<str>::from("x")).await;
    check(shared::dataflow(), Arc::<str>::from("x")).await;
    check(cow::dataflow(), Cow::Borrowed("x")).await;
    check(path::dataflow(), PathBuf::from("x")).await;
}

const PRIMES: [u64; 2] = [2, 3];
static NAMES: [&str; 2] = ["a", "b"];

/// A type without `Clone`: a default must not copy it.
#[derive(Debug)]
struct Limits {
    most: u64,
}

static LIMITS: Limits = Limits { most: 9 };

#[dataflow]
mod references {
    use super::*;

    pub fn slices(
        #[default(&[])] none: &[u64],
        #[default(&[1, 2])] written: &[u64],
        #[default(&PRIMES)] constant: &[u64],
        #[default(&PRIMES[1..])] part: &[u64],
        #[default(&vec![4])] vector: &[u64],
        #[default([5])] array: &[u64],
        #[default(["x"])] texts: &[String],
        #[default(&NAMES)] names: &[&'static str],
    ) -> String {
        format!("{none:?} {written:?} {constant:?} {part:?} {vector:?} {array:?} {texts:?} {names:?}")
    }

    pub async fn slices_later(
        #[default(&[])] none: &[u64],
        #[default(&[1, 2])] written: &[u64],
        #[default(&PRIMES)] constant: &[u64],
        #[default(&PRIMES[1..])] part: &[u64],
        #[default(&vec![4])] vector: &[u64],
        #[default([5])] array: &[u64],
        #[default(["x"])] texts: &[String],
        #[default(&NAMES)] names: &[&'static str],
    ) -> String {
        slices(none, written, constant, part, vector, array, texts, names)
    }

    pub fn others(
        #[default(&LIMITS)] limits: &Limits,
        #[default(&String::from("owned"))] owner: &str,
        #[default("text")] text: &str,
        #[default("a/b")] path: &Path,
        #[default(Path::new("c"))] made: &Path,
        #[default(&3)] number: &u64,
    ) -> String {
        format!("{} {owner} {text} {} {} {number}", limits.most, path.display(), made.display())
    }

    pub async fn others_later(
        #[default(&LIMITS)] limits: &Limits,
        #[default(&String::from("owned"))] owner: &str,
        #[default("text")] text: &str,
        #[default("a/b")] path: &Path,
        #[default(Path::new("c"))] made: &Path,
        #[default(&3)] number: &u64,
    ) -> String {
        others(limits, owner, text, path, made, number)
    }
}

#[test]
fn defaults_of_borrowed_parameters_can_be_references() {
    block_on(check_references());
}

async fn check_references() {
    let driver = AsyncDriver::builder().with_dataflow(references::dataflow()).build().expect("a driver");
    let slices = "[] [1, 2] [2, 3] [3] [4] [5] [\"x\"] [\"a\", \"b\"]";
    let others = "9 owned text a/b c 3";
    for (name, expect) in
        [("slices", slices), ("slices_later", slices), ("others", others), ("others_later", others)]
    {
        let values = driver.execute_named([name], inputs! {}).await.expect("outputs");
        assert_eq!(values.get::<String>(name).map(String::as_str), Some(expect), "{name}");
    }
}
