use std::collections::HashMap;

use icosian_core::node::Asyncness;

use crate::{Facts, Finding, NodeVariant, rule};

rule! {
    /// ## Check
    /// Finds nodes that have both sync and async variants.
    ///
    /// ## Rationale
    /// Config selects one variant, and a driver only sees this variant. A dataflow that works with one config may therefore fail with
    /// another config. A sync adapter cannot run the async variant, and a sync variant can block a thread of the async runtime.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rate.
    ///     #[config_when(env = "prod")]
    ///     pub async fn rate__live() -> f64 { 1.5 }
    ///     /// A fixed rate for tests.
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
    ///     /// The current rate.
    ///     #[config_when(env = "prod")]
    ///     pub async fn rate__live() -> f64 { 1.5 }
    ///     /// A fixed rate for tests.
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
            let message = format!("node `{}` has sync and async variants", variant.node);
            let finding = Finding::new(variant.span, message).labelled(asyncness(variant));
            let finding = finding.also(first.span, asyncness(first));
            findings.push(finding.help("make all variants async, or all sync"));
        }
    }
    findings
}

fn asyncness(variant: &NodeVariant) -> String {
    let asyncness = if variant.asyncness == Asyncness::Async { "async" } else { "sync" };
    format!("`{}` is {asyncness}", variant.function)
}
