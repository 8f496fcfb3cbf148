use icosian_core::expand::CollectionForm;

use crate::{Fact, SpanId};

/// A parameter of a function.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, ParamFacts};
///
/// let rate = ParamFacts { name: "rate".into(), reads: Fact::Known("eu_rate".into()), ..ParamFacts::default() };
/// assert_eq!(rate.reads.known().map(String::as_str), Some("eu_rate"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ParamFacts {
    /// The name that it reads, without `r#` and without a leading underscore.
    pub name: String,
    /// The location of the name.
    pub name_span: SpanId,
    /// The node or input that it reads; unknown if a decorator may change it.
    pub reads: Fact<String>,
    /// The type as written.
    pub written: String,
    /// The way in which it receives the value.
    pub form: Form,
    /// The way in which it collects the results of a block, by the name of its type.
    pub collection: Option<CollectionForm>,
    /// True if it has a default.
    pub has_default: bool,
}

/// The way in which a parameter receives a value.
///
/// # Examples
/// ```
/// assert_eq!(icosian_rules::Form::default(), icosian_rules::Form::Taken);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// `T`
    #[default]
    Taken,
    /// `&T`
    Borrowed,
    /// `Option<T>`
    OptionalTaken,
    /// `Option<&T>`
    OptionalBorrowed,
}
