use crate::rule;

rule! {
    /// ## Check
    /// Finds functions that are called again when they fail, and that take a value which cannot be cloned.
    ///
    /// ## Rationale
    /// The first attempt would take the value, and nothing would be left for the second.
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
    ///     /// What the lease is good for.
    ///     #[retry(attempts = 3)]
    ///     pub fn renewed(lease: Lease) -> Result<u64, std::io::Error> { Ok(lease.0) }
    /// }
    ///
    /// Driver::builder().with_dataflow(leases::dataflow())
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
    ///     /// What the lease is good for.
    ///     #[retry(attempts = 3)]
    ///     pub fn renewed(lease: &Lease) -> Result<u64, std::io::Error> { Ok(lease.0) }
    /// }
    ///
    /// Driver::builder().with_dataflow(leases::dataflow())
    /// ```
    pub(crate) struct RetryInputNotClone {
        code: "ICO0702",
        name: "retry-input-not-clone",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
