//! An `allow` without effect.
#[icosian::dataflow]
pub mod nodes {
    /// The sum of both parts.
    #[node(allow(busy_wait, reason = "an earlier version polled"))]
    pub fn total(left: u64, right: u64) -> u64 {
        left + right
    }
}
