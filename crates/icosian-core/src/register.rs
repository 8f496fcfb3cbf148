/// Registers a `#[dataflow]` module with the linter. Without the feature `registry` of this crate it is nothing.
///
/// Which of both it is, is decided here and not where it is written, so that no crate needs a feature of its own for it.
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
    // Nothing is left of what is registered: not even names that do not exist are looked at.
    crate::register!(no_file, no_line, no_column, no_width, no_dataflow);
}
