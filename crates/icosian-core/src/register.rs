/// Registers a `#[dataflow]` module with the linter. Without the feature `registry` of this crate, it expands to nothing.
///
/// The feature of this crate decides, so that the crate of the module needs no feature.
#[cfg(not(feature = "registry"))]
#[doc(hidden)]
#[macro_export]
macro_rules! register {
    ($file:expr, $line:expr, $column:expr, $width:expr, $dataflow:expr) => {};
}

/// Registers a `#[dataflow]` module with the linter.
#[cfg(feature = "registry")]
#[doc(hidden)]
#[macro_export]
macro_rules! register {
    ($file:expr, $line:expr, $column:expr, $width:expr, $dataflow:expr) => {
        $crate::inventory::submit! {
            $crate::Registered::new(
                ::core::module_path!(),
                $crate::__Location::new($file, $line, $column, $width)
                    .in_package(::core::env!("CARGO_MANIFEST_DIR")),
                $dataflow,
            )
        }
    };
}

#[cfg(all(test, not(feature = "registry")))]
mod tests {
    // The arguments are dropped unresolved, so they may name items that do not exist.
    crate::register!(no_file, no_line, no_column, no_width, no_dataflow);
}
