//! A parameter that the function does not have.
#[icosian::dataflow]
pub mod nodes {
    /// The sum of both parts.
    #[parameterize(total(right = value(2_u64)))]
    pub fn sum(left: u64, right: u64) -> u64 {
        left + right
    }
}
