//! A `retry` above the `fallback` that replaces every error.
#[icosian::dataflow]
pub mod nodes {
    /// The sum of both parts.
    #[fallback(value = 0_u64)]
    #[retry(attempts = 3)]
    pub fn total(left: u64, right: u64) -> Result<u64, std::num::TryFromIntError> {
        Ok(left + right)
    }
}
