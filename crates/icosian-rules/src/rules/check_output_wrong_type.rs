use crate::rule;

rule! {
    /// ## Check
    /// Finds checks whose type differs from the type of the output.
    ///
    /// ## Rationale
    /// A check reads the output as the type that it declares. An output of another type cannot be read, so the driver
    /// is not built.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod shares {
    ///     use icosian::decorators::CheckOutput;
    ///
    ///     /// The share.
    ///     #[decorate(CheckOutput::<u8>::new().range(0..=1))]
    ///     pub fn share(part: u64) -> u64 { part }
    /// }
    ///
    /// Driver::builder().with_dataflow(shares::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod shares {
    ///     use icosian::decorators::CheckOutput;
    ///
    ///     /// The share.
    ///     #[decorate(CheckOutput::<u64>::new().range(0..=1))]
    ///     pub fn share(part: u64) -> u64 { part }
    /// }
    ///
    /// Driver::builder().with_dataflow(shares::dataflow())
    /// ```
    pub(crate) struct CheckOutputWrongType {
        code: "ICO0408",
        name: "check-output-wrong-type",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
