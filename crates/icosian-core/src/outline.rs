use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::{Caps, Name, Output, Param, RateLimit, StartLimits, Tags};
use icosian_diagnostics::Location;

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
    /// On a separate task, which any worker of the runtime can poll.
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
    place: Option<Location>,
    placement: Placement,
    // Boxed, because few nodes have any.
    start_limits: Option<Box<StartLimits>>,
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
    pub(crate) needs: Caps,
    pub(crate) large_future: Option<usize>,
    pub(crate) attempt_limits: Option<StartLimits>,
    pub(crate) never_fails: bool,
}

/// The size in bytes above which a future is large: clippy's threshold for `large_futures`.
const LARGE_FUTURE: usize = 16 << 10;

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
            start_limits: None,
            notes: None,
            is_own: false,
            made_by: None,
        }
    }

    /// Returns the size of the node's future in bytes, if it is larger than 16 KiB.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// let node = Node::future(Outline::new("page"), |_| async {
    ///     let page = [1_u8; 20_000];
    ///     std::future::ready(()).await;
    ///     Ok(page.len())
    /// });
    /// assert!(node.outline().large_future().is_some_and(|size| size >= 20_000));
    /// ```
    #[must_use]
    pub fn large_future(&self) -> Option<usize> {
        self.notes.as_ref()?.large_future
    }

    /// Sets the size of the node's future.
    pub(crate) fn with_future_size(mut self, size: usize) -> Self {
        if size > LARGE_FUTURE {
            self.notes.get_or_insert_default().large_future = Some(size);
        }
        self
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
    /// use icosian_core::Outline;
    /// use icosian_diagnostics::Location;
    ///
    /// assert!(Outline::new("mean").at(Location::new("src/lib.rs", 3, 8, 4)).location().is_some());
    /// ```
    #[must_use]
    pub fn at(mut self, place: Location) -> Self {
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

    /// Adds the node to a concurrency group, instead of its former group.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Group, Outline};
    ///
    /// let query = Outline::new("query").grouped(Group::new("database"));
    /// ```
    #[must_use]
    pub fn grouped(self, group: Group) -> Self {
        self.map_start_limits(|limits| limits.with_group(group))
    }

    /// Sets the rate limit of the node's starts, instead of its former rate limit.
    #[must_use]
    pub fn with_rate_limit(self, rate_limit: RateLimit) -> Self {
        self.map_start_limits(|limits| limits.with_rate_limit(rate_limit))
    }

    fn map_start_limits(mut self, change: impl FnOnce(StartLimits) -> StartLimits) -> Self {
        let limits = self.start_limits.take().map_or_else(StartLimits::default, |limits| *limits);
        self.start_limits = Some(Box::new(change(limits)));
        self
    }

    /// Moves the node's limits to its attempts: each attempt waits for them through the run's context, and the node itself
    /// starts at once.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Group, Outline};
    ///
    /// let query = Outline::new("query").grouped(Group::new("database")).limited_per_attempt();
    /// assert!(query.group().is_none());
    /// let limits = query.attempt_limits().expect("they were moved");
    /// assert_eq!(limits.group().map(|group| group.name().as_str()), Some("database"));
    /// ```
    #[must_use]
    pub fn limited_per_attempt(mut self) -> Self {
        if let Some(limits) = self.start_limits.take() {
            self.notes.get_or_insert_default().attempt_limits = Some(*limits);
        }
        self
    }

    /// Returns the limits that the node waits for before it starts.
    #[must_use]
    pub fn start_limits(&self) -> Option<&StartLimits> {
        self.start_limits.as_deref()
    }

    /// Returns the limits that each attempt of the node waits for.
    #[must_use]
    pub fn attempt_limits(&self) -> Option<&StartLimits> {
        self.notes.as_deref()?.attempt_limits.as_ref()
    }

    /// Returns the rate limit of the node's starts.
    #[must_use]
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.start_limits()?.rate_limit()
    }

    /// Notes that the body returns no error, because a decorator handles every error.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// assert!(Outline::new("rate").can_fail());
    /// assert!(!Outline::new("rate").without_failures().can_fail());
    /// assert!(Outline::new("rate").without_failures().with_failures().can_fail());
    /// ```
    #[must_use]
    pub fn without_failures(mut self) -> Self {
        self.notes.get_or_insert_default().never_fails = true;
        self
    }

    /// Notes that the body may return an error, because a decorator adds one.
    ///
    /// # Examples
    /// See [`without_failures`](Self::without_failures).
    #[must_use]
    pub fn with_failures(mut self) -> Self {
        if let Some(notes) = &mut self.notes {
            notes.never_fails = false;
        }
        self
    }

    /// Returns whether the body may return an error. A panic is none.
    ///
    /// # Examples
    /// See [`without_failures`](Self::without_failures).
    #[must_use]
    pub fn can_fail(&self) -> bool {
        self.notes.as_deref().is_none_or(|notes| !notes.never_fails)
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
    /// assert_eq!(icosian_core::Outline::new("mean").location(), None);
    /// ```
    #[must_use]
    pub fn location(&self) -> Option<Location> {
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

    /// Returns the concurrency group of the node.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Outline::new("mean").group(), None);
    /// ```
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        self.start_limits()?.group()
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
        write!(f, ") -> {}", self.output.value_type())
    }
}

impl fmt::Debug for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outline({self})")
    }
}
