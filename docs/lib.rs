//! Compiles and runs the code blocks of the book, with `cargo test -p icosian-book`.
//!
//! The chapters are the Markdown files in `docs/src`. rustdoc reads each file as the documentation of a module. The tests in
//! `docs/tests/it` check the list below against `SUMMARY.md`, and the links of the chapters.

/// Declares a documented module for each chapter.
#[cfg(doctest)]
macro_rules! chapters {
    ($($name:ident: $path:literal,)*) => {
        $(
            #[doc = include_str!($path)]
            mod $name {}
        )*
    };
}

#[cfg(doctest)]
chapters! {
    introduction: "src/introduction.md",
}
