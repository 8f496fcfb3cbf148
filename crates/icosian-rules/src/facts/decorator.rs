use icosian_core::DecoratorSpec;

use crate::SpanId;

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
    /// All of the attribute.
    pub span: SpanId,
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
