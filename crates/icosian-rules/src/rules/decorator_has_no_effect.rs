use crate::{Does, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds decorators that do nothing at all under the adapter: `remote`, whose options only an adapter with other
    /// machines reads.
    ///
    /// ## Rationale
    /// Who reads the source believes that the node runs elsewhere.
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
    let nothing = graph.doubts.iter().filter(|doubt| doubt.does == Does::Nothing).map(|doubt| {
        let (decorator, adapter) = (doubt.decorator, &graph.adapter);
        let message = format!("`{decorator}` on `{}` does nothing under adapter `{adapter}`", doubt.node);
        Finding::new(doubt.span, message)
            .labelled(format!("wants {}", doubt.missing))
            .help(format!("take `{decorator}` away, or give the driver an adapter that has it"))
    });
    nothing.collect()
}
