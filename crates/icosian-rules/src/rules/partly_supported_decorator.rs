use crate::{Facts, Finding, RemainingEffect, rule};

rule! {
    /// ## Check
    /// Finds decorators that the adapter supports only in part, because it lacks a capability.
    ///
    /// ## Rationale
    /// The outputs are correct, but the decorator does less than intended. Without threads for blocking work, an
    /// offloaded function runs on the caller's thread. Without a timer, `retry` blocks its thread between attempts.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod digests {
    ///     /// The digest.
    ///     #[offload]
    ///     pub fn digest(text: &str) -> usize { text.len() }
    /// }
    ///
    /// Driver::builder().with_dataflow(digests::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod digests {
    ///     /// The digest.
    ///     pub fn digest(text: &str) -> usize { text.len() }
    /// }
    ///
    /// Driver::builder().with_dataflow(digests::dataflow())
    /// ```
    pub(crate) struct PartlySupportedDecorator {
        code: "ICO0103",
        name: "partly-supported-decorator",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let Some(graph) = facts.graph() else { return Vec::new() };
    let less = graph.doubts.iter().filter(|doubt| doubt.does == RemainingEffect::Less).map(|doubt| {
        let (decorator, adapter) = (doubt.decorator, &graph.adapter);
        let message = format!(
            "`{decorator}` on `{}` has partial support under the `{adapter}` adapter: it {}",
            doubt.node,
            doubt.missing.reduced_effect()
        );
        Finding::new(doubt.span, message)
            .labelled("has partial support")
            .help(format!("use an adapter with {}, or remove `{decorator}`", doubt.missing))
    });
    less.collect()
}
