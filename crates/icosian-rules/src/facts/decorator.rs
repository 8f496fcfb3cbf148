use std::time::Duration;

use icosian_core::decorator::{BuiltIn, DecoratorSpec};

use crate::{Fact, SpanId};

/// A decorator above a function.
///
/// # Examples
/// ```
/// use icosian_rules::DecoratorFacts;
///
/// let retry = DecoratorFacts { name: "retry".into(), arguments: "3".into(), ..DecoratorFacts::default() };
/// assert_eq!(retry.spec().map(|spec| spec.name()), Some("retry"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct DecoratorFacts {
    /// The last part of its path.
    pub name: String,
    /// The location of the name.
    pub name_span: SpanId,
    /// The tokens of its arguments, separated by one space.
    pub arguments: String,
    /// The meaning of the arguments; unknown if the rules cannot interpret them.
    pub meaning: Fact<Meaning>,
    /// The whole attribute.
    pub span: SpanId,
}

/// The meaning of a decorator's arguments.
///
/// # Examples
/// ```
/// use icosian_rules::{ConfigCondition, DecoratorFacts, Fact, Meaning};
///
/// let prod = ConfigCondition { key: "env".into(), values: vec!["\"prod\"".into()], is_not: false };
/// let prod = Meaning::Conditions(vec![prod]);
/// let when = DecoratorFacts { name: "config_when".into(), meaning: Fact::Known(prod), ..DecoratorFacts::default() };
/// assert!(matches!(when.meaning.known(), Some(Meaning::Conditions(all)) if all.len() == 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// Bindings of parameters, for each of these nodes.
    Bindings(Vec<Bindings>),
    /// The function is kept when all of these hold.
    Conditions(Vec<ConfigCondition>),
    /// The names of the parts into which the output is split, with their locations; `_` for an omitted part.
    Parts(Vec<(String, SpanId)>),
    /// A maximum number of calls, with a wait between them. Each wait is twice the previous wait.
    Attempts {
        /// The number of calls, the first one included.
        count: u64,
        /// The first wait.
        shortest: Duration,
        /// The longest wait.
        longest: Duration,
        /// True if each wait is random, between half of it and the whole wait.
        jitter: bool,
    },
    /// A time limit of the decorators below and of the body.
    Within(Duration),
}

/// A comparison of a config value.
///
/// # Examples
/// ```
/// use icosian_rules::ConfigCondition;
///
/// let of = |values: [&str; 1], is_not| {
///     ConfigCondition { key: "env".into(), values: values.map(str::to_owned).into(), is_not }
/// };
/// let (prod, dev) = ("\"prod\"", "\"dev\"");
/// assert!(of([prod], false).is_within(&of([dev], true)), "prod is not dev");
/// assert!(!of([dev], true).is_within(&of([prod], false)), "other values are possible");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigCondition {
    /// The key.
    pub key: String,
    /// The literals as written; at least one.
    pub values: Vec<String>,
    /// Set if the condition is negated: it holds if the value is missing or none of `values`.
    pub is_not: bool,
}

impl ConfigCondition {
    /// Returns whether this condition is known to imply `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let has_all = |all: &Self, some: &Self| some.values.iter().all(|it| all.values.contains(it));
        let are_apart =
            || self.values.iter().all(|one| other.values.iter().all(|another| are_different(one, another)));
        self.key == other.key
            && match (self.is_not, other.is_not) {
                (false, false) => has_all(other, self),
                (true, true) => has_all(self, other),
                (false, true) => are_apart(),
                (true, false) => false,
            }
    }
}

/// Returns whether two literals are known to have one type and different values.
///
/// It compares strings without escapes, decimal integers without a suffix, and flags.
fn are_different(one: &str, other: &str) -> bool {
    let is_text = |it: &str| it.len() > 1 && it.starts_with('"') && it.ends_with('"') && !it.contains('\\');
    let is_number =
        |it: &str| it.bytes().all(|it| it.is_ascii_digit()) && (it == "0" || !it.starts_with('0'));
    let is_truth = |it: &str| it == "true" || it == "false";
    let are_both = |is: &dyn Fn(&str) -> bool| is(one) && is(other);
    one != other && (are_both(&is_text) || are_both(&is_number) || are_both(&is_truth))
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
    /// The name of the node and its location; `None` if it has the function's name.
    pub node: Option<(String, SpanId)>,
    /// The names of the parameters and their locations.
    pub params: Vec<(String, SpanId)>,
}

impl DecoratorFacts {
    /// Returns the built-in decorator with this name.
    #[must_use]
    pub fn built_in(&self) -> Option<BuiltIn> {
        BuiltIn::named(&self.name).filter(|it| it.row().reserved_for().is_none())
    }

    /// Returns whether this is the built-in decorator `one`.
    #[must_use]
    pub fn is(&self, one: BuiltIn) -> bool {
        self.built_in() == Some(one)
    }

    /// Returns the spec of the built-in decorator with this name. `decorate` has none: its expression decides.
    #[must_use]
    pub fn spec(&self) -> Option<&'static DecoratorSpec> {
        self.built_in().filter(|it| *it != BuiltIn::Decorate).map(|it| it.row().spec())
    }
}
