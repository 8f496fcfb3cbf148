use icosian_core::decorator::BuiltIn;
use icosian_core::node::Asyncness;

use super::{BodyFacts, DecoratorFacts, ParamFacts};
use crate::{Fact, SpanId};

/// A function that is a node, or for which decorators define nodes.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, FunctionFacts};
///
/// let mean = FunctionFacts { name: "mean".into(), nodes: Fact::Known(vec!["mean".into()]), ..FunctionFacts::default() };
/// assert!(mean.gives("mean") && !mean.gives("variance"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct FunctionFacts {
    /// Its name, without `r#`.
    pub name: String,
    /// The location of the name.
    pub name_span: SpanId,
    /// The asyncness of the function.
    pub asyncness: Asyncness,
    /// The word `async` with the space after it.
    pub async_span: Option<SpanId>,
    /// The visibility, or `fn` without one: the first token below the attributes.
    pub head_span: Option<SpanId>,
    /// True if every build has it; unknown below a `#[cfg(..)]`.
    pub is_there: Fact<bool>,
    /// The names of its nodes, including the nodes that `parameterize`, `extract_outputs` and similar decorators name.
    ///
    /// Unknown if other decorators determine them. Further nodes of other decorators are omitted.
    pub nodes: Fact<Vec<String>>,
    /// True if it has a doc comment.
    pub documented: Fact<bool>,
    /// Its parameters without `self`.
    pub params: Vec<ParamFacts>,
    /// Set if it has a `self` parameter.
    pub is_method: bool,
    /// The source text of the return type; `()` if the function has none.
    pub output: Option<String>,
    /// True if the return type is a stream by its name; unknown if an alias may hide one.
    pub returns_stream: Fact<bool>,
    /// Its decorators, outermost first: in the order of the source.
    pub decorators: Vec<DecoratorFacts>,
    /// Set if decorators are above `#[node]`, where they are not applied.
    pub has_misplaced_decorators: bool,
    /// Its block, braces included.
    pub block_span: SpanId,
    /// The facts of its body.
    pub body: Fact<BodyFacts>,
}

impl FunctionFacts {
    /// Returns whether it is known to define node `name`.
    #[must_use]
    pub fn gives(&self, name: &str) -> bool {
        self.nodes.known().is_some_and(|nodes| nodes.iter().any(|node| node == name))
    }

    /// Returns whether it is an `async fn`.
    #[must_use]
    pub fn is_async(&self) -> bool {
        self.asyncness == Asyncness::Async
    }

    /// Returns whether the function has this decorator.
    #[must_use]
    pub fn has(&self, decorator: BuiltIn) -> bool {
        self.decorators.iter().any(|it| it.is(decorator))
    }
}
