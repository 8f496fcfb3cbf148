use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds expansions whose results no parameter collects, and of which no declared or requested output is known.
    ///
    /// The results of a block can also be requested: the outputs of its nodes are then a `Collect`. Declare them with
    /// `#[dataflow(outputs(..))]`, or request them in the check.
    ///
    /// ## Rationale
    /// The nodes of a block run only for a node that collects them, or for a request. If there is neither, the block never runs, and its
    /// results are lost. Perhaps a parameter has the type of one result, and should have the type `Collect`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod words {
    ///     /// A word.
    ///     #[expand]
    ///     pub fn word(text: &str) -> Vec<String> { text.split(' ').map(str::to_owned).collect() }
    ///     /// The length of a word.
    ///     pub fn length(word: &str) -> usize { word.len() }
    ///     /// The longest length.
    ///     pub fn longest(length: usize) -> usize { length.max(1) }
    /// }
    ///
    /// Driver::builder().with_dataflow(words::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod words {
    ///     use icosian::expand::Collect;
    ///
    ///     /// A word.
    ///     #[expand]
    ///     pub fn word(text: &str) -> Vec<String> { text.split(' ').map(str::to_owned).collect() }
    ///     /// The length of a word.
    ///     pub fn length(word: &str) -> usize { word.len() }
    ///     /// The longest length.
    ///     pub fn longest(length: &Collect<usize>) -> usize { length.iter().copied().max().unwrap_or(1) }
    /// }
    ///
    /// Driver::builder().with_dataflow(words::dataflow())
    /// ```
    pub(crate) struct ExpandWithoutCollect {
        code: "ICO0301",
        name: "expand-without-collect",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let expansions = facts.graph().map(|graph| graph.expansions.as_slice()).unwrap_or_default();
    let unused = expansions.iter().filter(|expansion| !expansion.is_collected && !expansion.is_requested);
    let findings = unused.map(|expansion| {
        let message = format!("no parameter collects results for the items of `{}`", expansion.node);
        Finding::new(expansion.span, message)
            .labelled("starts a block that nothing ends")
            .help("add a parameter of type `Collect<..>`, or declare the output of a node of the block")
    });
    findings.collect()
}
