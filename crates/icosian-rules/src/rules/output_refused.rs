use crate::rule;

rule! {
    /// ## Check
    /// Finds outputs that the result builder does not accept.
    ///
    /// For example, a JSON object only accepts outputs that implement `Serialize`.
    ///
    /// ## Rationale
    /// All nodes would run, and then the result could not be built. The driver refuses the request before any node
    /// runs.
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
    ///     /// The number of the lease.
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
    ///     /// The number of the lease.
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
