use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::{Cell, Keeps, Name, Param, Place, Tags, ValueType};

/// Whether a node's function is sync or async.
///
/// # Examples
/// ```
/// use icosian_core::{Colour, Node, Outline};
///
/// let fetch = Node::future(Outline::new("fetch"), |_| async { Ok(1_u64) });
/// assert_eq!(fetch.outline().colour(), Colour::Async);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Colour {
    /// `fn`: it runs to its end when called.
    #[default]
    Sync,
    /// `async fn`: it gives a future, which somebody must poll.
    Async,
}

/// Where a node runs, when an adapter has more than one place for it.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Placement};
///
/// assert_eq!(Outline::new("resize").placed(Placement::Offload).placement(), Placement::Offload);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Placement {
    /// With the run: a sync node in place, an async one on the task that awaits the run.
    #[default]
    Inline,
    /// On a thread that may block: for nodes that compute long or call blocking functions.
    Offload,
    /// On a task of its own, so that other workers of the runtime may take it.
    Spawn,
}

/// Nodes of which only so many run at a time, over all runs of an adapter.
///
/// # Examples
/// ```
/// use icosian_core::{Group, Outline};
///
/// // At most four nodes of this group at a time, unless the adapter says otherwise.
/// let query = Outline::new("query").grouped(Group::new("database").with_at_a_time(4));
/// assert_eq!(query.group().map(|group| group.name().as_str()), Some("database"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    name: Name,
    at_a_time: Option<usize>,
}

impl Group {
    /// Returns the group of this name, whose limit the adapter knows.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Group::new("database").at_a_time(), None);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), at_a_time: None }
    }

    /// Sets how many nodes run at a time where the adapter does not say.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Group::new("database").with_at_a_time(4).at_a_time(), Some(4));
    /// ```
    #[must_use]
    pub fn with_at_a_time(mut self, nodes: usize) -> Self {
        self.at_a_time = Some(nodes);
        self
    }

    /// Returns the name.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Group::new("database").name(), &"database");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns how many nodes run at a time where the adapter does not say.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Group::new("database").at_a_time(), None);
    /// ```
    #[must_use]
    pub fn at_a_time(&self) -> Option<usize> {
        self.at_a_time
    }
}

/// What a node gives: the type, and what can be done with a value of it besides reading it.
///
/// # Examples
/// ```
/// use icosian_core::Output;
///
/// assert!(Output::of::<u8>().cloneable::<u8>().is_cloneable());
/// ```
#[derive(Clone)]
pub struct Output {
    value_type: ValueType,
    needs_drop: bool,
    duplicate: Option<fn(&Cell) -> Option<Cell>>,
    /// How a value is written into a cell from where it is borrowed, when that costs less than keeping what it is part of.
    copy: Option<fn(&dyn Any, &mut Cell) -> bool>,
    pub(crate) keeps: Option<Keeps>,
    #[cfg(feature = "serde")]
    serialize: Option<Serialize>,
}

#[cfg(feature = "serde")]
type Serialize = fn(&Cell) -> Option<&dyn erased_serde::Serialize>;

impl Output {
    /// Returns the output of type `T`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Output::of::<u8>().value_type().to_string(), "u8");
    /// ```
    #[must_use]
    pub const fn of<T: Any>() -> Self {
        Self {
            value_type: ValueType::of::<T>(),
            needs_drop: std::mem::needs_drop::<T>(),
            duplicate: None,
            copy: None,
            keeps: None,
            #[cfg(feature = "serde")]
            serialize: None,
        }
    }

    /// Says that values can be cloned.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Output::of::<u8>().cloneable::<u8>().is_cloneable());
    /// ```
    #[must_use]
    pub fn cloneable<T: Any + Send + Sync + Clone>(mut self) -> Self {
        /// As many bytes are copied as soon as a count is changed that threads share.
        const LIGHT: usize = 64;
        self.duplicate = Some(|cell| cell.get::<T>().cloned().map(Cell::new));
        if !std::mem::needs_drop::<T>() && size_of::<T>() <= LIGHT {
            self.copy =
                Some(|value, cell| value.downcast_ref::<T>().map(|value| cell.put(value.clone())).is_some());
        }
        self
    }

    /// Says that values can be serialized.
    ///
    /// # Examples
    /// ```
    /// let output = icosian_core::Output::of::<u8>().serializable::<u8>();
    /// assert!(output.is_serializable());
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serializable<T: Any + erased_serde::Serialize>(mut self) -> Self {
        self.serialize = Some(|cell| cell.get::<T>().map(|value| value as &dyn erased_serde::Serialize));
        self
    }

