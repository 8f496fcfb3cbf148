use crate::Caps;

/// An argument of a decorator's attribute.
///
/// # Examples
/// ```
/// use icosian_spec::{ArgumentKind, BuiltIn};
///
/// let [group, max_concurrency] = BuiltIn::Limit.row().arguments() else { panic!("`limit` has two arguments") };
/// assert!(group.is_positional() && group.is_required());
/// assert!(max_concurrency.kind() == ArgumentKind::Count && !max_concurrency.is_required());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    name: &'static str,
    kind: ArgumentKind,
    is_positional: bool,
    is_repeatable: bool,
    missing: Option<FaultText>,
    used: Caps,
}

/// The syntax of an argument's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArgumentKind {
    /// `param = source(node)`, `param = value(expr)`, `param = list[..]` or `param = map { .. }`.
    Binding,
    /// `key = literal`, a comparison with a config value.
    Condition,
    /// A positive whole number.
    Count,
    /// A time, as in `"250ms"`.
    Duration,
    /// Two times, as in `"100ms..2s"`.
    DurationRange,
    /// Any expression.
    Expression,
    /// A name alone, without a value.
    Flag,
    /// The path of a function.
    Function,
    /// `"warn"` or `"fail"`.
    Importance,
    /// `"fail"`, `"collect"` or `"skip"`.
    ItemErrors,
    /// A string literal or another expression for a name.
    Name,
    /// Names in parentheses, as in `on(mean, deviation)`.
    Names,
    /// `node(param = .., ..)`.
    Node,
    /// `name: Type`, a part of an output.
    Part,
    /// A closure or function that decides by an error.
    Predicate,
    /// `step(function, ..)`.
    Step,
    /// `key = "word"` or `key = ["word", ..]`.
    Tag,
    /// A type.
    Type,
    /// `(name = ..)`: values of the inputs or the config of an included dataflow.
    Wiring,
}

/// Arguments of which exactly one is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneOf {
    /// The names of the arguments.
    pub names: &'static [&'static str],
    /// The text when none is written. The message follows the decorator's name.
    pub none: FaultText,
    /// The text when a second one is written.
    pub several: FaultText,
}

/// The text of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultText {
    /// The fault.
    pub message: &'static str,
    /// The advice. It begins with a verb.
    pub help: &'static str,
}

impl Argument {
    /// Returns an optional argument that is written `name = value`, or `name` alone for a flag.
    #[must_use]
    pub const fn named(name: &'static str, kind: ArgumentKind) -> Self {
        let (is_positional, is_repeatable) = (false, false);
        Self { name, kind, is_positional, is_repeatable, missing: None, used: Caps::NONE }
    }

    /// Returns an optional argument that is written without its name.
    #[must_use]
    pub const fn positional(name: &'static str, kind: ArgumentKind) -> Self {
        Self { is_positional: true, ..Self::named(name, kind) }
    }

    /// Returns an optional argument without a name that may be written any number of times.
    #[must_use]
    pub const fn repeatable(name: &'static str, kind: ArgumentKind) -> Self {
        Self { is_repeatable: true, ..Self::positional(name, kind) }
    }

    /// Makes the argument required. The message follows the decorator's name.
    #[must_use]
    pub const fn or_refuse(mut self, message: &'static str, help: &'static str) -> Self {
        self.missing = Some(FaultText { message, help });
        self
    }

    /// Adds capabilities that the decorator uses if the argument is present.
    #[must_use]
    pub const fn uses(mut self, caps: Caps) -> Self {
        self.used = self.used.with(caps);
        self
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the syntax of the value.
    #[must_use]
    pub const fn kind(&self) -> ArgumentKind {
        self.kind
    }

    /// Returns whether the argument is written without its name.
    #[must_use]
    pub const fn is_positional(&self) -> bool {
        self.is_positional
    }

    /// Returns whether the argument may be written more than once.
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    /// Returns whether the attribute is refused without the argument.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.missing.is_some()
    }

    /// Returns the text for a missing argument; `None` for an optional argument. The message follows the decorator's name.
    #[must_use]
    pub const fn missing(&self) -> Option<FaultText> {
        self.missing
    }

    /// Returns the capabilities that the decorator uses if the argument is present.
    #[must_use]
    pub const fn used(&self) -> Caps {
        self.used
    }
}
