use icosian_core::decorator::{BuiltIn, Verdict, judge};
use icosian_core::node::Asyncness;
use icosian_core::{AdapterSpec, Caps};

use super::block_on;
use crate::blocking::{self, Finder};
use crate::{Call, DecoratorFacts, Edit, Facts, Finding, Fix, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds async nodes that await nothing.
    ///
    /// ## Rationale
    /// Such a node has the cost of a future and needs an async adapter, without a benefit. The rule skips bodies with
    /// unknown macros. A body that blocks its thread has no fix, because a sync node would block the same thread.
    /// Offload such a body, or await async counterparts of its calls.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub async fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct AsyncWithoutAwait {
        code: "ICO0206",
        name: "async-without-await",
        level: Allow,
        stage: Source,
        fix: Unsafe,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let blocks = Finder::new(facts, may_block);
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async()) {
        let (Some(body), Some(word)) = (function.body.known(), function.async_span) else { continue };
        if body.is_opaque || body.awaits.iter().any(|it| !it.is_elsewhere) {
            continue;
        }
        let finding =
            Finding::new(function.name_span, format!("async node `{}` awaits nothing", function.name));
        // An offloaded body runs on the same thread with and without `async`.
        let needs_offload = !function.has(BuiltIn::Offload) && !blocks.find(body).is_empty();
        findings.push(if needs_offload {
            let offload = blocking::offload_help(function);
            finding.help(format!("await async counterparts of its blocking calls, or {offload}"))
        } else if may_be_sync(function) {
            finding.help("remove `async`").fix(Fix::risky("remove `async`", [Edit::removed(word)]))
        } else {
            finding.help("remove `async` and the decorators that need it")
        });
    }
    findings
}

/// Returns the help of the first rule on blocking calls that reports `call`.
fn may_block(call: &Call, facts: &Facts) -> Option<&'static str> {
    blocking::help(call, facts).or_else(|| block_on::help(call, facts)).or_else(|| {
        let starts_runtime = call.is_to(&super::runtime_in_node::STARTS);
        starts_runtime.then_some("")
    })
}

/// Returns whether the decorators of `function` are known to accept a sync function.
fn may_be_sync(function: &FunctionFacts) -> bool {
    let innermost_first = function.decorators.iter().rev().map(DecoratorFacts::spec);
    let Some(specs) = innermost_first.collect::<Option<Vec<_>>>() else { return false };
    let everything = [Caps::TIMER, Caps::THREADS, Caps::GROUPS, Caps::REMOTE];
    let adapter =
        everything.into_iter().fold(AdapterSpec::new("any").polls_futures(), AdapterSpec::with_caps);
    !matches!(judge(Asyncness::Sync, specs, &adapter), Verdict::Unsupported { .. })
}
