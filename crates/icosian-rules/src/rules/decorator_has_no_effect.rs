use crate::{Facts, Finding, RemainingEffect, rule};

rule! {
    /// ## Check
    /// Finds decorators that have no effect under the adapter. This applies to `remote`, because only adapters with
    /// remote execution read its options.
    ///
    /// ## Rationale
    /// The source suggests that the node runs on another machine, but the node runs locally.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod digests {
    ///     /// The digest.
    ///     #[remote(num_cpus = 4)]
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
    pub(crate) struct DecoratorHasNoEffect {
        code: "ICO0106",
        name: "decorator-has-no-effect",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let Some(graph) = facts.graph() else { return Vec::new() };
    let nothing = graph.doubts.iter().filter(|doubt| doubt.does == RemainingEffect::Nothing).map(|doubt| {
        let (decorator, adapter) = (doubt.decorator, &graph.adapter);
        let message =
            format!("`{decorator}` on `{}` has no effect under the `{adapter}` adapter", doubt.node);
        Finding::new(doubt.span, message)
            .labelled(format!("requires {}", doubt.missing))
            .help(format!("remove `{decorator}`, or use an adapter with {}", doubt.missing))
    });
    nothing.collect()
}
