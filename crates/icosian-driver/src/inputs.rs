use std::any::Any;
use std::fmt;
use std::future::Future;

use icosian_core::{BoxError, Cell, Handle, Name, NodeError, Output, RunContext, Task, Value, ValueType};
use rustc_hash::FxHashMap;

/// One input: a value, or a future that gives it.
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
    /// The literal that a `String` was made of.
    literal: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Ready(Cell),
    Future(Box<dyn Task>),
}

impl Input {
    /// Returns an input that is there.
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

    /// Returns an input that is still to come. An execution awaits it once, however many nodes read it, beside all that
    /// does not need it.
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

    /// Returns an input that is still to come and may fail, which fails the execution.
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

    /// A literal is a `String`, which nearly all who read text can read, until it is known that they cannot.
    pub(crate) fn literal(text: &'static str) -> Self {
        Self { literal: Some(text), ..Self::value(text.to_owned()) }
    }

    /// Makes a literal what its readers read.
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

/// What one execution is given: inputs, and values that stand for nodes.
///
/// Written with [`inputs!`](crate::inputs) or built up. A name that is given again replaces what was given before.
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
    /// Returns no inputs.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(format!("{:?}", icosian_driver::Inputs::new()), "Inputs");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an input that is there.
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

    /// Adds an input, there or still to come.
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
        self.values.put(name.into(), input.into());
        self
    }

    /// Gives a value that stands for a node: the node does not run, nor does what only it needs.
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

    /// Gives a value that stands for the node of this name.
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

    /// Gives the execution a context of the caller's: with a deadline, or to cancel it from elsewhere.
    ///
    /// The execution has a [child](RunContext::child) of it: one that fails or is dropped does not cancel others under the same
    /// context. Under a sync adapter a cancelled execution ends before its next node, under an async one at once.
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
    /// context.cancel(); // .. by another thread that has a clone of it
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

/// Inputs in the order in which their names were first given.
#[derive(Default)]
pub(crate) struct ByName {
    inputs: Vec<(Name, Input)>,
    places: Places,
}

impl ByName {
    /// Adds an input, in place of the one that has its name.
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

/// Where each name is in a list. A short list is searched; a longer one has its places noted.
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

    /// Notes the place of what was added to the end of `list`.
    fn added<T>(&mut self, list: &[(Name, T)]) {
        if list.len() > Self::SHORT {
            let noted = self.0.len();
            self.0.extend(list[noted..].iter().enumerate().map(|(at, (name, _))| (name.clone(), noted + at)));
        }
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

/// Writes the [`Inputs`] of an execution: `inputs! { request, "limit": 3_u64, user: fetch_user() }`.
///
/// `name` alone is the variable of that name; a name before `:` may be quoted. A string literal becomes a `String`. For an
/// input that is still to come, write [`Input::future`](crate::Input::future).
///
/// # Examples
/// ```
/// use icosian_driver::inputs;
///
/// let request = String::from("GET /");
/// let inputs = inputs! { request, limit: 3_u64, "user": "ada" };
/// assert_eq!(format!("{inputs:?}"), "Inputs { request: String, limit: u64, user: String }");
/// ```
#[macro_export]
macro_rules! inputs {
    (@name $name:literal) => { $name };
    (@name $name:ident) => { $crate::__private::Name::of_identifier(::core::stringify!($name)) };
    (@value $name:tt $value:expr) => { $crate::__input!($value) };
    (@value $name:ident) => { $crate::__input!($name) };
    ($($name:tt $(: $value:expr)?),* $(,)?) => {{
        let inputs = $crate::Inputs::new();
        $(let inputs = inputs.with_input($crate::inputs!(@name $name), $crate::inputs!(@value $name $($value)?));)*
        inputs
    }};
}
