use crate::rule;

rule! {
    /// ## Check
    /// Finds blocks with a `CollectStream` parameter that another parameter collects too.
    ///
    /// ## Rationale
    /// A `CollectStream` runs the block while its node reads the results, and no result is stored. A second parameter would need the
    /// block to run twice. `Collect` stores the results, and any number of nodes can read them.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod words {
    ///     use icosian::expand::{Collect, CollectStream};
    ///
    ///     /// A word.
    ///     #[expand]
    ///     pub fn word(text: &str) -> Vec<String> { text.split(' ').map(str::to_owned).collect() }
    ///     /// The length of a word.
    ///     pub fn length(word: &str) -> usize { word.len() }
    ///     /// The longest length.
    ///     pub fn longest(length: CollectStream<usize>) -> usize { length.into_iter().flatten().max().unwrap_or(0) }
    ///     /// The number of words.
    ///     pub fn count(length: &Collect<usize>) -> usize { length.len() }
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
    ///     pub fn longest(length: &Collect<usize>) -> usize { length.iter().copied().max().unwrap_or(0) }
    ///     /// The number of words.
    ///     pub fn count(length: &Collect<usize>) -> usize { length.len() }
    /// }
    ///
    /// Driver::builder().with_dataflow(words::dataflow())
    /// ```
    pub(crate) struct StreamedAndCollected {
        code: "ICO0307",
        name: "streamed-and-collected",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
