use crate::rule;

rule! {
    /// ## Check
    /// Finds retried functions and fallbacks that consume a parameter whose type is not `Clone`.
    ///
    /// ## Rationale
    /// `retry` calls a function again with the same arguments, so it clones the arguments that the function consumes.
    /// With async functions, the arguments of a `fallback` are held while the function runs, and other nodes may share
    /// them.
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
    ///     /// The number of the renewed lease.
    ///     #[retry(attempts = 3)]
    ///     pub fn renewed(lease: Lease) -> Result<u64, std::io::Error> { Ok(lease.0) }
    /// }
    ///
    /// Driver::builder().with_dataflow(leases::dataflow())
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
    ///     /// The number of the renewed lease.
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
