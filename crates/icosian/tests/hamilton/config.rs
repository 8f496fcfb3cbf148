//! Tests of `config.when` and its family, and of `hamilton_exclude`.

use icosian::decorators::{Condition, ConfigWhen, Exclude, Function};
use icosian::{Colour, Config};

use crate::case::{Case, each, flow, function};

fn gives(colour: Colour, name: &'static str, number: i64, when: Condition) -> Function {
    function(colour, name, [], move |[]| number).decorated(ConfigWhen::new(when))
}

fn reader(colour: Colour) -> Function {
    function(colour, "reader", ["rate"], |[rate]| rate * 10).into()
}

#[test]
fn suffix_names_the_variant() {
    each(|colour| {
        let case = || {
            Case::of([
                gives(colour, "rate__prod", 1, Condition::when("env", "prod")),
                gives(colour, "rate__other", 2, Condition::when_not("env", "prod")),
                reader(colour),
            ])
            .nodes(["rate", "reader <- rate"])
        };
        vec![
            case().config("env", "prod").gives("reader", 10_i64).gives("rate", 1_i64),
            case().config("env", "dev").gives("reader", 20_i64),
            case().gives("reader", 20_i64),
        ]
    });
}

#[test]
fn name_can_replace_the_suffix() {
    each(|colour| {
        let live = function(colour, "ask_the_bank", [], |[]| 1_i64)
            .decorated(ConfigWhen::new(Condition::when("env", "prod")).named("rate"));
        let fixed = gives(colour, "rate__fixed", 2, Condition::when_not("env", "prod"));
        let case =
            || Case::of([live.clone(), fixed.clone(), reader(colour)]).nodes(["rate", "reader <- rate"]);
        vec![case().config("env", "prod").gives("reader", 10_i64), case().gives("reader", 20_i64)]
    });
}

#[test]
fn function_without_a_suffix_keeps_its_name() {
    each(|colour| {
        let case = || Case::of([gives(colour, "rate", 1, Condition::when("env", "prod"))]);
        vec![case().config("env", "prod").nodes(["rate"]).gives("rate", 1_i64), case().nodes([])]
    });
}

#[test]
fn one_matching_value_is_enough() {
    each(|colour| {
        let case = || {
            Case::of([
                gives(colour, "rate__west", 1, Condition::when_in("region", ["eu", "us"])),
                gives(colour, "rate__east", 2, Condition::when_not_in("region", ["eu", "us"])),
            ])
        };
        vec![
            case().config("region", "us").gives("rate", 1_i64),
            case().config("region", "asia").gives("rate", 2_i64),
            case().gives("rate", 2_i64),
        ]
    });
}

#[test]
fn numbers_and_booleans_are_compared() {
    each(|colour| {
        let case = || {
            Case::of([
                gives(
                    colour,
                    "rate__some",
                    1,
                    Condition::when("workers", 4_u64).and(Condition::when("fast", true)),
                ),
                gives(colour, "rate__other", 2, Condition::when("fast", false)),
            ])
        };
        vec![
            case().config("workers", 4_u64).config("fast", true).gives("rate", 1_i64),
            case().config("workers", 4_u64).config("fast", false).gives("rate", 2_i64),
        ]
    });
}

#[test]
fn condition_can_be_a_closure() {
    each(|colour| {
        let many = Condition::of("many", |config: &Config| config.get::<u64>("workers") > Some(&2));
        let case = || Case::of([gives(colour, "rate__many", 1, many.clone())]);
        vec![case().config("workers", 3_u64).nodes(["rate"]), case().config("workers", 2_u64).nodes([])]
    });
}

#[test]
fn all_conditions_must_hold() {
    each(|colour| {
        let both = || {
            function(colour, "rate__both", [], |[]| 1_i64)
                .decorated(ConfigWhen::new(Condition::when("env", "prod")))
                .decorated(ConfigWhen::new(Condition::when("tier", "gold")))
        };
        vec![
            Case::of([both()])
                .config("env", "prod")
                .config("tier", "gold")
                .nodes(["rate"])
                .gives("rate", 1_i64),
            Case::of([both()]).config("env", "prod").config("tier", "lead").nodes([]),
            Case::of([both()]).config("tier", "gold").nodes([]),
        ]
    });
}

#[test]
fn two_matching_variants_are_refused() {
    each(|colour| {
        Case::of([
            gives(colour, "rate__a", 1, Condition::when("env", "prod")),
            gives(colour, "rate__b", 2, Condition::when_in("env", ["prod"])),
        ])
        .config("env", "prod")
        .refused(
            "ICO0501 config-variants-overlap",
            "config fits two variants of `rate`: `rate__a` and `rate__b`",
        )
    });
}

/// Hamilton reports this only during execution.
#[test]
fn read_node_without_matching_variant_is_refused() {
    each(|colour| {
        let variant = gives(colour, "rate__a", 1, Condition::when("env", "prod"));
        Case::of([variant, reader(colour)]).refused(
            "ICO0502 config-variants-gap",
            "config fits no variant of `rate`, which `reader` reads: `env` is not set, and variants accept \"prod\"",
        )
    });
}

#[test]
fn config_can_provide_the_node() {
    each(|colour| {
        let variant = gives(colour, "rate__a", 1, Condition::when("env", "prod"));
        Case::of([variant, reader(colour)]).config("rate", 7_i64).gives("reader", 70_i64)
    });
}

#[test]
fn another_dataflow_can_provide_the_node_without_matching_variant() {
    each(|colour| {
        let variant = gives(colour, "rate__a", 1, Condition::when("env", "prod"));
        let other = function(colour, "rate", [], |[]| 5_i64).into();
        Case::of([variant, reader(colour)]).beside(flow("other", [other])).gives("reader", 50_i64)
    });
}

#[test]
fn values_of_different_types_are_not_equal() {
    each(|colour| {
        Case::of([gives(colour, "rate__a", 1, Condition::when("workers", 4_i32))])
            .config("workers", 4_u64)
            .refused(
                "ICO0506 config-value-type",
                "config value `workers` is of type `u64`, and it is compared with [4]",
            )
    });
}

#[test]
fn excluded_function_is_not_a_node() {
    each(|colour| {
        let helper = function(colour, "helper", ["x"], |[x]| x).decorated(Exclude);
        Case::of([helper, function(colour, "other", [], |[]| 1_i64).into()]).nodes(["other"])
    });
}