    /// Returns the type.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Output, ValueType};
    ///
    /// assert_eq!(Output::of::<u8>().value_type(), ValueType::of::<u8>());
    /// ```
    #[must_use]
    pub const fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Returns whether dropping a value does anything: frees memory, closes a connection.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Output;
    ///
    /// assert!(Output::of::<String>().needs_drop() && !Output::of::<u8>().needs_drop());
    /// ```
    #[must_use]
    pub const fn needs_drop(&self) -> bool {
        self.needs_drop
    }

    /// Returns whether values can be cloned.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Output::of::<u8>().is_cloneable());
    /// ```
    #[must_use]
    pub const fn is_cloneable(&self) -> bool {
        self.duplicate.is_some()
    }

    /// Returns whether a value is copied rather than kept as a part of another: it is small, owns nothing and can be cloned.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Output;
    ///
    /// assert!(Output::of::<u8>().cloneable::<u8>().is_light());
    /// assert!(!Output::of::<String>().cloneable::<String>().is_light());
    /// ```
    #[must_use]
    pub const fn is_light(&self) -> bool {
        self.copy.is_some()
    }

    /// Writes a copy of `value` into `cell`; says whether that was possible.
    pub(crate) fn copy_into(&self, value: &dyn Any, cell: &mut Cell) -> bool {
        self.copy.is_some_and(|copy| copy(value, cell))
    }

    /// Returns whether values can be serialized.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Output::of::<u8>().is_serializable());
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub const fn is_serializable(&self) -> bool {
        self.serialize.is_some()
    }

    /// Clones the value in `cell`; `None` when it cannot be cloned or is not there.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Cell, Output};
    ///
    /// let output = Output::of::<u8>().cloneable::<u8>();
    /// assert!(output.duplicate(&Cell::new(3_u8)).is_some());
    /// ```
    #[must_use]
    pub fn duplicate(&self, cell: &Cell) -> Option<Cell> {
        self.duplicate.and_then(|duplicate| duplicate(cell))
    }

    /// Returns the value in `cell` as something to serialize; `None` when it cannot be or is not there.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Cell, Output};
    ///
    /// let output = Output::of::<u8>().serializable::<u8>();
    /// assert!(output.serialize(&Cell::new(3_u8)).is_some());
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serialize<'a>(&self, cell: &'a Cell) -> Option<&'a dyn erased_serde::Serialize> {
        self.serialize.and_then(|serialize| serialize(cell))
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({})", self.value_type)
    }
}

/// All that is known of a node without running it: name, parameters, output, colour, documentation and place.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
///
/// let outline = Outline::new("spend_mean").param(Param::borrowed::<[f64]>("spend")).gives::<f64>();
/// assert_eq!(outline.to_string(), "spend_mean(spend: &[f64]) -> f64");
/// ```
#[derive(Clone)]
pub struct Outline {
    name: Name,
    params: Vec<Param>,
    output: Output,
    colour: Colour,
    documentation: Cow<'static, str>,
    place: Option<Place>,
    placement: Placement,
    group: Option<Box<Group>>,
    // Boxed, because few nodes have any.
    pub(crate) notes: Option<Box<Notes>>,
    pub(crate) is_own: bool,
    pub(crate) made_by: Option<&'static str>,
}

/// What is rarely said of a node.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    pub(crate) tags: Tags,
    pub(crate) time_limit: Option<Duration>,
}

