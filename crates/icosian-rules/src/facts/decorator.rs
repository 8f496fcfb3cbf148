use icosian_core::DecoratorSpec;

use crate::{Fact, SpanId};

/// A decorator above a function.
///
/// # Examples
/// ```
/// use icosian_rules::Decorator;
///
/// let retry = Decorator { name: "retry".into(), arguments: "3".into(), ..Decorator::default() };
/// assert_eq!(retry.spec().map(|spec| spec.name()), Some("retry"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Decorator {
    /// The last part of its path.
    pub name: String,
    /// Where that is written.
    pub name_span: SpanId,
    /// The tokens of its arguments, each with one space to the next.
    pub arguments: String,
    /// What the arguments mean; unknown when they are written in another way than the rules know.
    pub meaning: Fact<Meaning>,
    /// All of the attribute.
    pub span: SpanId,
}

/// What the arguments of a decorator mean.
///
/// # Examples
/// ```
/// use icosian_rules::{Decorator, Fact, Meaning};
///
/// let prod = Meaning::Conditions(vec![("env".into(), "\"prod\"".into())]);
/// let when = Decorator { name: "config_when".into(), meaning: Fact::Known(prod), ..Decorator::default() };
/// assert!(matches!(when.meaning.known(), Some(Meaning::Conditions(all)) if all.len() == 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// The function's parameters read something else, in each of these nodes.
    Bindings(Vec<Bindings>),
    /// The function is kept when config has, for each of these keys, this literal.
    Conditions(Vec<(String, String)>),
    /// What the function gives is taken apart; the parts' names, `_` for one that is left out, and where they are written.
    Parts(Vec<(String, SpanId)>),
}

/// A node that a decorator makes of a function, and the parameters that it binds.
///
/// # Examples
/// ```
/// use icosian_rules::{Bindings, SpanId};
///
/// let eu = Bindings { node: Some(("eu_rate".into(), SpanId::new(0))), params: vec![("region".into(), SpanId::new(1))] };
/// assert_eq!(eu.params.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// Its name and where that is written; none when it has the function's.
    pub node: Option<(String, SpanId)>,
    /// The parameters' names and where they are written.
    pub params: Vec<(String, SpanId)>,
}

impl Decorator {
    /// Returns what it says of itself, when it is icosian's own.
    ///
    /// # Examples
    /// See [`Decorator`].
    #[must_use]
    pub fn spec(&self) -> Option<&'static DecoratorSpec> {
        crate::spec(&self.name)
    }
}

/// A decorator that stands above `#[node]`, which therefore does not see it.
///
/// # Examples
/// ```
/// let misplaced = icosian_rules::Misplaced::default();
/// assert_eq!(misplaced.decorator.name, "");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Misplaced {
    /// The decorator.
    pub decorator: Decorator,
    /// The attribute that makes a node of the function.
    pub node_span: SpanId,
}
