use crate::rule;

rule! {
    /// ## Check
    /// Finds `Collect` and `CollectStream` parameters that read a node or an input outside of every block.
    ///
    /// ## Rationale
    /// A `Collect` parameter reads one result for each item of an `#[expand]` function. A node that depends on no item runs once, so
    /// there is nothing to collect.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod scores {
    ///     use icosian::expand::Collect;
    ///
    ///     /// The score of a text.
    ///     pub fn score(text: &str) -> usize { text.len() }
    ///     /// The sum of the scores.
    ///     pub fn total(score: Collect<usize>) -> usize { score.iter().sum() }
    /// }
    ///
    /// Driver::builder().with_dataflow(scores::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod scores {
    ///     use icosian::expand::Collect;
    ///
    ///     /// A text.
    ///     #[expand]
    ///     pub fn text(texts: &[String]) -> Vec<String> { texts.to_vec() }
    ///     /// The score of a text.
    ///     pub fn score(text: &str) -> usize { text.len() }
    ///     /// The sum of the scores.
    ///     pub fn total(score: Collect<usize>) -> usize { score.iter().sum() }
    /// }
    ///
    /// Driver::builder().with_dataflow(scores::dataflow())
    /// ```
    pub(crate) struct CollectWithoutExpand {
        code: "ICO0302",
        name: "collect-without-expand",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
