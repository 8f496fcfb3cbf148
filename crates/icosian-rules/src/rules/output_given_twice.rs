use crate::rule;

rule! {
    /// ## Check
    /// Finds outputs that are not `Clone` and that the driver would have to return by value twice.
    ///
    /// The caller requests the output twice, another node passes it on or returns a part of it, or all executions share
    /// it.
    ///
    /// ## Rationale
    /// An execution returns its outputs by value. A value that is not `Clone` can be moved only once.
    ///
    /// ## Example
    /// ```bad
    /// /// A resource that cannot be cloned.
    /// pub struct Lease(pub u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    /// }
    ///
    /// let driver = Driver::builder().with_dataflow(leases::dataflow()).build()?;
    /// driver.prepare::<(leases::lease, leases::lease)>()
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// /// A resource that cannot be cloned.
    /// pub struct Lease(pub u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    /// }
    ///
    /// let driver = Driver::builder().with_dataflow(leases::dataflow()).build()?;
    /// driver.prepare::<leases::lease>()
    /// ```
    pub(crate) struct OutputGivenTwice {
        code: "ICO0017",
        name: "output-given-twice",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
