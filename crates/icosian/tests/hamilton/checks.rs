//! Tests of `check_output` and `check_output_custom`.

use icosian::decorators::{
    AsyncValidator, CheckOutput, Checked, ExtractOutputs, Importance, Parameterization, Parameterize,
    PipeOutput, PipeStep, Validation, Validator, value,
};
use icosian::{Asyncness, Node, Output};

use crate::case::{Case, function, outline, run_each};

/// A validator for numbers below a limit.
struct Below(i64);

impl Validator<i64> for Below {
    fn name(&self) -> &'static str {
        "below"
    }

    fn validate(&self, value: &i64) -> Validation {
        Validation::of(*value < self.0, format!("{value} is not below {}", self.0))
    }
}

/// The async form of `Below`.
struct BelowLater(i64);

impl AsyncValidator<i64> for BelowLater {
    fn name(&self) -> &'static str {
        "below"
    }

    async fn validate(&self, value: &i64) -> Validation {
        tokio::task::yield_now().await;
        Below(self.0).validate(value)
    }
}

fn f(asyncness: Asyncness) -> Node {
    function(asyncness, "f", ["a"], |[a]| a)
}

fn fails() -> CheckOutput<i64> {
    CheckOutput::new().importance(Importance::Fail)
}

/// Returns a sync or an async validator.
fn below(asyncness: Asyncness, check: CheckOutput<i64>, most: i64) -> CheckOutput<i64> {
    match asyncness {
        Asyncness::Sync => check.custom(Below(most)),
        Asyncness::Async => check.custom_async(BelowLater(most)),
    }
}

#[test]
fn raw_value_checks_and_value_are_nodes() {
    run_each(|asyncness| {
        let case = || {
            Case::of([
                f(asyncness).with_decorator(fails().range(0..=9).data_type::<i64>().values_in([1, 2, 10]))
            ])
            .nodes([
                "f <- f_raw, f_range_validator, f_data_type_validator, f_values_in_validator",
                "f_data_type_validator <- f_raw",
                "f_range_validator <- f_raw",
                "f_raw <- a",
                "f_values_in_validator <- f_raw",
            ])
        };
        vec![
            case().input("a", 1_i64).output("f", 1_i64).output("f_raw", 1_i64).output(
                "f_range_validator",
                Checked::new("range_validator", Importance::Fail, Validation::pass()),
            ),
            case().input("a", 10_i64).error("f", "10 is not within 0..=9"),
            // The raw value and the results of other checks are available after a failure.
            case().input("a", 10_i64).output("f_raw", 10_i64).output(
                "f_range_validator",
                Checked::new("range_validator", Importance::Fail, Validation::fail("10 is not within 0..=9")),
            ),
        ]
    });
}

#[test]
fn all_failed_checks_are_reported() {
    run_each(|asyncness| {
        let check = below(asyncness, fails().range(0..=9), 5).values_in([1, 2]);
        Case::of([f(asyncness).with_decorator(check)]).input("a", 10_i64).error(
            "f",
            "node `f` failed: output of `f` fails `range_validator`: 10 is not within 0..=9; `below`: 10 is not below 5; \
             `values_in_validator`: 10 is not one of [1, 2]",
        )
    });
}

#[test]
fn warning_does_not_fail_the_run() {
    run_each(|asyncness| {
        let warns = CheckOutput::<i64>::new().range(0..=9).importance(Importance::Warn);
        let case = |check| Case::of([f(asyncness).with_decorator(check)]).input("a", 10_i64);
        vec![
            case(warns).output("f", 10_i64),
            case(CheckOutput::<i64>::new().range(0..=9)).output("f", 10_i64),
        ]
    });
}

#[test]
fn validators_of_one_name_are_numbered() {
    run_each(|asyncness| {
        let check = below(asyncness, below(asyncness, below(asyncness, fails(), 1), 2), 3);
        let case = || {
            Case::of([f(asyncness).with_decorator(check.clone())]).nodes([
                "f <- f_raw, f_below, f_below_1, f_below_2",
                "f_below <- f_raw",
                "f_below_1 <- f_raw",
                "f_below_2 <- f_raw",
                "f_raw <- a",
            ])
        };
        vec![
            case().input("a", 0_i64).output("f", 0_i64),
            case()
                .input("a", 2_i64)
                .error("f", "output of `f` fails `below`: 2 is not below 1; `below`: 2 is not below 2"),
        ]
    });
}

