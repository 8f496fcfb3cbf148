use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters that take a value which others need too and which cannot be cloned.
    ///
    /// ## Rationale
    /// Who takes a value leaves nothing for those that come after. When others only borrow it they run first; when two
    /// take it, or it is an output too, one of them would go without.
    ///
    /// ## Example
    /// ```bad
    /// /// Something that there is once.
    /// pub struct Lease(u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    ///     /// The lease, ended.
    ///     pub fn ended(lease: Lease) -> u64 { lease.0 }
    ///     /// The lease, renewed.
    ///     pub fn renewed(lease: Lease) -> u64 { lease.0 + 1 }
    ///     /// Both.
    ///     pub fn both(ended: u64, renewed: u64) -> u64 { ended + renewed }
    /// }
    ///
    /// Driver::builder().with_dataflow(leases::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// /// Something that there is once.
    /// pub struct Lease(u64);
    ///
    /// #[dataflow]
    /// pub mod leases {
    ///     use super::Lease;
    ///
    ///     /// A lease.
    ///     pub fn lease(id: u64) -> Lease { Lease(id) }
    ///     /// The lease, ended.
    ///     pub fn ended(lease: Lease) -> u64 { lease.0 }
    ///     /// The lease, renewed.
    ///     pub fn renewed(lease: &Lease) -> u64 { lease.0 + 1 }
    ///     /// Both.
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
