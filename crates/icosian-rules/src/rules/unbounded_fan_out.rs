use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds expansions with async nodes and without any limit that the dataflow sets: neither `#[expand(concurrency = ..)]`, nor a
    /// `#[limit(..)]` or `#[rate_limit(..)]` on a node of the block.
    ///
    /// Blocks of sync nodes are not reported, nor are drivers with a sync adapter. The rule does not see limits of the adapter itself, such as
    /// `TokioAdapter::with_max_concurrent_nodes`.
    ///
    /// ## Rationale
    /// Without a limit the default of the driver decides how many items wait for a service at the same time. The default is one
    /// number for every service and every execution, and executions that run side by side multiply it. The right number depends on the service that
    /// the nodes call.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod pages {
    ///     use icosian::expand::Collect;
    ///
    ///     /// An address.
    ///     #[expand]
    ///     pub fn url(urls: &[String]) -> Vec<String> { urls.to_vec() }
    ///     /// The length of the page.
    ///     pub async fn length(url: &str) -> usize { url.len() }
    ///     /// The sum of the lengths.
    ///     pub fn total(length: &Collect<usize>) -> usize { length.iter().sum() }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(pages::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod pages {
    ///     use icosian::expand::Collect;
    ///
    ///     /// An address.
    ///     #[expand(concurrency = 8)]
    ///     pub fn url(urls: &[String]) -> Vec<String> { urls.to_vec() }
    ///     /// The length of the page.
    ///     pub async fn length(url: &str) -> usize { url.len() }
    ///     /// The sum of the lengths.
    ///     pub fn total(length: &Collect<usize>) -> usize { length.iter().sum() }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(pages::dataflow())
    /// ```
    pub(crate) struct UnboundedFanOut {
        code: "ICO0308",
        name: "unbounded-fan-out",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let Some(graph) = facts.graph().filter(|graph| graph.runs_async_nodes) else { return Vec::new() };
    let unlimited = graph.expansions.iter().filter(|expansion| !expansion.is_limited);
    let findings = unlimited.filter_map(|expansion| {
        let node = expansion.async_node.as_ref()?;
        let message = format!(
            "expansion `{}` sets no limit for its items, and async node `{node}` has none",
            expansion.node
        );
        Some(
            Finding::new(expansion.span, message)
                .labelled("has no `concurrency`")
                .help(format!("add `concurrency = 16` to the attribute, or a `#[limit(..)]` to `{node}`")),
        )
    });
    findings.collect()
}