/// Hamilton creates two nodes `f_range_validator`, which its own driver refuses.
#[test]
fn checks_are_stacked() {
    run_each(|asyncness| {
        let stacked = || {
            f(asyncness).with_decorator(below(asyncness, fails().range(0..=9), 5)).with_decorator(below(
                asyncness,
                CheckOutput::new().range(0..=5).importance(Importance::Warn),
                3,
            ))
        };
        let case = || {
            Case::of([stacked()]).nodes([
                "f <- f_raw, f_range_validator, f_below, f_range_validator_1, f_below_1",
                "f_below <- f_raw",
                "f_below_1 <- f_raw",
                "f_range_validator <- f_raw",
                "f_range_validator_1 <- f_raw",
                "f_raw <- a",
            ])
        };
        vec![
            case().input("a", 1_i64).output("f", 1_i64),
            case().input("a", 4_i64).output("f", 4_i64),
            case()
                .input("a", 10_i64)
                .error("f", "output of `f` fails `range_validator`: 10 is not within 0..=9; `below`"),
        ]
    });
}

#[test]
fn function_runs_once_and_consumers_read_the_checked_value() {
    run_each(|asyncness| {
        let reader = function(asyncness, "reader", ["f"], |[f]| f + 1).into();
        let case = || Case::of([f(asyncness).with_decorator(fails().range(0..=9)), reader_of(&reader)]);
        vec![
            case().input("a", 1_i64).output("reader", 2_i64),
            case().input("a", 10_i64).error("reader", "node `f` failed"),
            case().overriding("f", 50).output("reader", 51_i64),
            case().overriding("f_raw", 50).error("reader", "50 is not within 0..=9"),
        ]
    });
}

fn reader_of(reader: &icosian::decorators::Function) -> icosian::decorators::Function {
    reader.clone()
}

fn both(asyncness: Asyncness) -> icosian::decorators::Function {
    let part = || Output::of::<i64>().cloneable::<i64>();
    function(asyncness, "both", ["a"], |[a]| (a, a + 10)).with_decorator(
        ExtractOutputs::<(i64, i64)>::fields().field("e1", |both| &both.0, part()).field(
            "e2",
            |both| &both.1,
            part(),
        ),
    )
}

#[test]
fn checks_apply_to_all_or_named_outputs() {
    run_each(|asyncness| {
        let case =
            |check: CheckOutput<i64>| Case::of([both(asyncness).with_decorator(check)]).input("a", 1_i64);
        vec![
            case(below(asyncness, fails(), 5).on(["e1"]))
                .nodes([
                    "both <- a",
                    "e1 <- e1_raw, e1_below",
                    "e1_below <- e1_raw",
                    "e1_raw <- both",
                    "e2 <- both",
                ])
                .output("e1", 1_i64)
                .output("e2", 11_i64),
            case(below(asyncness, fails(), 5))
                .nodes([
                    "both <- a",
                    "e1 <- e1_raw, e1_below",
                    "e1_below <- e1_raw",
                    "e1_raw <- both",
                    "e2 <- e2_raw, e2_below",
                    "e2_below <- e2_raw",
                    "e2_raw <- both",
                ])
                .error("e2", "11 is not below 5"),
            case(below(asyncness, fails(), 5)).output("e1", 1_i64),
            case(fails().range(0..=9).on(["e3"])).refusal(
                "ICO0419 unclear-target",
                "`check_output` names node `e3`, but `both` has no such node",
            ),
        ]
    });
}

#[test]
fn whole_is_checked_before_extraction() {
    run_each(|asyncness| {
        struct Ordered;

        impl Validator<(i64, i64)> for Ordered {
            fn name(&self) -> &'static str {
                "ordered"
            }

            fn validate(&self, (first, second): &(i64, i64)) -> Validation {
                Validation::of(first < second, "it is not in order")
            }
        }

        let part = || Output::of::<i64>().cloneable::<i64>();
        let both = function(asyncness, "both", ["a"], |[a]| (a, 5_i64))
            .with_decorator(CheckOutput::new().custom(Ordered).importance(Importance::Fail))
            .with_decorator(ExtractOutputs::<(i64, i64)>::fields().field("e1", |both| &both.0, part()));
        let case = || {
            let case = Case::of([both.clone()]);
            case.nodes([
                "both <- both_raw, both_ordered",
                "both_ordered <- both_raw",
                "both_raw <- a",
                "e1 <- both",
            ])
        };
        vec![
            case().input("a", 1_i64).output("e1", 1_i64),
            case().input("a", 6_i64).error("e1", "it is not in order"),
        ]
    });
}

