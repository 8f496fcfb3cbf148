//! A macro for use in another file.

/// The file of the macro [`flow`].
pub(crate) const FILE: &str = file!();

macro_rules! flow {
    ($name:ident, $argument:ident) => {
        #[icosian::dataflow]
        mod $name {
            pub fn node(written: u64, $argument: u64) -> u64 {
                written + $argument
            }
        }
    };
}
pub(crate) use flow;
