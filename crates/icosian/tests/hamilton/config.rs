//! Tests of `config.when` and its family, and of `hamilton_exclude`.

use icosian::decorators::{Condition, ConfigWhen, Exclude, Function};
use icosian::{Asyncness, Config};

use crate::case::{Case, flow, function, run_each};

fn variant(asyncness: Asyncness, name: &'static str, number: i64, when: Condition) -> Function {
    function(asyncness, name, [], move |[]| number).with_decorator(ConfigWhen::new(when))
}

fn reader(asyncness: Asyncness) -> Function {
    function(asyncness, "reader", ["rate"], |[rate]| rate * 10).into()
}

#[test]
fn suffix_names_the_variant() {
    run_each(|asyncness| {
        let case = || {
            Case::of([
                variant(asyncness, "rate__prod", 1, Condition::when("env", "prod")),
                variant(asyncness, "rate__other", 2, Condition::when_not("env", "prod")),
                reader(asyncness),
            ])
            .nodes(["rate", "reader <- rate"])
        };
        vec![
            case().config("env", "prod").output("reader", 10_i64).output("rate", 1_i64),
            case().config("env", "dev").output("reader", 20_i64),
            case().output("reader", 20_i64),
        ]
    });
}

#[test]
fn name_can_replace_the_suffix() {
    run_each(|asyncness| {
        let live = function(asyncness, "ask_the_bank", [], |[]| 1_i64)
            .with_decorator(ConfigWhen::new(Condition::when("env", "prod")).named("rate"));
        let fixed = variant(asyncness, "rate__fixed", 2, Condition::when_not("env", "prod"));
        let case =
            || Case::of([live.clone(), fixed.clone(), reader(asyncness)]).nodes(["rate", "reader <- rate"]);
        vec![case().config("env", "prod").output("reader", 10_i64), case().output("reader", 20_i64)]
    });
}

#[test]
fn function_without_a_suffix_keeps_its_name() {
    run_each(|asyncness| {
        let case = || Case::of([variant(asyncness, "rate", 1, Condition::when("env", "prod"))]);
        vec![case().config("env", "prod").nodes(["rate"]).output("rate", 1_i64), case().nodes([])]
    });
}

#[test]
fn one_matching_value_is_enough() {
    run_each(|asyncness| {
        let case = || {
            Case::of([
                variant(asyncness, "rate__west", 1, Condition::when_in("region", ["eu", "us"])),
                variant(asyncness, "rate__east", 2, Condition::when_not_in("region", ["eu", "us"])),
            ])
        };
        vec![
            case().config("region", "us").output("rate", 1_i64),
            case().config("region", "asia").output("rate", 2_i64),
            case().output("rate", 2_i64),
        ]
    });
}

#[test]
fn numbers_and_booleans_are_compared() {
    run_each(|asyncness| {
        let case = || {
            Case::of([
                variant(
                    asyncness,
                    "rate__some",
                    1,
                    Condition::when("workers", 4_u64).and(Condition::when("fast", true)),
                ),
                variant(asyncness, "rate__other", 2, Condition::when("fast", false)),
            ])
        };
        vec![
            case().config("workers", 4_u64).config("fast", true).output("rate", 1_i64),
            case().config("workers", 4_u64).config("fast", false).output("rate", 2_i64),
        ]
    });
}

#[test]
fn condition_can_be_a_closure() {
    run_each(|asyncness| {
        let many = Condition::of("many", |config: &Config| config.get::<u64>("workers") > Some(&2));
        let case = || Case::of([variant(asyncness, "rate__many", 1, many.clone())]);
        vec![case().config("workers", 3_u64).nodes(["rate"]), case().config("workers", 2_u64).nodes([])]
    });
}

#[test]
fn all_conditions_must_hold() {
    run_each(|asyncness| {
        let both = || {
            function(asyncness, "rate__both", [], |[]| 1_i64)
                .with_decorator(ConfigWhen::new(Condition::when("env", "prod")))
                .with_decorator(ConfigWhen::new(Condition::when("tier", "gold")))
        };
        vec![
            Case::of([both()])
                .config("env", "prod")
                .config("tier", "gold")
                .nodes(["rate"])
                .output("rate", 1_i64),
            Case::of([both()]).config("env", "prod").config("tier", "lead").nodes([]),
            Case::of([both()]).config("tier", "gold").nodes([]),
        ]
    });
}

#[test]
fn two_matching_variants_are_refused() {
    run_each(|asyncness| {
        Case::of([
            variant(asyncness, "rate__a", 1, Condition::when("env", "prod")),
            variant(asyncness, "rate__b", 2, Condition::when_in("env", ["prod"])),
        ])
        .config("env", "prod")
        .refusal(
            "ICO0501 config-variants-overlap",
            "config matches two variants of `rate`: `rate__a` and `rate__b`",
        )
    });
}

/// Hamilton reports this only during execution.
#[test]
fn read_node_without_matching_variant_is_refused() {
    run_each(|asyncness| {
        let variant = variant(asyncness, "rate__a", 1, Condition::when("env", "prod"));
        Case::of([variant, reader(asyncness)]).refusal(
            "ICO0502 config-variants-gap",
            "config matches no variant of `rate`, which `reader` reads: `env` is not set, but variants accept \"prod\"",
        )
    });
}

#[test]
fn config_can_provide_the_node() {
    run_each(|asyncness| {
        let variant = variant(asyncness, "rate__a", 1, Condition::when("env", "prod"));
        Case::of([variant, reader(asyncness)]).config("rate", 7_i64).output("reader", 70_i64)
    });
}

#[test]
fn another_dataflow_can_provide_the_node_without_matching_variant() {
    run_each(|asyncness| {
        let variant = variant(asyncness, "rate__a", 1, Condition::when("env", "prod"));
        let other = function(asyncness, "rate", [], |[]| 5_i64).into();
        Case::of([variant, reader(asyncness)]).with_dataflow(flow("other", [other])).output("reader", 50_i64)
    });
}

#[test]
fn values_of_different_types_are_not_equal() {
    run_each(|asyncness| {
        Case::of([variant(asyncness, "rate__a", 1, Condition::when("workers", 4_i32))])
            .config("workers", 4_u64)
            .refusal(
                "ICO0506 config-value-type",
                "config value `workers` is a `u64`, but is compared with [4]",
            )
    });
}

#[test]
fn excluded_function_is_not_a_node() {
    run_each(|asyncness| {
        let helper = function(asyncness, "helper", ["x"], |[x]| x).with_decorator(Exclude);
        Case::of([helper, function(asyncness, "other", [], |[]| 1_i64).into()]).nodes(["other"])
    });
}
