//! Tests of `tag`, `tag_outputs`, and `ray_remote_options`, which sets tags.

use icosian::decorators::{
    CheckOutput, ExtractOutputs, Function, Inject, Parameterize, PipeInput, PipeOutput, PipeStep, Remote,
    Tag, TagOutputs, list, source, value,
};
use icosian::{Asyncness, Node, Outline, Output, Param};

use crate::case::{Case, function, reading, run_each};

fn extracted(asyncness: Asyncness, name: &'static str) -> Function {
    let part = || Output::of::<i64>().cloneable::<i64>();
    function(asyncness, name, [], |[]| (1_i64, 2_i64)).with_decorator(
        ExtractOutputs::<(i64, i64)>::fields().field("first", |pair| &pair.0, part()).field(
            "second",
            |pair| &pair.1,
            part(),
        ),
    )
}

fn owner(name: &'static str) -> Tag {
    Tag::new().with("owner", [name])
}

#[test]
fn tags_are_on_sinks_only() {
    run_each(|asyncness| {
        let case = Case::of([extracted(asyncness, "pair").with_decorator(owner("me"))]);
        case.tags("pair", "").tags("first", "owner = me").tags("second", "owner = me")
    });
}

#[test]
fn tags_apply_to_selected_nodes() {
    run_each(|asyncness| {
        vec![
            Case::of([extracted(asyncness, "pair").with_decorator(owner("me").on(["pair"]))])
                .tags("pair", "owner = me")
                .tags("first", ""),
            Case::of([extracted(asyncness, "pair").with_decorator(owner("me").on(["first", "pair"]))])
                .tags("pair", "owner = me")
                .tags("first", "owner = me")
                .tags("second", ""),
            Case::of([extracted(asyncness, "pair").with_decorator(owner("me").on_all())])
                .tags("pair", "owner = me")
                .tags("first", "owner = me")
                .tags("second", "owner = me"),
            Case::of([extracted(asyncness, "pair").with_decorator(owner("me").on(["third"]))])
                .refusal("ICO0419 unclear-target", "`tag` names node `third`, but `pair` has no such node"),
        ]
    });
}

#[test]
fn outputs_have_separate_tags() {
    run_each(|asyncness| {
        let tags = TagOutputs::new().with("first", "owner", ["me"]).with("second", "owner", ["you", "them"]);
        let case = Case::of([extracted(asyncness, "pair").with_decorator(tags)]);
        case.tags("pair", "").tags("first", "owner = me").tags("second", "owner = you, them")
    });
}

#[test]
fn tags_of_unknown_output_are_refused() {
    run_each(|asyncness| {
        let tags = TagOutputs::new().with("frist", "owner", ["me"]).with("third", "owner", ["me"]);
        Case::of([extracted(asyncness, "pair").with_decorator(tags)])
            .refusal(
                "ICO0419 unclear-target",
                "`tag_outputs` names node `frist`, but `pair` has no such node",
            )
            .refusal(
                "ICO0419 unclear-target",
                "`tag_outputs` names node `third`, but `pair` has no such node",
            )
    });
}

#[test]
fn outer_tag_overrides_equal_key() {
    run_each(|asyncness| {
        let tagged = function(asyncness, "tagged", [], |[]| 1_i64)
            .with_decorator(owner("inner").with("team", ["a"]))
            .with_decorator(owner("outer"));
        let outputs = extracted(asyncness, "pair")
            .with_decorator(TagOutputs::new().with("first", "owner", ["inner"]))
            .with_decorator(owner("outer"));
        Case::of([tagged, outputs])
            .tags("tagged", "owner = outer; team = a")
            .tags("first", "owner = outer")
            .tags("second", "owner = outer")
    });
}

#[test]
fn all_nodes_of_a_parameterization_are_sinks() {
    run_each(|asyncness| {
        let both = function(asyncness, "both", ["x"], |[x]| x)
            .with_decorator(owner("me"))
            .with_decorator(Parameterize::new().values("x", [("a", 1_i64), ("b", 2)]));
        Case::of([both]).tags("a", "owner = me").tags("b", "owner = me").output("a", 1_i64)
    });
}

#[test]
fn intermediate_nodes_have_no_tags() {
    run_each(|asyncness| {
        let add = || PipeStep::of(function(asyncness, "add", ["to"], |[to]| to + 1));
        let checked = function(asyncness, "checked", [], |[]| 1_i64)
            .with_decorator(owner("me"))
            .with_decorator(CheckOutput::<i64>::new().range(0..=9));
        let piped = function(asyncness, "piped", ["x"], |[x]| x)
            .with_decorator(PipeInput::new().step(add()))
            .with_decorator(PipeOutput::new().step(add().named("more")))
            .with_decorator(owner("me"));
        let outline = Outline::new("injected").with_param(Param::taken::<Vec<i64>>("parts").with_clone());
        let injected: Node =
            reading(asyncness, outline, |args| args.take::<Vec<i64>>(0), |parts| parts.len());
        let injected = injected
            .with_decorator(owner("me"))
            .with_decorator(Inject::new().bind("parts", list::<i64>([source("x"), value(1_i64)])));
        Case::of([checked, piped, injected])
            .tags("checked", "owner = me")
            .tags("checked_raw", "")
            .tags("checked_range_validator", "data_quality.checks = checked")
            .tags("piped", "owner = me")
            .tags("piped.raw", "")
            .tags("piped.with_add", "")
            .tags("piped.more", "")
            .tags("injected", "owner = me")
            .tags("injected.parts", "")
    });
}

#[test]
fn dotted_keys_are_valid_and_reserved_words_refused() {
    run_each(|asyncness| {
        let tagged = |tag: Tag| Case::of([function(asyncness, "f", [], |[]| 1_i64).with_decorator(tag)]);
        let key = |key: &'static str| Tag::new().with(key, ["x"]);
        let reserved =
            |name: &'static str, words: &'static str| tagged(key(name)).refusal("ICO0420 invalid-tag", words);
        let wrong =
            |name: &'static str, words: &'static str| tagged(key(name)).refusal("ICO0420 invalid-tag", words);
        vec![
            tagged(key("data.owner_1")).tags("f", "data.owner_1 = x"),
            reserved("icosian.x", "tag key `icosian.x` starts with a reserved word"),
            reserved("dag.x", "tag key `dag.x` starts with a reserved word"),
            reserved("data_quality.x", "tag key `data_quality.x` starts with a reserved word"),
            reserved("module", "tag key `module` starts with a reserved word"),
            reserved("gdpr", "tag key `gdpr` starts with a reserved word"),
            reserved("ccpa", "tag key `ccpa` starts with a reserved word"),
            wrong("1a", "`1a` is not a valid tag key"),
            wrong("a..b", "`a..b` is not a valid tag key"),
            wrong("a b", "`a b` is not a valid tag key"),
            tagged(Tag::new().with("empty", [""; 0]))
                .refusal("ICO0420 invalid-tag", "tag `empty` has no values"),
        ]
    });
}

#[test]
fn remote_options_are_tags() {
    run_each(|asyncness| {
        let train = function(asyncness, "train", [], |[]| 1_i64)
            .with_decorator(Remote::new().option("num_cpus", "4").option("num_gpus", "1"));
        Case::of([train]).tags("train", "remote.num_cpus = 4; remote.num_gpus = 1").output("train", 1_i64)
    });
}
