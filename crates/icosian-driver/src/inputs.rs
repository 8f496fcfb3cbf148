use std::any::Any;
use std::fmt;
use std::future::Future;

use icosian_core::{BoxError, Cell, Handle, Name, NodeError, Output, RunContext, Task, Value, ValueType};
use rustc_hash::FxHashMap;

/// One input: a value, or a future of a value.
///
/// # Examples
/// ```
/// use icosian_driver::{Input, inputs};
///
/// let inputs = inputs! {
///     "limit": 3_u64,
///     "user": Input::future(async { String::from("ada") }),
/// };
/// # let _ = inputs;
/// ```
pub struct Input {
    pub(crate) output: Output,
    pub(crate) kind: Kind,
    /// The literal from which a `String` was made.
    literal: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Ready(Cell),
    Future(Box<dyn Task>),
}

impl Input {
    /// Returns an input with this value.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::Input;
    ///
    /// assert_eq!(Input::value(3_u64).value_type().to_string(), "u64");
    /// ```
    #[must_use]
    pub fn value<T: Any + Send + Sync>(value: T) -> Self {
        Value::new(value).into()
    }

    /// Returns an input whose value is the output of `future`.
    ///
    /// An execution awaits the future once, concurrently with the nodes that do not read it.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::Input;
    ///
    /// let user = Input::future(async { String::from("ada") });
    /// assert_eq!(user.value_type().to_string(), "String");
    /// ```
    #[must_use]
    pub fn future<F>(future: F) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Any + Send + Sync,
    {
        Self::from_task::<F::Output>(<dyn Task>::new(async { Ok::<_, NodeError>(future.await) }))
    }

    /// Returns an input whose value is the output of `future`; an error fails the execution.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::Input;
    ///
    /// let port = Input::try_future(async { "8000".parse::<u16>() });
    /// assert_eq!(port.value_type().to_string(), "u16");
    /// ```
    #[must_use]
    pub fn try_future<F, T, E>(future: F) -> Self
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Any + Send + Sync,
        E: Into<BoxError>,
    {
        Self::from_task::<T>(<dyn Task>::new(async { future.await.map_err(NodeError::failed) }))
    }

    /// Returns a literal as a `String`, which nearly all readers of text accept.
    pub(crate) fn literal(text: &'static str) -> Self {
        Self { literal: Some(text), ..Self::value(text.to_owned()) }
    }

    /// Converts a literal to `&'static str` if its readers accept no `String`.
    pub(crate) fn read_as(self, accepts: impl Fn(&ValueType) -> bool) -> Self {
        match self.literal {
            Some(text) if !accepts(&self.value_type()) && accepts(&ValueType::of::<&'static str>()) => {
                Self::value(text)
            }
            _ => self,
        }
    }

    fn from_task<T: Any>(task: Box<dyn Task>) -> Self {
        Self { output: Output::of::<T>(), kind: Kind::Future(task), literal: None }
    }

    /// Returns the type of the value.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::ValueType;
    /// use icosian_driver::Input;
    ///
    /// assert_eq!(Input::future(async { 3_u64 }).value_type(), ValueType::of::<u64>());
    /// ```
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.output.value_type()
    }
}

impl From<Value> for Input {
    fn from(value: Value) -> Self {
        Self { output: value.output().clone(), kind: Kind::Ready(value.into_cell()), literal: None }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Ready(_) => "value",
            Kind::Future(_) => "future",
        };
        write!(f, "Input({kind} of {})", self.value_type())
    }
}

/// The inputs and overrides of one execution.
///
/// [`inputs!`](crate::inputs) builds them from expressions. The methods add more; a later value replaces an earlier value of
/// the same name.
///
/// # Examples
/// ```
/// use icosian_driver::{Inputs, inputs};
///
/// let limit = 3_u64;
/// let written = inputs! { limit, "user": "ada" };
/// let built = Inputs::new().with("limit", limit).with("user", String::from("ada"));
/// assert_eq!(format!("{written:?}"), format!("{built:?}"));
/// ```
#[derive(Default)]
pub struct Inputs {
    pub(crate) values: ByName,
    pub(crate) overrides: ByName,
    pub(crate) context: Option<RunContext>,
}

impl Inputs {
    /// Returns an empty set of inputs.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(format!("{:?}", icosian_driver::Inputs::new()), "Inputs");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value as an input.
    ///
    /// # Examples
    /// ```
    /// let inputs = icosian_driver::Inputs::new().with("limit", 3_u64);
    /// assert_eq!(format!("{inputs:?}"), "Inputs { limit: u64 }");
    /// ```
    #[must_use]
    pub fn with<T: Any + Send + Sync>(self, name: impl Into<Name>, value: T) -> Self {
        self.with_input(name, Input::value(value))
    }

    /// Adds an input, which may be a future.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Input, Inputs};
    ///
    /// let inputs = Inputs::new().with_input("limit", Input::future(async { 3_u64 }));
    /// assert_eq!(format!("{inputs:?}"), "Inputs { limit: u64 }");
    /// ```
    #[must_use]
    pub fn with_input(mut self, name: impl Into<Name>, input: impl Into<Input>) -> Self {
        self.set(name.into(), input.into());
        self
    }

    pub(crate) fn set(&mut self, name: Name, input: Input) {
        self.values.put(name, input);
    }

