use std::any::Any;
use std::fmt;

use icosian_core::node::ProvidedBy;
use icosian_core::{Handle, Name, RunContext};
use rustc_hash::FxHashMap;

use crate::input::Input;
use crate::named_values::NamedValues;

/// The inputs and overrides of one execution.
///
/// [`inputs!`](crate::inputs) builds them from expressions. The methods add more; a later value replaces an earlier value of
/// the same name.
///
/// # Examples
/// ```
/// use icosian_driver::{Input, Inputs, inputs};
///
/// let limit = 3_u64;
/// let written = inputs! { limit, "user": "ada" };
/// let built = Inputs::new().with("limit", limit).with("user", String::from("ada"));
/// assert_eq!(format!("{written:?}"), format!("{built:?}"));
///
/// // An override replaces a node, here `rates`.
/// let inputs = inputs! { limit }.overriding_named("rates", Input::value(1.5));
/// assert_eq!(format!("{inputs:?}"), "Inputs { limit: u64, override rates: f64 }");
/// ```
#[derive(Default)]
pub struct Inputs {
    /// In the order in which the names were first added.
    entries: Vec<Entry>,
    /// The positions of the entries, if there are more than [`SHORT`].
    positions: FxHashMap<(InputRole, Name), usize>,
    pub(crate) context: Option<RunContext>,
}

struct Entry {
    role: InputRole,
    name: Name,
    /// `None` after [`Inputs::take`].
    input: Option<Input>,
}

/// The role of a value that the caller passes to an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputRole {
    /// The value of an input.
    Input,
    /// The replacement of a node, a config value or a shared input.
    Override,
}

impl fmt::Display for InputRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Input => "input",
            Self::Override => "override",
        })
    }
}

/// The number of entries that are searched; a longer list is indexed.
const SHORT: usize = 16;

impl Inputs {
    /// Returns an empty set of inputs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value as an input.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(self, name: impl Into<Name>, value: T) -> Self {
        self.with_input(name, Input::value(value))
    }

    /// Adds an input, which may be a future.
    #[must_use]
    pub fn with_input(mut self, name: impl Into<Name>, input: impl Into<Input>) -> Self {
        self.set(InputRole::Input, name.into(), input.into());
        self
    }

    /// Replaces a node by a value for this execution.
    ///
    /// The node does not run, and neither do nodes that only this node reads. An override also replaces a config value of the
    /// same name; config conditions, which are decided when the driver is built, do not change.
    #[must_use]
    pub fn overriding<H: Handle>(self, value: H::Output) -> Self {
        self.overriding_named(H::NAME, Input::value(value))
    }

    /// Replaces the items of an expanding node by a list for this execution. The node does not run.
    #[must_use]
    pub fn overriding_items<H: Handle>(self, items: Vec<H::Output>) -> Self {
        self.overriding_named(H::NAME, Input::value(items))
    }

    /// Replaces the node, config value or shared input of this name by a value for this execution.
    #[must_use]
    pub fn overriding_named(mut self, name: impl Into<Name>, value: impl Into<Input>) -> Self {
        self.set(InputRole::Override, name.into(), value.into());
        self
    }

    /// Sets the parent context of the execution, for a deadline or for cancellation.
    ///
    /// The execution gets a [child](RunContext::child) of the context, so a failed execution does not cancel its siblings. Under a
    /// sync adapter a cancelled execution ends before its next node, under an async adapter at once.
    #[must_use]
    pub fn with_context(mut self, context: RunContext) -> Self {
        self.context = Some(context);
        self
    }

    /// Adds all inputs, overrides and the context of `other`, which replace those of the same names.
    pub(crate) fn extend(&mut self, other: Self) {
        for Entry { role, name, input } in other.entries {
            if let Some(input) = input {
                self.set(role, name, input);
            }
        }
        self.context = other.context.or(self.context.take());
    }

    /// Adds a value, or replaces the value of the same role and name.
    pub(crate) fn set(&mut self, role: InputRole, name: Name, input: Input) {
        if let Some(position) = self.position(role, &name) {
            self.entries[position].input = Some(input);
            return;
        }
        self.entries.push(Entry { role, name, input: Some(input) });
        if self.entries.len() > SHORT {
            let indexed = self.positions.len();
            let new = self.entries.iter().enumerate().skip(indexed);
            self.positions.extend(new.map(|(position, entry)| ((entry.role, entry.name.clone()), position)));
        }
    }

    /// Moves a value out, and keeps its name.
    pub(crate) fn take(&mut self, role: InputRole, name: &Name) -> Option<Input> {
        let position = self.position(role, name)?;
        self.entries[position].input.take()
    }

    /// Returns the names of all values of `role`.
    pub(crate) fn names(&self, role: InputRole) -> impl Iterator<Item = &Name> {
        self.entries.iter().filter(move |entry| entry.role == role).map(|entry| &entry.name)
    }

    pub(crate) fn has_overrides(&self) -> bool {
        self.names(InputRole::Override).next().is_some()
    }

    /// Removes the overrides whose names are not `known`.
    pub(crate) fn retain_overrides(&mut self, known: impl Fn(&Name) -> bool) {
        self.entries.retain(|entry| entry.role == InputRole::Input || known(&entry.name));
        self.positions.clear();
        if self.entries.len() > SHORT {
            let entries = self.entries.iter().enumerate();
            self.positions
                .extend(entries.map(|(position, entry)| ((entry.role, entry.name.clone()), position)));
        }
    }

    /// Returns the values of role [`Input`](InputRole::Input).
    pub(crate) fn into_values(self) -> impl Iterator<Item = (Name, Input)> {
        let values = self.entries.into_iter().filter(|entry| entry.role == InputRole::Input);
        values.filter_map(|entry| Some((entry.name, entry.input?)))
    }

    fn position(&self, role: InputRole, name: &Name) -> Option<usize> {
        if self.entries.len() <= SHORT {
            return self.entries.iter().position(|entry| entry.role == role && entry.name == *name);
        }
        self.positions.get(&(role, name.clone())).copied()
    }
}

