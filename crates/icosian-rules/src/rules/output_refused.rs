use crate::rule;

rule! {
    /// ## Check
    /// Finds outputs that the result builder cannot take: such as one that is not `Serialize`, for a JSON object.
    ///
    /// ## Rationale
    /// The result could not be built after all nodes have run, so nothing runs.
    ///
    /// ## Example
    /// ```bad
    /// /// A lease.
    /// pub struct Lease(pub u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    ///     /// Its number.
    ///     pub fn number(lease: &Lease) -> u64 { lease.0 }
    /// }
    ///
    /// let driver = Driver::builder().with_dataflow(leases::dataflow()).build()?;
    /// driver.execute_with(&JsonObject, ["lease"], inputs! { id: 1_u64 })
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// /// A lease.
    /// pub struct Lease(pub u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    ///     /// Its number.
    ///     pub fn number(lease: &Lease) -> u64 { lease.0 }
    /// }
    ///
    /// let driver = Driver::builder().with_dataflow(leases::dataflow()).build()?;
    /// driver.execute_with(&JsonObject, ["number"], inputs! { id: 1_u64 })
    /// ```
    pub(crate) struct OutputRefused {
        code: "ICO0022",
        name: "output-refused",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