    /// Adds all inputs, overrides and the context of `other`, which replace those of the same names.
    pub(crate) fn extend(&mut self, other: Self) {
        for (name, input) in other.values.into_parts().0 {
            self.values.put(name, input);
        }
        for (name, input) in other.overrides.into_parts().0 {
            self.overrides.put(name, input);
        }
        self.context = other.context.or(self.context.take());
    }

    /// Replaces a node by a value for this execution.
    ///
    /// The node does not run, and neither do nodes that only this node reads. An override also replaces a config value of the
    /// same name; config conditions, which are decided when the driver is built, do not change.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Handle;
    /// use icosian_driver::Inputs;
    ///
    /// #[allow(non_camel_case_types)]
    /// struct rates {}
    /// impl Handle for rates {
    ///     const NAME: &'static str = "rates";
    ///     type Output = f64;
    /// }
    /// let inputs = Inputs::new().overriding::<rates>(1.5);
    /// assert_eq!(format!("{inputs:?}"), "Inputs { override rates: f64 }");
    /// ```
    #[must_use]
    pub fn overriding<H: Handle>(self, value: H::Output) -> Self {
        self.overriding_named(H::NAME, Input::value(value))
    }

    /// Replaces the node, config value or shared input of this name by a value for this execution.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Input, Inputs};
    ///
    /// let inputs = Inputs::new().overriding_named("rates", Input::value(1.5));
    /// assert_eq!(format!("{inputs:?}"), "Inputs { override rates: f64 }");
    /// ```
    #[must_use]
    pub fn overriding_named(mut self, name: impl Into<Name>, value: impl Into<Input>) -> Self {
        self.overrides.put(name.into(), value.into());
        self
    }

    /// Sets the parent context of the execution, for a deadline or for cancellation.
    ///
    /// The execution gets a [child](RunContext::child) of the context, so a failed execution does not cancel its siblings. Under a
    /// sync adapter a cancelled execution ends before its next node, under an async adapter at once.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::RunContext;
    /// use icosian_driver::{Driver, inputs};
    /// use std::time::Duration;
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # let flow = Dataflow::new("numbers").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    ///
    /// # let driver = Driver::builder().with_dataflow(flow).build()?;
    /// let context = RunContext::new().within(Duration::from_secs(2));
    /// context.cancel(); // another thread can do this with a clone
    /// let error = driver.execute_named(["one"], inputs! {}.with_context(context)).unwrap_err();
    /// assert_eq!(error.to_string(), "the execution was cancelled");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_context(mut self, context: RunContext) -> Self {
        self.context = Some(context);
        self
    }
}

/// Inputs in the order in which their names were first added.
#[derive(Default)]
pub(crate) struct ByName {
    inputs: Vec<(Name, Input)>,
    places: Places,
}

impl ByName {
    /// Adds an input, or replaces the input of its name.
    fn put(&mut self, name: Name, input: Input) {
        if let Some(place) = self.places.of(&name, &self.inputs) {
            self.inputs[place].1 = input;
        } else {
            self.inputs.push((name, input));
            self.places.added(&self.inputs);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Name, Input)> {
        self.inputs.iter()
    }

    /// Keeps the inputs whose names are `kept`.
    pub(crate) fn retain(&mut self, kept: impl Fn(&Name) -> bool) {
        for (name, input) in std::mem::take(self).inputs {
            if kept(&name) {
                self.put(name, input);
            }
        }
    }

    pub(crate) fn into_parts(self) -> (Vec<(Name, Input)>, Places) {
        (self.inputs, self.places)
    }
}

/// The positions of names in a list. A short list is searched; a longer list is indexed.
#[derive(Default)]
pub(crate) struct Places(FxHashMap<Name, usize>);

impl Places {
    const SHORT: usize = 16;

    pub(crate) fn of<T>(&self, name: &Name, list: &[(Name, T)]) -> Option<usize> {
        if list.len() <= Self::SHORT {
            return list.iter().position(|(given, _)| given == name);
        }
        self.0.get(name).copied()
    }

    /// Indexes the new entries at the end of `list`.
    fn added<T>(&mut self, list: &[(Name, T)]) {
        if list.len() > Self::SHORT {
            let noted = self.0.len();
            self.0.extend(list[noted..].iter().enumerate().map(|(at, (name, _))| (name.clone(), noted + at)));
        }
    }
}

/// The inputs of an execution, as `execute` accepts them: [`Inputs`].
///
/// The trait exists for the compiler's message when `execute` gets something else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of inputs",
    label = "expected `Inputs`, which `inputs! {{ name: value }}` builds",
    note = "to request outputs by name: `execute_named([\"a\"], inputs! {{ .. }})`",
    note = "to request outputs by handle: `execute::<pipeline::a>(inputs! {{ .. }})`"
)]
pub trait IntoInputs: sealed::Sealed {
    /// Returns the inputs.
    #[doc(hidden)]
    fn into_inputs(self) -> Inputs;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Inputs {}
}

impl IntoInputs for Inputs {
    fn into_inputs(self) -> Inputs {
        self
    }
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.iter().map(|(name, input)| (name.to_string(), input.value_type()));
        let overrides =
            self.overrides.iter().map(|(name, input)| (format!("override {name}"), input.value_type()));
        let mut shown = f.debug_struct("Inputs");
        for (name, value_type) in values.chain(overrides) {
            shown.field(&name, &value_type);
        }
        if let Some(context) = &self.context {
            shown.field("context", context);
        }
        shown.finish()
    }
}

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
