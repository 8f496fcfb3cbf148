use crate::rule;

rule! {
    /// ## Check
    /// Finds outputs that cannot be cloned and would have to be given twice: because they are asked for twice, or because
    /// another node passes the value on or gives a part of it.
    ///
    /// ## Rationale
    /// An output is given away. A value that is there once can be given away once.
    ///
    /// ## Example
    /// ```bad
    /// /// Something that there is once.
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
    /// /// Something that there is once.
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
