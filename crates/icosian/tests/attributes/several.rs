use std::collections::{BTreeMap, HashMap};

use icosian::prelude::*;

use crate::twins::{check_twins, twins};

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            pub $($later)? fn eu_rate() -> f64 {
                1.5
            }

            /// The report of {region}.
            #[parameterize(
                eu(region = value("eu"), rate = source(eu_rate)),
                /// All of {rate}.
                all(region = value("all".to_owned() + "!"), rate = value(2.0), others = list[source(eu), value("us")]),
            )]
            pub $($later)? fn report(
                region: String,
                rate: f64,
                #[default(Vec::new())] others: Vec<String>,
            ) -> Result<String, std::io::Error> {
                Ok(format!("{region} {rate} {}", others.join(" ")))
            }

            #[parameterize_sources(doubled_eu(rate = eu_rate), doubled_us(rate = us_rate))]
            pub $($later)? fn doubled(rate: f64) -> f64 {
                rate * 2.0
            }

            #[parameterize_values(low(rate = 0.5, count = 3), high(rate = 1.5, count = 4))]
            pub $($later)? fn times(rate: &f64, count: Option<u64>) -> f64 {
                rate * if count == Some(3) { 3.0 } else { 4.0 }
            }

            #[inject(
                rates = list[source(eu_rate), value(0.5), source(us_rate)],
                by_name = map { eu = source(eu_rate), "us-east" = value(1.0) },
                sorted = map { b = value(2), a = value(1) },
            )]
            pub $($later)? fn injected(
                rates: &[f64],
                by_name: &HashMap<String, f64>,
                sorted: BTreeMap<String, u8>,
            ) -> String {
                format!("{rates:?} {} {} {sorted:?}", by_name["eu"], by_name["us-east"])
            }

            pub $($later)? fn both(eu: &str, low: f64, doubled_eu: f64) -> String {
                format!("{eu}{low} {doubled_eu}")
            }
        }
    };
}
twins!(flow!);

#[test]
fn parameterized_function_is_several_nodes() {
    check_twins!(eu, all of {} == ("eu 1.5 ".to_owned(), "all! 2 eu 1.5  us".to_owned()));
    check_twins!(doubled_eu, doubled_us of { us_rate: 1.0 } == (3.0, 2.0));
    check_twins!(low, high of {} == (1.5, 6.0));
    check_twins!(both of {} == "eu 1.5 1.5 3".to_owned());
}

#[test]
fn parameters_read_injected_values() {
    let expect = "[1.5, 0.5, 2.0] 1.5 1 {\"a\": 1, \"b\": 2}".to_owned();
    check_twins!(injected of { us_rate: 2.0 } == expect);
}

#[test]
fn documentation_contains_the_bindings() {
    let driver = Driver::builder().with_dataflow(sync_flow::dataflow()).build().unwrap();
    let documentation = |name| {
        let node = driver.graph().node(name).unwrap();
        driver.graph().outline(node).documentation().to_owned()
    };
    assert_eq!(documentation("eu"), "The report of eu.");
    assert_eq!(documentation("all"), "All of 2.");
}

#[dataflow]
pub(crate) mod keywords {
    pub(crate) struct Kind {
        pub(crate) r#type: u64,
    }

    #[parameterize(match(number = value(1_u64)), r#loop(number = value(2_u64)))]
    pub fn numbered(number: u64) -> u64 {
        number
    }

    #[extract_fields(type: u64)]
    pub fn kind(r#match: u64, r#loop: u64) -> Kind {
        Kind { r#type: r#match + r#loop }
    }
}

#[test]
fn node_can_have_the_name_of_a_keyword() {
    let driver = Driver::builder().with_dataflow(keywords::dataflow()).build().unwrap();
    let named = driver.execute::<(keywords::r#match, keywords::r#type)>(inputs! {}).unwrap();
    assert_eq!(named, (1, 3));
}
