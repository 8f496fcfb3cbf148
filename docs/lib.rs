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
    tutorial: "src/tutorial.md",
    tutorial_hello_world: "src/tutorial/hello_world.md",
    tutorial_async_nodes: "src/tutorial/async_nodes.md",
    tutorial_inputs: "src/tutorial/inputs.md",
    tutorial_errors: "src/tutorial/errors.md",
    tutorial_resilience: "src/tutorial/resilience.md",
    tutorial_testing: "src/tutorial/testing.md",
    tutorial_service: "src/tutorial/service.md",
    tutorial_linting: "src/tutorial/linting.md",
    concepts: "src/concepts.md",
    decorators: "src/decorators.md",
    fan_out: "src/fan_out.md",
    testing: "src/testing.md",
    errors: "src/errors.md",
    performance: "src/performance.md",
    observability: "src/observability.md",
    extending: "src/extending.md",
    hamilton: "src/hamilton.md",
    comparison: "src/comparison.md",
}
