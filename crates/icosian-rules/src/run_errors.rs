//! The pages of the errors that an execution returns: `ICO11xx` for a run, `ICO12xx` for a request.

/// The page of an error that has no rule: the linter never reports it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorPage {
    /// `ICO` and four digits.
    pub(crate) code: &'static str,
    /// The name in kebab case.
    pub(crate) name: &'static str,
    /// One line: the fault, in lower case and without a full stop.
    pub(crate) title: &'static str,
    /// The explanation, in Markdown: the cause, and how to resolve it.
    pub(crate) text: &'static str,
}

/// All errors of an execution, by code.
pub(crate) const RUN_ERRORS: &[ErrorPage] = &[ErrorPage {
    code: "ICO1101",
    name: "node-failed",
    title: "a node returned an error",
    text: "\
## What it means
The function of a node returned `Err`. The execution stops: it cancels the nodes that still run and returns the error, \
which names the node and keeps the function's error as its source.

## How to resolve it
Handle the error in the function, or decorate the function: `#[retry(..)]` calls it again and `#[fallback(..)]` replaces \
the error with a value.
",
}];
