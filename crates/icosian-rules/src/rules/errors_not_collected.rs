use crate::rule;

rule! {
    /// ## Check
    /// Finds `Collect<T>` parameters that read a block with `#[expand(on_error = "collect")]`.
    ///
    /// ## Rationale
    /// With `on_error = "collect"` an item that fails does not end the execution: its error is one of the results. A `Collect<T>` has
    /// no place for errors, so they would be lost. `Collect<Result<T, ItemError>>` has an element for each item. To ignore failed items,
    /// write `on_error = "skip"`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod numbers {
    ///     use icosian::expand::Collect;
    ///
    ///     /// A text.
    ///     #[expand(on_error = "collect")]
    ///     pub fn text(texts: &[String]) -> Vec<String> { texts.to_vec() }
    ///     /// The number in a text.
    ///     pub fn number(text: &str) -> Result<u64, std::num::ParseIntError> { text.parse() }
    ///     /// The sum of the numbers.
    ///     pub fn total(number: &Collect<u64>) -> u64 { number.iter().sum() }
    /// }
    ///
    /// Driver::builder().with_dataflow(numbers::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod numbers {
    ///     use icosian::expand::{Collect, ItemError};
    ///
    ///     /// A text.
    ///     #[expand(on_error = "collect")]
    ///     pub fn text(texts: &[String]) -> Vec<String> { texts.to_vec() }
    ///     /// The number in a text.
    ///     pub fn number(text: &str) -> Result<u64, std::num::ParseIntError> { text.parse() }
    ///     /// The sum of the numbers.
    ///     pub fn total(number: &Collect<Result<u64, ItemError>>) -> u64 { number.iter().flatten().sum() }
    /// }
    ///
    /// Driver::builder().with_dataflow(numbers::dataflow())
    /// ```
    pub(crate) struct ErrorsNotCollected {
        code: "ICO0305",
        name: "errors-not-collected",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