#[expect(clippy::missing_fields_in_debug, reason = "the positions follow from the entries")]
impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Inputs");
        for role in [InputRole::Input, InputRole::Override] {
            for Entry { name, input, .. } in self.entries.iter().filter(|entry| entry.role == role) {
                let name = match role {
                    InputRole::Input => name.to_string(),
                    InputRole::Override => format!("override {name}"),
                };
                if let Some(input) = input {
                    shown.field(&name, &input.value_type());
                }
            }
        }
        if let Some(context) = &self.context {
            shown.field("context", context);
        }
        shown.finish()
    }
}

/// The inputs of an execution of the outputs `O`, as `execute` accepts them.
///
/// These are [`Inputs`], and the struct that `#[dataflow(outputs(..))]` generates for a declared output. The struct also fits the nodes
/// that the declared output needs, and tuples of them. For outputs by name, `O` is [`NamedValues`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the inputs of `{O}`",
    label = "expected `Inputs`, which `inputs! {{ name: value }}` builds, or the struct of a declared output",
    note = "an inputs struct is accepted for its own output and the nodes that this output needs; for other outputs, call \
            `.into_inputs()`",
    note = "to request outputs by name: `execute_named([\"a\"], inputs! {{ .. }})`",
    note = "to request outputs by handle: `execute::<pipeline::a>(inputs! {{ .. }})`"
)]
pub trait IntoInputs<O = NamedValues>: sealed::Sealed {
    /// Returns the inputs.
    #[doc(hidden)]
    fn into_inputs(self) -> Inputs;
}

/// The struct of the inputs of a declared output. For generated code.
#[doc(hidden)]
pub trait DeclaredInputs {
    /// Returns the inputs.
    fn into_inputs(self) -> Inputs;
}

/// Formats the struct of the inputs of a declared output: its name and the names of its fields. For generated code.
///
/// # Errors
/// Those of the formatter.
#[doc(hidden)]
pub fn fmt_declared_inputs(f: &mut fmt::Formatter<'_>, name: &str, fields: &[&str]) -> fmt::Result {
    match fields {
        [] => f.write_str(name),
        fields => write!(f, "{name} {{ {} }}", fields.join(", ")),
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Inputs {}
    #[diagnostic::do_not_recommend]
    impl<I: super::DeclaredInputs> Sealed for I {}
}

impl<O> IntoInputs<O> for Inputs {
    fn into_inputs(self) -> Inputs {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<O: ProvidedBy<I>, I: DeclaredInputs> IntoInputs<O> for I {
    fn into_inputs(self) -> Inputs {
        DeclaredInputs::into_inputs(self)
    }
}

impl<I> ProvidedBy<I> for NamedValues {}

/// Builds the [`Inputs`] of an execution: `inputs! { request, "limit": 3_u64, user: fetch_user() }`.
///
/// `name` alone is the variable of that name; a name before `:` may be quoted. A string literal becomes a `String`. For a
/// future, write [`Input::future`](crate::Input::future). A name that is set twice is a compile error.
///
/// # Examples
/// ```
/// use icosian_driver::inputs;
///
/// let request = String::from("GET /");
/// let inputs = inputs! { request, limit: 3_u64, "user": "ada" };
/// assert_eq!(format!("{inputs:?}"), "Inputs { request: String, limit: u64, user: String }");
/// ```
///
/// A name that is set twice, and a value that is not `Send + Sync`, are compile errors:
/// ```compile_fail
/// let twice = icosian_driver::inputs! { limit: 1_u64, "limit": 2_u64 };
/// ```
/// ```compile_fail
/// let local = icosian_driver::inputs! { limit: std::rc::Rc::new(1_u64) };
/// ```
#[macro_export]
macro_rules! inputs {
    (@name $name:literal) => { $name };
    (@name $name:ident) => { $crate::__private::Name::of_identifier(::core::stringify!($name)) };
    (@value $name:tt $value:expr) => { $crate::__input!($value) };
    (@value $name:ident) => { $crate::__input!($name) };
    (@key $name:literal) => { $name };
    (@key $name:ident) => { ::core::stringify!($name) };
    ($($name:tt $(: $value:expr)?),* $(,)?) => {{
        const _: () = $crate::__private::assert_distinct(&[$($crate::inputs!(@key $name)),*]);
        let inputs = $crate::Inputs::new();
        $(let inputs = inputs.with_input($crate::inputs!(@name $name), $crate::inputs!(@value $name $($value)?));)*
        inputs
    }};
}
