use super::blocking_call::finding;

use icosian_core::decorator::BuiltIn;

use crate::blocking::{Finder, help};
use crate::{DecoratorFacts, Fact, Facts, Finding, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds blocking calls in sync nodes that run under tokio without `#[offload]`.
    ///
    /// ## Rationale
    /// `TokioAdapter` runs sync nodes inline, on the task that awaits the execution. While such a node blocks, the
    /// async nodes of the execution and other tasks of the thread make no progress. `#[offload]` moves the node to a
    /// thread for blocking work. The rule needs to know the adapter: from `adapter = "tokio"` in the settings, from
    /// `--adapter`, or from the linked dataflow. Nodes may block under the sync adapter and under rayon.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rates as text.
    ///     pub fn rates(path: &std::path::Path) -> String {
    ///         std::fs::read_to_string(path).unwrap_or_default()
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rates as text.
    ///     #[offload]
    ///     pub fn rates(path: &std::path::Path) -> String {
    ///         std::fs::read_to_string(path).unwrap_or_default()
    ///     }
    /// }
    /// ```
    pub(crate) struct BlockingInline {
        code: "ICO0212",
        name: "blocking-node-inline",
        level: Warn,
        stage: Source,
        fix: Unsafe,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let finder = Finder::new(facts, help);
    let flows = facts.dataflows.iter().map(|flow| (&flow.adapters, flow.functions.as_slice()));
    let all = flows.chain([(&facts.adapters, facts.loose.as_slice())]);
    let mut findings = Vec::new();
    for function in all.filter(|(adapters, _)| is_under_tokio(adapters)).flat_map(|(_, functions)| functions)
    {
        let Some(body) = function.body.known().filter(|_| runs_inline(function)) else { continue };
        for found in finder.find(body) {
            let message = format!(
                "sync node `{}` blocks the runtime's thread in `{}`",
                function.name, found.call.written
            );
            findings.push(finding(function, &found, message, "no async node makes progress meanwhile"));
        }
    }
    findings
}

fn is_under_tokio(adapters: &Fact<Vec<String>>) -> bool {
    adapters.known().is_some_and(|adapters| adapters.iter().any(|adapter| adapter == "tokio"))
}

/// Returns whether a sync function runs inline: `#[offload]` and decorators of other crates can move it elsewhere.
fn runs_inline(function: &FunctionFacts) -> bool {
    let is_known = |decorator: &DecoratorFacts| decorator.spec().is_some() && !decorator.is(BuiltIn::Offload);
    !function.is_async() && function.decorators.iter().all(is_known) && !function.has_misplaced_decorators
}
