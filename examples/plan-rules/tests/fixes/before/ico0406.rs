//! A duplicate decorator.
#[icosian::dataflow]
pub mod nodes {
    /// The sum of both parts.
    #[tag(owner = "finance")]
    #[tag(owner = "finance")]
    pub fn total(left: u64, right: u64) -> u64 {
        left + right
    }
}