#[test]
fn every_node_of_a_parameterization_is_checked() {
    run_each(|asyncness| {
        let f = f(asyncness).with_decorator(fails().range(0..=9)).with_decorator(
            Parameterize::new()
                .with(Parameterization::new("w1").bind("a", value(1_i64)))
                .with(Parameterization::new("w2").bind("a", value(10_i64))),
        );
        let case = || {
            Case::of([f.clone()]).nodes([
                "w1 <- w1_raw, w1_range_validator",
                "w1_range_validator <- w1_raw",
                "w1_raw",
                "w2 <- w2_raw, w2_range_validator",
                "w2_range_validator <- w2_raw",
                "w2_raw",
            ])
        };
        vec![case().output("w1", 1_i64), case().error("w2", "10 is not within 0..=9")]
    });
}

#[test]
fn checks_and_pipes_apply_in_source_order() {
    run_each(|asyncness| {
        let double = || PipeStep::of(function(asyncness, "double", ["given"], |[given]| given * 2));
        let above = f(asyncness)
            .with_decorator(PipeOutput::new().step(double()))
            .with_decorator(fails().range(0..=9));
        let below = f(asyncness)
            .with_decorator(fails().range(0..=9))
            .with_decorator(PipeOutput::new().step(double()));
        let case = |f: &icosian::decorators::Function, a: i64| Case::of([f.clone()]).input("a", a);
        vec![
            case(&above, 4)
                .nodes([
                    "f <- f_raw, f_range_validator",
                    "f.raw <- a",
                    "f.with_double <- f.raw",
                    "f_range_validator <- f_raw",
                    "f_raw <- f.with_double",
                ])
                .output("f", 8_i64),
            case(&above, 5).error("f", "10 is not within 0..=9"),
            case(&below, 5)
                .nodes([
                    "f <- f.with_double",
                    "f.raw <- f_raw, f_range_validator",
                    "f.with_double <- f.raw",
                    "f_range_validator <- f_raw",
                    "f_raw <- a",
                ])
                .output("f", 10_i64),
            case(&below, 10).error("f", "10 is not within 0..=9"),
        ]
    });
}

/// Hamilton creates two nodes `f_raw` in this case.
#[test]
fn check_applies_on_both_sides_of_a_pipe() {
    run_each(|asyncness| {
        let double = PipeStep::of(function(asyncness, "double", ["given"], |[given]| given * 2));
        let f = f(asyncness)
            .with_decorator(fails().range(0..=9))
            .with_decorator(PipeOutput::new().step(double))
            .with_decorator(fails().range(0..=9));
        let case = || Case::of([f.clone()]);
        vec![
            case().input("a", 4_i64).output("f", 8_i64).output("f_raw", 4_i64),
            case().input("a", 5_i64).error("f", "10 is not within 0..=9"),
            case().input("a", 10_i64).error("f", "10 is not within 0..=9"),
        ]
    });
}