impl Outline {
    /// Returns the outline of a sync node without parameters that gives `()`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("start").to_string(), "start() -> ()");
    /// ```
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            params: Vec::new(),
            output: Output::of::<()>(),
            colour: Colour::Sync,
            documentation: Cow::Borrowed(""),
            place: None,
            placement: Placement::Inline,
            group: None,
            notes: None,
            is_own: false,
            made_by: None,
        }
    }

    /// Adds a parameter after those that are there.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let outline = Outline::new("double").param(Param::taken::<u64>("single"));
    /// assert_eq!(outline.params().len(), 1);
    /// ```
    #[must_use]
    pub fn param(mut self, param: Param) -> Self {
        self.params.push(param);
        self
    }

    /// Gives the node another name.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("f").renamed("f_raw").name(), &"f_raw");
    /// ```
    #[must_use]
    pub fn renamed(mut self, name: impl Into<Name>) -> Self {
        self.name = name.into();
        self
    }

    /// Changes every parameter, and keeps their order.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let f = Outline::new("f").param(Param::taken::<u8>("a")).map_params(|param| param.reading("b"));
    /// assert_eq!(f.params()[0].source(), &"b");
    /// ```
    #[must_use]
    pub fn map_params(mut self, change: impl FnMut(Param) -> Param) -> Self {
        self.params = self.params.into_iter().map(change).collect();
        self
    }

    /// Replaces all parameters.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let f = Outline::new("f").param(Param::taken::<u8>("a")).with_params(Vec::new());
    /// assert!(f.params().is_empty());
    /// ```
    #[must_use]
    pub fn with_params(mut self, params: Vec<Param>) -> Self {
        self.params = params;
        self
    }

    /// Says that the node gives a `T`.
    ///
    /// # Examples
    /// ```
    /// let outline = icosian_core::Outline::new("one").gives::<u64>();
    /// assert_eq!(outline.to_string(), "one() -> u64");
    /// ```
    #[must_use]
    pub fn gives<T: Any>(self) -> Self {
        self.output(Output::of::<T>())
    }

    /// Says what the node gives.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Output};
    ///
    /// let outline = Outline::new("one").output(Output::of::<u64>().cloneable::<u64>());
    /// assert!(outline.given().is_cloneable());
    /// ```
    #[must_use]
    pub fn output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    /// Says whether the node's function is sync or async.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Colour, Outline};
    ///
    /// assert_eq!(Outline::new("fetch").coloured(Colour::Async).colour(), Colour::Async);
    /// ```
    #[must_use]
    pub fn coloured(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// Adds the function's doc comment.
    ///
    /// # Examples
    /// ```
    /// let outline = icosian_core::Outline::new("mean").documented("The mean, in euros.");
    /// assert_eq!(outline.documentation(), "The mean, in euros.");
    /// ```
    #[must_use]
    pub fn documented(mut self, documentation: impl Into<Cow<'static, str>>) -> Self {
        self.documentation = documentation.into();
        self
    }

    /// Notes where the function's name stands in the source.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Place};
    ///
    /// assert!(Outline::new("mean").at(Place::new("src/lib.rs", 3, 8, 4)).place().is_some());
    /// ```
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Sets where the node runs, when the adapter has more than one place for it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Placement};
    ///
    /// let resize = Outline::new("resize").placed(Placement::Offload);
    /// ```
    #[must_use]
    pub fn placed(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Puts the node into a group of which only so many run at a time.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Group, Outline};
    ///
    /// let query = Outline::new("query").grouped(Group::new("database"));
    /// ```
    #[must_use]
    pub fn grouped(mut self, group: Group) -> Self {
        self.group = Some(Box::new(group));
        self
    }

    /// Returns the name.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("mean").name(), &"mean");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the parameters, in the order of the function's head.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Outline::new("mean").params().is_empty());
    /// ```
    #[must_use]
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// Returns what the node gives.
    ///
    /// # Examples
    /// ```
    /// let outline = icosian_core::Outline::new("mean").gives::<f64>();
    /// assert_eq!(outline.given().value_type().to_string(), "f64");
    /// ```
    #[must_use]
    pub fn given(&self) -> &Output {
        &self.output
    }

    /// Returns whether the function is sync or async.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Colour, Outline};
    ///
    /// assert_eq!(Outline::new("mean").colour(), Colour::Sync);
    /// ```
    #[must_use]
    pub fn colour(&self) -> Colour {
        self.colour
    }

    /// Returns the function's doc comment, empty when there is none.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("mean").documentation(), "");
    /// ```
    #[must_use]
    pub fn documentation(&self) -> &str {
        &self.documentation
    }

    /// Returns where the function's name stands in the source, if that is known.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("mean").place(), None);
    /// ```
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// Returns where the node runs, when the adapter has more than one place for it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Placement};
    ///
    /// assert_eq!(Outline::new("mean").placement(), Placement::Inline);
    /// ```
    #[must_use]
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// Returns the group of which only so many run at a time, if the node is in one.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("mean").group(), None);
    /// ```
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        self.group.as_deref()
    }
}

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.colour == Colour::Async {
            f.write_str("async ")?;
        }
        write!(f, "{}(", self.name)?;
        for (position, param) in self.params.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{param}")?;
        }
        write!(f, ") -> {}", self.output.value_type)
    }
}

impl fmt::Debug for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outline({self})")
    }
}
