//! An `allow` without effect.
#[icosian::dataflow]
pub mod nodes {
    /// The sum of both parts.
    pub fn total(left: u64, right: u64) -> u64 {
        left + right
    }
}
