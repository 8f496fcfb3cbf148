use crate::rule;

rule! {
    /// ## Check
    /// Finds consumed values that are not `Clone` and that another node or the caller needs too.
    ///
    /// ## Rationale
    /// A value can be moved only once. If all other nodes borrow the value, they run before the node that consumes
    /// it. If two nodes consume it, or if it is also a requested output, one of the two would have no value.
    ///
    /// ## Example
    /// ```bad
    /// /// A resource that cannot be cloned.
    /// pub struct Lease(u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    ///     /// The number of the ended lease.
    ///     pub fn ended(lease: Lease) -> u64 { lease.0 }
    ///     /// The number of the renewed lease.
    ///     pub fn renewed(lease: Lease) -> u64 { lease.0 + 1 }
    ///     /// The sum of both numbers.
    ///     pub fn both(ended: u64, renewed: u64) -> u64 { ended + renewed }
    /// }
    ///
    /// Driver::builder().with_dataflow(leases::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// /// A resource that cannot be cloned.
    /// pub struct Lease(u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    ///     /// The number of the ended lease.
    ///     pub fn ended(lease: Lease) -> u64 { lease.0 }
    ///     /// The number of the renewed lease.
    ///     pub fn renewed(lease: &Lease) -> u64 { lease.0 + 1 }
    ///     /// The sum of both numbers.
    ///     pub fn both(ended: u64, renewed: u64) -> u64 { ended + renewed }
    /// }
    ///
    /// Driver::builder().with_dataflow(leases::dataflow())
    /// ```
    pub(crate) struct MovedValue {
        code: "ICO0016",
        name: "moved-value",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
