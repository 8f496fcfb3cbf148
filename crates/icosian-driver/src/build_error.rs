use icosian_core::Name;
use icosian_core::decorator::DecorateError;
use icosian_core::value::{ValueType, literal_hint};
use icosian_graph::GraphError;

use crate::diagnostics_error::diagnostics_error;

diagnostics_error! {
    /// All errors of the dataflows, the config and the shared inputs of a driver.
    ///
    /// `Display` prints one line. `Debug` prints each error with its code, locations and help, and so does the output of a
    /// `main` that returns the error.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{BuildErrorKind, Driver, inputs};
    ///
    /// let error = Driver::builder().with_shared(inputs! { http: 1_u8, pool: 2_u8 }).build().unwrap_err();
    /// assert_eq!(error.to_string(), "2 errors: (1) no node reads shared input `http`; (2) no node reads shared input `pool`");
    /// let unread = |kind: &BuildErrorKind| matches!(kind, BuildErrorKind::UnreadSharedInput { .. });
    /// assert!(error.kinds().all(unread));
    /// ```
    BuildError of BuildErrorKind
}

/// The kind of a [`BuildError`]'s diagnostic.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// An error of the graph.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] GraphError),
    /// An error of a function's decorators.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Decorate(#[from] DecorateError),
    /// An error of a layer.
    #[cfg(feature = "tower")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Layer(#[from] icosian_tower::TargetError),
    /// A config value whose type differs from the type of the node that it replaces.
    #[error("config value `{name}` is of type `{given}`, but the node that it replaces returns `{expected}`")]
    #[diagnostic(
        code("ICO0018 wrong-input-type"),
        help("pass a config value of type `{expected}`{}, or rename the config value", hint_for(*given, *expected))
    )]
    WrongConfigType {
        /// The name of the value and the node.
        name: Name,
        /// The type of the value.
        given: ValueType,
        /// The type of the node's output.
        expected: ValueType,
    },
    /// A shared input that no node reads.
    #[error("no node reads shared input `{name}`")]
    #[diagnostic(
        code("ICO0008 unused-input"),
        help("{}", match nearest { Some(nearest) => format!("did you mean `{nearest}`?"), None => "remove it, or add a parameter with this name".to_owned() })
    )]
    UnreadSharedInput {
        /// The shared input.
        name: Name,
        /// An input of a similar name.
        nearest: Option<Name>,
    },
    /// A shared input with the name of a node.
    #[error("shared input `{name}` has the name of a node")]
    #[diagnostic(
        code("ICO0019 input-is-node"),
        help("to replace the node in all executions, add a config value: `config! {{ {name}: value }}`")
    )]
    SharedInputIsNode {
        /// The name.
        name: Name,
    },
    /// A shared input with the name of a config value.
    #[error("`{name}` is both a shared input and a config value")]
    #[diagnostic(code("ICO0020 input-is-config"), help("remove one of them"))]
    SharedInputIsConfig {
        /// The name.
        name: Name,
    },
    /// An override among the shared inputs.
    #[error("shared inputs cannot override node `{name}`: an override belongs to one execution")]
    #[diagnostic(code("ICO0023 shared-input-refused"), help("pass the override to `execute`"))]
    SharedOverride {
        /// The name.
        name: Name,
    },
    /// A run context among the shared inputs.
    #[error("shared inputs cannot contain a `RunContext`: a context belongs to one execution")]
    #[diagnostic(code("ICO0023 shared-input-refused"), help("pass the context to `execute`"))]
    SharedContext,
    /// A future as a shared input.
    #[error("shared input `{name}` is a future, which can be awaited only once")]
    #[diagnostic(code("ICO0023 shared-input-refused"), help("await the value before the driver is built"))]
    SharedFuture {
        /// The name.
        name: Name,
    },
    /// A violation that a validator found.
    #[error("validator `{validator}` refuses {}: {message}", subject(node.as_ref()))]
    #[diagnostic(
        code("ICO0036 violation"),
        help("{}", help.as_deref().unwrap_or("see the documentation of the validator"))
    )]
    Violation {
        /// The name of the validator.
        validator: String,
        /// The node, or `None` for the whole graph.
        node: Option<Name>,
        /// The message.
        message: String,
        /// The validator's help.
        help: Option<String>,
    },
    /// A hook that returned an error or panicked.
    #[error("hook `{hook}` failed after the graph was built: {message}")]
    #[diagnostic(code("ICO0037 build-hook-failed"), help("fix the hook, or build the driver without it"))]
    HookFailed {
        /// The name of the hook.
        hook: String,
        /// The message of its error, with its causes.
        message: String,
    },
}

fn subject(node: Option<&Name>) -> String {
    node.map_or_else(|| "the graph".to_owned(), |node| format!("node `{node}`"))
}

/// Returns the change of a literal of type `given` to type `expected`, in parentheses.
pub(crate) fn hint_for(given: ValueType, expected: ValueType) -> String {
    literal_hint(given, &expected.to_string()).map_or_else(String::new, |hint| format!(" ({hint})"))
}
