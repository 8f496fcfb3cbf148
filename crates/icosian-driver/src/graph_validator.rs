use std::any::type_name;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use icosian_core::{Name, NodeError, Outline};
use icosian_diagnostics::{Label, Spanned};
use icosian_graph::Graph;

use crate::build_error::BuildErrorKind;

/// Checks conventions of a team when a driver is built.
///
/// `build` calls validators if the graph is valid, and returns the violations of all validators together.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, GraphValidator, Violation};
///
/// /// Requires the tag `owner`.
/// #[derive(Debug)]
/// struct Owned;
///
/// impl GraphValidator for Owned {
///     fn validate_node(&self, node: &Outline) -> Vec<Violation> {
///         if node.tags().get("owner").is_some() {
///             return Vec::new();
///         }
///         vec![Violation::new("it has no owner").with_help("add `#[tag(owner = \"..\")]`")]
///     }
/// }
///
/// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
/// let built = Driver::builder().with_dataflow(Dataflow::new("numbers").with_node(one)).with_validator(Owned).build();
/// assert_eq!(built.unwrap_err().to_string(), "validator `Owned` refuses node `one`: it has no owner");
/// ```
pub trait GraphValidator: fmt::Debug + Send + Sync + 'static {
    /// Returns the name of the validator in errors. The default is the name of its type.
    fn name(&self) -> &str {
        type_name::<Self>().rsplit("::").next().unwrap_or("validator")
    }

    /// Returns the violations of a node. Called for each node, in the order of the dataflows.
    fn validate_node(&self, node: &Outline) -> Vec<Violation> {
        let _ = node;
        Vec::new()
    }

    /// Returns the violations of the graph as a whole.
    fn validate_graph(&self, graph: &Graph) -> Vec<Violation> {
        let _ = graph;
        Vec::new()
    }
}

/// A violation that a [`GraphValidator`] found.
///
/// # Examples
/// ```
/// use icosian_driver::Violation;
///
/// let violation = Violation::new("it has more than 100 nodes").with_help("split the dataflow");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    message: String,
    node: Option<Name>,
    help: Option<String>,
}

impl Violation {
    /// Creates a violation. The message continues "validator `name` refuses node `node`: ..".
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), node: None, help: None }
    }

    /// Sets the help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the node that violates the rule, for `validate_graph`. The error shows its location.
    #[must_use]
    pub fn of_node(mut self, node: impl Into<Name>) -> Self {
        self.node = Some(node.into());
        self
    }
}

/// Calls all validators, and returns their violations and panics.
pub(crate) fn validate(
    validators: &[Arc<dyn GraphValidator>],
    graph: &Graph,
) -> Vec<Spanned<BuildErrorKind>> {
    let mut errors = Vec::new();
    for validator in validators {
        let name = guard(|| validator.name().to_owned())
            .unwrap_or_else(|_| "a validator whose name panics".to_owned());
        for node in graph.nodes() {
            let outline = graph.outline(node);
            let found = guard(|| validator.validate_node(outline));
            let of_node = |violation: Violation| violation.of_node(outline.name());
            errors.extend(
                found
                    .unwrap_or_else(|message| panicked(&message))
                    .into_iter()
                    .map(of_node)
                    .map(|it| error(&name, it, graph)),
            );
        }
        let found = guard(|| validator.validate_graph(graph));
        errors.extend(
            found.unwrap_or_else(|message| panicked(&message)).into_iter().map(|it| error(&name, it, graph)),
        );
    }
    errors
}

fn guard<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = NodeError::panicked(&*payload).to_string();
        // The payload may panic when it is dropped.
        std::mem::forget(payload);
        message
    })
}

fn panicked(message: &str) -> Vec<Violation> {
    vec![Violation::new(format!("the validator panicked: {message}")).with_help("fix the validator")]
}

fn error(validator: &str, violation: Violation, graph: &Graph) -> Spanned<BuildErrorKind> {
    let Violation { message, node, help } = violation;
    let location = node.as_ref().and_then(|node| graph.outline(graph.node(node)?).location());
    let label = location.map(|location| Label::new(location, "this node"));
    let kind = BuildErrorKind::Violation { validator: validator.to_owned(), node, message, help };
    Spanned::new(kind, label.into_iter().collect())
}
