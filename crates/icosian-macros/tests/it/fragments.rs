//! All decorators with macro fragments as arguments.

use icosian::BoxError;
use icosian::decorators::{Retry, Validation, Validator};
use icosian::prelude::*;

use crate::call::block_on;

struct Positive;

impl Validator<Vec<f64>> for Positive {
    fn name(&self) -> &'static str {
        "positive"
    }

    fn validate(&self, value: &Vec<f64>) -> Validation {
        Validation::of(value.iter().all(|value| *value > 0.0), "it is not positive")
    }
}

/// The functions of the pipes.
mod steps {
    #[icosian::node]
    pub(super) fn twice(value: f64) -> f64 {
        value * 2.0
    }

    #[icosian::node]
    pub(super) async fn sum(value: f64, more: f64) -> f64 {
        value + more
    }
}

/// The included dataflow.
#[dataflow]
mod inner {
    pub fn scaled(rate: f64) -> f64 {
        rate * 10.0
    }
}

macro_rules! flow {
    (
        $module:ident, $title:literal, $node:ident, $number:ty, $whole:ty,
        $count:literal, $real:literal, $text:literal, $time:literal, $times:literal,
        $value:expr, $range:expr, $words:expr, $negative:expr, $holds:expr, $make:expr, $made:expr,
        $step:path, $async_step:path, $included:path, $retried:meta, $doc:literal
    ) => {
        #[dataflow(name = $title)]
        mod $module {
            #[allow(unused_imports, reason = "the macro's arguments name them")]
            use super::*;

            #[doc = $doc]
            #[tag(owner = $text, kinds = $words, on($node))]
            #[tag_outputs($node(unit = $title))]
            #[unpack_fields($node: $number, second)]
            pub fn pair() -> ($number, $number) {
                ($value, $real)
            }

            #[extract_outputs(left: $number, right: $number)]
            pub fn both() -> ($number, $number) {
                ($real, $value)
            }

            #[extract_fields(known: $number, unknown: $number = $negative, fill_with = $value)]
            pub fn keyed() -> std::collections::HashMap<String, $number> {
                [(String::from("known"), $real)].into()
            }

            #[parameterize(eu(rate = value($value), other = source($node)), us(rate = value($real)))]
            pub fn parameterized(rate: $number, #[default($negative)] other: $number) -> $number {
                rate + other
            }

            #[parameterize_values(low(rate = $real), high(rate = $value))]
            pub fn valued(rate: $number) -> $number {
                rate
            }

            #[parameterize_sources(from(rate = $node))]
            pub fn sourced(rate: $number) -> $number {
                rate
            }

            #[inject(rates = list[source($node), value($value)])]
            pub fn injected(rates: &[$number]) -> $number {
                rates.iter().sum()
            }

            #[config_when(env = $text)]
            pub fn chosen__one() -> $number {
                $value
            }

            #[config_when_not_in(env = [$text, $title])]
            pub fn chosen__other() -> $number {
                $real
            }

            #[config($holds)]
            pub fn held() -> $number {
                $value
            }

            #[exclude]
            pub fn excluded() -> $number {
                $value
            }

            #[check_output(range = $range, max_standard_dev = $value, data_type = $number, importance = $text)]
            #[check_output(range = $negative..=$value)]
            #[check_output_custom(Positive, importance = $text)]
            pub fn checked() -> Vec<$number> {
                vec![$real, $real]
            }

            #[pipe_input(step($step).when(env = $text), step($async_step, more = value($value)), namespace = $title)]
            pub fn piped($node: $number) -> $number {
                $node
            }

            #[pipe_output(step($step).named($node), namespace = $text)]
            pub fn piped_out() -> $number {
                $real
            }

            #[mutate(piped_out, more = value($value))]
            fn changed(value: $number, more: $number) -> $number {
                value + more
            }

            #[subdag($included, namespace = $title, inputs(rate = value($value)))]
            pub fn included(scaled: $number) -> $number {
                scaled
            }

            #[parameterized_subdag($included, first(inputs(rate = value($value))), second_of(inputs(rate = source($node))))]
            pub fn included_twice(scaled: $number) -> $number {
                scaled
            }

            #[resolve($make)]
            pub fn resolved() -> std::io::Result<$number> {
                Ok($value)
            }

            #[does($step, value = $node)]
            pub fn replaced($node: $number) -> $number {
                $node
            }

            #[remote(num_cpus = $count, name = $text)]
            #[decorate($made)]
            #[$retried]
            #[retry(attempts = $count, backoff = $times, jitter, when_any = |_| true)]
            #[timeout($time)]
            #[limit($text, max_concurrency = $count)]
            pub async fn wrapped() -> std::io::Result<$number> {
                Ok($value)
            }

            #[fallback(value = $value + $value)]
            #[offload]
            pub fn failing() -> std::io::Result<$number> {
                Err(std::io::Error::other($text))
            }

            pub fn count(#[default($count)] whole: $whole) -> $whole {
                whole
            }
        }
    };
}

flow!(
    fragments,
    "named",
    mean,
    f64,
    u64,
    3,
    0.5,
    "warn",
    "2s",
    "1ms..2ms",
    1.0 + 0.5,
    0.0..=2.0,
    ["a", "b"],
    -1.0,
    |config| config.get::<String>("env").is_some_and(|env| env == "warn"),
    |_| Ok::<_, BoxError>(Retry::new(2)),
    Retry::new(2),
    steps::twice,
    steps::sum,
    inner,
    retry(attempts = 3),
    "Two values."
);

#[test]
fn decorators_accept_macro_fragments() {
    block_on(check());
}

async fn check() {
    assert_eq!(fragments::dataflow().name(), &"named");
    let dataflow = fragments::dataflow();
    let pair = dataflow
        .nodes()
        .find(|node| *node.name() == "pair")
        .map(|node| node.outline().documentation().to_owned());
    assert_eq!(pair.as_deref(), Some("Two values."));
    let driver = AsyncDriver::builder()
        .with_dataflow(fragments::dataflow())
        .with_config(config! { "env": "warn" })
        .build()
        .expect("a driver");
    let mean = driver.graph().node("mean").expect("it exists");
    let tags = driver.graph().outline(mean).tags();
    assert_eq!(tags.get("kinds").map(<[_]>::len), Some(2));
    for (name, expect) in [
        ("mean", 1.5),
        ("second", 0.5),
        ("left", 0.5),
        ("right", 1.5),
        ("known", 0.5),
        ("unknown", -1.0),
        ("eu", 3.0),
        ("us", -0.5),
        ("low", 0.5),
        ("high", 1.5),
        ("from", 1.5),
        ("injected", 3.0),
        ("chosen", 1.5),
        ("held", 1.5),
        ("piped", 4.5),
        ("piped_out", 2.5),
        ("included", 15.0),
        ("first", 15.0),
        ("second_of", 15.0),
        ("resolved", 1.5),
        ("replaced", 3.0),
        ("wrapped", 1.5),
        ("failing", 3.0),
    ] {
        let values = driver.execute_named([name], inputs! {}).await.expect("outputs");
        assert_eq!(values.get::<f64>(name).copied(), Some(expect), "{name}");
    }
    let values = driver.execute_named(["checked", "count"], inputs! {}).await.expect("outputs");
    assert_eq!(values.get::<Vec<f64>>("checked"), Some(&vec![0.5, 0.5]));
    assert_eq!(values.get::<u64>("count"), Some(&3));
}
