use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds offloaded sync functions with a `timeout`.
    ///
    /// ## Rationale
    /// On expiry the node fails, but its thread keeps running until the function returns. A function that never returns
    /// occupies the thread forever.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod digests {
    ///     /// The digest.
    ///     #[timeout("1s")]
    ///     #[offload]
    ///     pub fn digest(text: String) -> usize { text.len() }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(digests::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod digests {
    ///     /// The digest.
    ///     #[timeout("1s")]
    ///     pub async fn digest(text: String) -> usize { std::future::ready(text.len()).await }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(digests::dataflow())
    /// ```
    pub(crate) struct TimeoutCannotCancel {
        code: "ICO0703",
        name: "timeout-cannot-cancel",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let nodes = facts.graph().map(|graph| graph.nodes.as_slice()).unwrap_or_default();
    let kept = nodes.iter().filter(|node| node.is_offloaded && node.has_time_limit).map(|node| {
        Finding::new(node.span, format!("`timeout` on `{}` does not end its thread", node.name))
            .labelled("keeps running after the time limit")
            .help("make the function async, or return early when `RunContext::is_cancelled` is true")
    });
    kept.collect()
}
