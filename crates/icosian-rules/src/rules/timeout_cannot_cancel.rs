use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds sync functions on threads of their own under a `timeout`.
    ///
    /// ## Rationale
    /// The run lets go of the function when its time is up, and goes on without it. The thread does not: it is busy until
    /// the function returns, and a function that never returns keeps it for ever.
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
            .labelled("runs on after its time is up")
            .help("make the function async, or let it ask its `RunContext` whether it is cancelled")
    });
    kept.collect()
}
