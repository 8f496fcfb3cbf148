use std::collections::HashMap;

use icosian_core::node::Asyncness;

use crate::{Facts, Finding, NodeVariant, rule};

rule! {
    /// ## Check
    /// Finds variants of a node of which some are sync and others async.
    ///
    /// ## Rationale
    /// What works in one config fails in another: under a sync adapter, or where a sync function blocks the thread of
    /// those that are async. A driver sees only the variant that its config keeps.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate as it is.
    ///     #[config_when(env = "prod")]
    ///     pub async fn rate__live() -> f64 { 1.5 }
    ///     /// The rate for trying things.
    ///     #[config_when(env = "test")]
    ///     pub fn rate__fixed() -> f64 { 1.0 }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow()).with_config(config! { "env": "prod" })
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate as it is.
    ///     #[config_when(env = "prod")]
    ///     pub async fn rate__live() -> f64 { 1.5 }
    ///     /// The rate for trying things.
    ///     #[config_when(env = "test")]
    ///     pub async fn rate__fixed() -> f64 { 1.0 }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow()).with_config(config! { "env": "prod" })
    /// ```
    pub(crate) struct MixedAsyncVariants {
        code: "ICO0112",
        name: "mixed-async-variants",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let variants = facts.graph().map(|graph| graph.variants.as_slice()).unwrap_or_default();
    let mut first: HashMap<(usize, &str), &NodeVariant> = HashMap::new();
    let mut findings = Vec::new();
    for variant in variants {
        let first = *first.entry((variant.dataflow, &variant.node)).or_insert(variant);
        if first.asyncness != variant.asyncness {
            let message = format!("variants of `{}` are sync and async", variant.node);
            let finding = Finding::new(variant.span, message).labelled(asyncness(variant));
            let finding = finding.also(first.span, asyncness(first));
            findings.push(finding.help("make them all async, or all sync"));
        }
    }
    findings
}

fn asyncness(variant: &NodeVariant) -> String {
    let asyncness = if variant.asyncness == Asyncness::Async { "async" } else { "sync" };
    format!("`{}` is {asyncness}", variant.function)
}