#[test]
fn numbers_texts_and_collections_have_validators() {
    fn case_of<T>(asyncness: Asyncness, value: T, check: CheckOutput<T>) -> Case
    where
        T: std::any::Any + Send + Sync + Clone,
    {
        let f = function(asyncness, "f", [], move |[]| value.clone());
        Case::of([f.with_decorator(check.importance(Importance::Fail))])
    }
    let text = |text: &str| text.to_owned();
    run_each(|asyncness| {
        let numbers = vec![1.0, f64::NAN, 3.0];
        vec![
            case_of(asyncness, 0.5, CheckOutput::new().range(0.0..=1.0)).output("f", 0.5),
            case_of(asyncness, 1.5, CheckOutput::new().range(0.0..=1.0)).error("f", "1.5 is not within 0.0..=1.0"),
            case_of(asyncness, f64::NAN, CheckOutput::new().allow_nans(false)).error("f", "1 of its points are NaN"),
            case_of(asyncness, f64::INFINITY, CheckOutput::new().allow_nans(true)).output("f", f64::INFINITY),
            case_of(asyncness, numbers.clone(), CheckOutput::new().max_fraction_nans(0.3))
                .error("f", "0.333 of its points are NaN, more than 0.3"),
            case_of(asyncness, numbers.clone(), CheckOutput::new().max_fraction_nans(0.5).mean_in_range(1.0..=2.0))
                .check_graph(|graph| assert_eq!(graph.nodes().len(), 4)),
            case_of(asyncness, numbers.clone(), CheckOutput::new().mean_in_range(5.0..=6.0))
                .error("f", "its mean is 2, not within 5.0..=6.0"),
            case_of(asyncness, vec![1.0, 9.0], CheckOutput::new().max_standard_dev(1.0))
                .error("f", "its standard deviation is 5.65"),
            case_of(asyncness, vec![1.0, 1.5], CheckOutput::new().max_standard_dev(1.0)).output("f", vec![1.0, 1.5]),
            case_of(asyncness, vec![1_i64, 12, 13], CheckOutput::new().range(0..=9))
                .error("f", "12 and another point are not within 0..=9"),
            case_of(asyncness, None::<i64>, CheckOutput::new().allow_none(false)).error("f", "it is `None`"),
            case_of(asyncness, Some(3_i64), CheckOutput::new().allow_none(false)).output("f", Some(3_i64)),
            case_of(asyncness, text("a word"), CheckOutput::new().contains("word").does_not_contain("x"))
                .output("f", text("a word")),
            case_of(asyncness, text("a word"), CheckOutput::new().contains("x").does_not_contain("word"))
                .error("f", "`contains_validator`: it does not contain \"x\"; `does_not_contain_validator`: it contains \"word\""),
            case_of(asyncness, text("dev"), CheckOutput::new().values_in([text("prod")])).error("f", "\"dev\" is not one of [\"prod\"]"),
        ]
    });
}

#[test]
fn mismatched_validator_fails_build() {
    run_each(|asyncness| {
        vec![
            Case::of([f(asyncness).with_decorator(CheckOutput::<f64>::new().range(0.0..=1.0))]).refusal(
                "ICO0408 check-output-wrong-type",
                "`check_output` checks a `f64`, but `f` returns `i64`",
            ),
            Case::of([f(asyncness).with_decorator(CheckOutput::<i64>::new().data_type::<f64>())]).refusal(
                "ICO0408 check-output-wrong-type",
                "`check_output` expects a `f64`, but the output is a `i64`",
            ),
        ]
    });
}

#[test]
fn check_nodes_name_the_validator_and_the_checked_node() {
    run_each(|asyncness| {
        Case::of([f(asyncness).with_decorator(fails().range(0..=9))])
            .tags("f_range_validator", "data_quality.checks = f")
            .check_graph(|graph| {
                let documentation = outline(graph, "f_range_validator").documentation();
                assert_eq!(documentation, "Every point is within 0..=9.");
            })
    });
}

#[test]
fn value_without_clone_can_be_checked() {
    struct Token(i64);

    struct Fresh;

    impl Validator<Token> for Fresh {
        fn name(&self) -> &'static str {
            "fresh"
        }

        fn validate(&self, token: &Token) -> Validation {
            Validation::of(token.0 > 0, "it is stale")
        }
    }

    run_each(|asyncness| {
        let outline = icosian::Outline::new("token").with_param(crate::case::number("a"));
        let token = match asyncness {
            Asyncness::Sync => Node::sync(outline, |args| Ok(Token(args.take(0)))),
            Asyncness::Async => Node::future(outline, |args| {
                let a: i64 = args.take(0);
                async move { Ok(Token(a)) }
            }),
        };
        let token = token.with_decorator(CheckOutput::new().custom(Fresh).importance(Importance::Fail));
        let spent = icosian::Outline::new("spent").with_param(icosian::Param::borrowed::<Token>("token"));
        let spent =
            crate::case::reading(asyncness, spent, |args| args.lease::<Token>(0), |token| token.0 + 1);
        let case = || Case::of([token.clone(), spent.clone().into()]);
        vec![
            case().input("a", 1_i64).output("spent", 2_i64),
            case().input("a", 0_i64).error("spent", "it is stale"),
        ]
    });
}
