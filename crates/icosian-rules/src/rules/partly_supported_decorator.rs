use crate::{Facts, Finding, RemainingEffect, rule};

rule! {
    /// ## Check
    /// Finds decorators that do less than they say, because the adapter lacks something that they want.
    ///
    /// ## Rationale
    /// The outputs are right all the same. But a function that is to be offloaded runs on the caller's thread where there
    /// are no others, and one that waits between attempts blocks its thread where there is no timer.
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
            "`{decorator}` on `{}` does without {}, under adapter `{adapter}`",
            doubt.node, doubt.missing
        );
        Finding::new(doubt.span, message)
            .labelled("does less than it says")
            .help(format!("give the driver an adapter that has it, or take `{decorator}` away"))
    });
    less.collect()
}
