//! An `allow` of nothing.
#[icosian::dataflow]
pub mod nodes {
    /// The sum of both parts.
    #[node(allow(busy_wait, reason = "there was a loop"))]
    pub fn total(left: u64, right: u64) -> u64 {
        left + right
    }
}
