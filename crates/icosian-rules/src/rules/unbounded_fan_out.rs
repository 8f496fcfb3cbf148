use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds expansions with async nodes whose dataflow sets no limit. A limit is `#[expand(concurrency = ..)]`, or a `#[limit(..)]` or
    /// `#[rate_limit(..)]` on a node of the block.
    ///
    /// The rule skips blocks of sync nodes, and drivers with a sync adapter. It does not know the limits of the adapter, such as
    /// `TokioAdapter::with_max_concurrent_nodes`.
    ///
    /// ## Rationale
    /// Without a limit, the default of the driver sets the number of items that wait for a service at the same time. The default is the
    /// same for every service, and it applies to each execution, so concurrent executions multiply the number of items. The right number
    /// depends on the service that the nodes call.
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
