//! Tests of `resolve` and `resolve_from_config`.

use std::collections::HashMap;

use icosian::decorators::{Config, ExtractOutputs, Parameterize, PipeOutput, PipeStep, Resolve, Tag, value};
use icosian::{BoxError, Output};

use crate::case::{Case, function, run_each};

#[test]
fn config_selects_the_nodes() {
    run_each(|asyncness| {
        let resolve = || {
            Resolve::new(|config: &Config| {
                let names = config.get::<Vec<&str>>("names").ok_or("config has no `names`")?;
                Ok::<_, BoxError>(
                    Parameterize::new().values("a", names.iter().zip(0_i64..).map(|(name, at)| (*name, at))),
                )
            })
        };
        let f = || function(asyncness, "f", ["a"], |[a]| a + 10).with_decorator(resolve());
        vec![
            Case::of([f()])
                .config("names", vec!["n1", "n2"])
                .nodes(["n1", "n2"])
                .output("n1", 10_i64)
                .output("n2", 11_i64),
            Case::of([f()])
                .refusal("ICO0507 resolve-failed", "`resolve` on `f` failed: config has no `names`"),
        ]
    });
}

#[test]
fn config_selects_the_parts() {
    run_each(|asyncness| {
        let resolve = Resolve::new(|config: &Config| {
            let names = config.get::<Vec<String>>("names").ok_or("config has no `names`")?;
            let part = || Output::of::<i64>().cloneable::<i64>();
            let fields = ExtractOutputs::<HashMap<String, i64>>::fields();
            Ok::<_, BoxError>(names.iter().fold(fields, |fields, name| fields.key(name.clone(), part())))
        });
        let f =
            function(asyncness, "f", [], |[]| HashMap::from([("a".to_owned(), 1_i64), ("b".to_owned(), 2)]));
        Case::of([f.with_decorator(resolve)])
            .config("names", vec!["a".to_owned(), "b".to_owned()])
            .nodes(["a <- f", "b <- f", "f"])
            .output("a", 1_i64)
            .output("b", 2_i64)
    });
}

#[test]
fn missing_config_key_has_a_default() {
    run_each(|asyncness| {
        let resolve = || {
            Resolve::new(|config: &Config| {
                let owner = config.text("owner").unwrap_or("nobody").to_owned();
                Ok::<_, BoxError>(Tag::new().with("owner", [owner]))
            })
        };
        let f = || function(asyncness, "f", [], |[]| 1_i64).with_decorator(resolve());
        vec![
            Case::of([f()]).tags("f", "owner = nobody").output("f", 1_i64),
            Case::of([f()]).config("owner", "me").tags("f", "owner = me"),
        ]
    });
}

#[test]
fn resolved_decorator_applies_in_its_phase() {
    run_each(|asyncness| {
        let add = PipeStep::of(function(asyncness, "add", ["given", "more"], |[given, more]| given + more));
        let resolve = Resolve::new(move |config: &Config| {
            let more = *config.get::<i64>("more").ok_or("config has no `more`")?;
            Ok::<_, BoxError>(PipeOutput::new().step(add.clone().bind("more", value(more))))
        });
        let double = PipeStep::of(function(asyncness, "double", ["given"], |[given]| given * 2));
        let f = function(asyncness, "f", ["a"], |[a]| a)
            .with_decorator(resolve)
            .with_decorator(PipeOutput::new().step(double))
            .with_decorator(Parameterize::new().values("a", [("x", 1_i64), ("y", 2)]));
        Case::of([f]).config("more", 10_i64).output("x", 22_i64).output("y", 24_i64)
    });
}

#[test]
fn resolver_can_return_a_resolver() {
    run_each(|asyncness| {
        let resolve = Resolve::new(|_: &Config| {
            Ok::<_, BoxError>(Resolve::new(|_: &Config| Ok::<_, BoxError>(Tag::new().with("depth", ["two"]))))
        });
        Case::of([function(asyncness, "f", [], |[]| 1_i64).with_decorator(resolve)]).tags("f", "depth = two")
    });
}

#[test]
fn failed_resolver_does_not_hide_other_errors() {
    run_each(|asyncness| {
        let broken = || Resolve::new(|_: &Config| Err::<Tag, _>(BoxError::from("never")));
        let f = |name: &'static str| function(asyncness, name, [], |[]| 1_i64).with_decorator(broken());
        Case::of([f("f"), f("g")])
            .refusal("ICO0507 resolve-failed", "`resolve` on `f` failed: never")
            .refusal("ICO0507 resolve-failed", "`resolve` on `g` failed: never")
    });
}
