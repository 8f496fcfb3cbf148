use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::expand::Expansion;
use crate::node::{Asyncness, NodeOrigin, Placement, Tags};
use crate::run::{Group, RateLimit, StartLimits};
use crate::{Caps, Name, Output, Param};
use icosian_diagnostics::Location;

/// The metadata of a node: name, parameters, output, asyncness, documentation and location.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
///
/// let outline = Outline::new("spend_mean").with_param(Param::borrowed::<[f64]>("spend")).with_output_type::<f64>();
/// assert_eq!(outline.to_string(), "spend_mean(spend: &[f64]) -> f64");
/// ```
#[derive(Clone)]
pub struct Outline {
    name: Name,
    params: Vec<Param>,
    output: Output,
    asyncness: Asyncness,
    documentation: Cow<'static, str>,
    place: Option<Location>,
    placement: Placement,
    // Boxed, because few nodes have any.
    start_limits: Option<Box<StartLimits>>,
    // Boxed, because few nodes have any.
    pub(crate) notes: Option<Box<Notes>>,
    pub(crate) is_own: bool,
    pub(crate) made_by: Option<&'static str>,
    pub(crate) origin: Option<Arc<NodeOrigin>>,
}

/// Metadata that few nodes have.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    pub(crate) tags: Tags,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) needs: Caps,
    pub(crate) large_future: Option<usize>,
    pub(crate) attempt_limits: Option<StartLimits>,
    pub(crate) never_fails: bool,
    pub(crate) expansion: Option<Box<Expansion>>,
    pub(crate) part: Option<BlockPart>,
    pub(crate) returns_items: bool,
    pub(crate) streams_items: bool,
}

/// The purpose of a node that a driver adds to run a block. Hooks do not see it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockPart {
    /// It runs the block once for each item. It waits for no limit, and no time limit applies to it.
    Runner,
    /// It returns the collected results of one node.
    Results,
}

/// The size in bytes above which a future is large: clippy's threshold for `large_futures`.
const LARGE_FUTURE: usize = 16 << 10;

impl Outline {
    /// Creates the outline of a sync node without parameters whose output is `()`.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            params: Vec::new(),
            output: Output::of::<()>(),
            asyncness: Asyncness::Sync,
            documentation: Cow::Borrowed(""),
            place: None,
            placement: Placement::Inline,
            start_limits: None,
            notes: None,
            is_own: false,
            made_by: None,
            origin: None,
        }
    }

    /// Returns the size of the node's future in bytes, if it is larger than 16 KiB.
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

    /// Adds a parameter.
    #[must_use]
    pub fn with_param(mut self, param: Param) -> Self {
        self.params.push(param);
        self
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<Name>) -> Self {
        self.name = name.into();
        self
    }

    /// Changes every parameter.
    #[must_use]
    pub fn map_params(mut self, change: impl FnMut(Param) -> Param) -> Self {
        self.params = self.params.into_iter().map(change).collect();
        self
    }

    /// Replaces all parameters.
    #[must_use]
    pub fn with_params(mut self, params: Vec<Param>) -> Self {
        self.params = params;
        self
    }

    /// Sets the output type.
    #[must_use]
    pub fn with_output_type<T: Any + Send + Sync>(self) -> Self {
        self.with_output(Output::of::<T>())
    }

    /// Sets the output.
    #[must_use]
    pub fn with_output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    /// Sets the asyncness of the node's function.
    #[must_use]
    pub fn with_asyncness(mut self, asyncness: Asyncness) -> Self {
        self.asyncness = asyncness;
        self
    }

    /// Sets the documentation.
    #[must_use]
    pub fn with_documentation(mut self, documentation: impl Into<Cow<'static, str>>) -> Self {
        self.documentation = documentation.into();
        self
    }

    /// Sets the location of the function's name.
    #[must_use]
    pub fn with_location(mut self, place: Location) -> Self {
        self.place = Some(place);
        self
    }

    /// Sets the placement: the task or thread that runs the node.
    #[must_use]
    pub fn with_placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Sets the concurrency group.
    #[must_use]
    pub fn with_group(self, group: Group) -> Self {
        self.map_start_limits(|limits| limits.with_group(group))
    }

    /// Sets the rate limit.
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
    #[must_use]
    pub fn with_limits_per_attempt(mut self) -> Self {
        if let Some(limits) = self.start_limits.take() {
            let inner = &mut self.notes.get_or_insert_default().attempt_limits;
            *inner = Some(inner.take().unwrap_or_default().or(*limits));
        }
        self
    }

    /// Returns the limits of the node and of its attempts.
    ///
    /// Both exist if a `retry` is between two limits, such as `rate_limit` above `retry` above `limit`.
    pub fn limits(&self) -> impl Iterator<Item = &StartLimits> {
        self.start_limits().into_iter().chain(self.attempt_limits())
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

    /// Records that the body returns no error, because a decorator handles every error.
    #[must_use]
    pub fn without_failures(mut self) -> Self {
        self.notes.get_or_insert_default().never_fails = true;
        self
    }

    /// Records that the body may return an error, because a decorator adds one.
    #[must_use]
    pub fn with_failures(mut self) -> Self {
        if let Some(notes) = &mut self.notes {
            notes.never_fails = false;
        }
        self
    }

    /// Returns whether the body may return an error. A panic is none.
    #[must_use]
    pub fn can_fail(&self) -> bool {
        self.notes.as_deref().is_none_or(|notes| !notes.never_fails)
    }

    /// Makes the node expand: it returns [`Items`](crate::expand::Items), and the nodes that read it run once for each item. The
    /// declared output is that of one item.
    #[must_use]
    pub fn with_expansion(mut self, expansion: Expansion) -> Self {
        self.notes.get_or_insert_default().expansion = Some(Box::new(expansion));
        self
    }

    /// Returns the expansion, if the node expands.
    #[must_use]
    pub fn expansion(&self) -> Option<&Expansion> {
        self.notes.as_deref()?.expansion.as_deref()
    }

    /// Records that the body returns [`Items`](crate::expand::Items) instead of the declared output.
    #[doc(hidden)]
    #[must_use]
    pub fn returning_items(mut self) -> Self {
        self.notes.get_or_insert_default().returns_items = true;
        self
    }

    /// Returns whether the body returns [`Items`](crate::expand::Items), as an expansion requires.
    #[doc(hidden)]
    #[must_use]
    pub fn returns_items(&self) -> bool {
        self.notes.as_deref().is_some_and(|notes| notes.returns_items)
    }

    /// Describes the body of the node `other`, which replaces the own body.
    #[doc(hidden)]
    #[must_use]
    pub fn with_body_of(mut self, other: &Self) -> Self {
        if self.returns_items() != other.returns_items() {
            self.notes.get_or_insert_default().returns_items = other.returns_items();
        }
        self.with_output(other.output.clone())
    }

    /// Removes the expansion.
    #[doc(hidden)]
    #[must_use]
    pub fn without_expansion(mut self) -> Self {
        if let Some(notes) = &mut self.notes {
            notes.expansion = None;
        }
        self
    }

    /// Records that the node is not a function of the user: a driver adds it to run a block.
    #[doc(hidden)]
    #[must_use]
    pub fn with_block_part(mut self, part: BlockPart) -> Self {
        self.notes.get_or_insert_default().part = Some(part);
        self
    }

    /// Returns the purpose of a node that a driver adds to run a block.
    #[doc(hidden)]
    #[must_use]
    pub fn block_part(&self) -> Option<BlockPart> {
        self.notes.as_deref()?.part
    }

    /// Returns the name for errors. For a node that a driver added to run a block, it is the name of the expanding node.
    ///
    /// A driver appends a suffix in brackets to the names of the nodes that it adds. A user's name may contain brackets, too.
    #[doc(hidden)]
    #[must_use]
    pub fn shown_name(&self) -> Name {
        match self.block_part() {
            None => self.name.clone(),
            Some(_) => {
                Name::from(self.name.rsplit_once('[').map_or(&*self.name, |(name, _)| name).to_owned())
            }
        }
    }

    /// Records that the node runs a block itself, through a `CollectStream`.
    #[doc(hidden)]
    #[must_use]
    pub fn with_streamed_items(mut self) -> Self {
        self.notes.get_or_insert_default().streams_items = true;
        self
    }

    /// Returns whether the node runs a block itself.
    #[doc(hidden)]
    #[must_use]
    pub fn streams_items(&self) -> bool {
        self.notes.as_deref().is_some_and(|notes| notes.streams_items)
    }

    /// Returns the outline of a body that itself moves the function to the declared thread or task.
    ///
    /// The adapter runs the body inline and without the time limit of an offloaded function. Its runtime still needs the threads, tasks and
    /// timer.
    #[must_use]
    pub fn placed_by_body(mut self) -> Self {
        let place = match self.placement {
            Placement::Inline => Caps::NONE,
            Placement::Offload => Caps::THREADS | Caps::TASKS,
            Placement::Spawn => Caps::TASKS,
        };
        let timer = self.time_limit().map_or(Caps::NONE, |_| Caps::TIMER);
        self.placement = Placement::Inline;
        if let Some(notes) = &mut self.notes {
            notes.time_limit = None;
        }
        self.with_needs(place | timer)
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the parameters, in the order of the signature.
    #[must_use]
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// Returns the output.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Returns the asyncness of the function.
    #[must_use]
    pub fn asyncness(&self) -> Asyncness {
        self.asyncness
    }

    /// Returns the documentation, or an empty string.
    #[must_use]
    pub fn documentation(&self) -> &str {
        &self.documentation
    }

    /// Returns the location of the function's name, if known.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.place
    }

    /// Returns the placement.
    #[must_use]
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// Returns the concurrency group of the node.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        self.start_limits()?.group()
    }

    /// Sets the values of a tag.
    #[must_use]
    pub fn with_tag<W: Into<Name>>(
        mut self,
        key: impl Into<Name>,
        words: impl IntoIterator<Item = W>,
    ) -> Self {
        let words = words.into_iter().map(Into::into).collect();
        self.notes.get_or_insert_default().tags.set(key.into(), words);
        self
    }

    /// Returns the tags.
    #[must_use]
    pub fn tags(&self) -> &Tags {
        static NONE: Tags = Tags::new();
        self.notes.as_deref().map_or(&NONE, |notes| &notes.tags)
    }

    /// Sets the source of the node.
    #[must_use]
    pub fn with_origin(mut self, origin: Arc<NodeOrigin>) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Returns the source of the node. `None` for a node outside of a driver.
    #[must_use]
    pub fn origin(&self) -> Option<&NodeOrigin> {
        self.origin.as_deref()
    }

    /// Sets a time limit for an offloaded node. On expiry the node fails; its thread keeps running.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        let shortest = &mut self.notes.get_or_insert_default().time_limit;
        *shortest = Some(shortest.map_or(limit, |shorter| shorter.min(limit)));
        self
    }

    /// Returns the time limit of an offloaded node.
    #[must_use]
    pub fn time_limit(&self) -> Option<Duration> {
        self.notes.as_deref()?.time_limit
    }

    /// Adds capabilities of the runtime that the node needs while it runs.
    #[must_use]
    pub fn with_needs(mut self, caps: Caps) -> Self {
        if !caps.is_empty() {
            let needs = &mut self.notes.get_or_insert_default().needs;
            *needs = needs.with(caps);
        }
        self
    }

    /// Returns the capabilities of the runtime that the node needs while it runs.
    #[must_use]
    pub fn needs(&self) -> Caps {
        self.notes.as_deref().map_or(Caps::NONE, |notes| notes.needs)
    }
}

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.asyncness == Asyncness::Async {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_name_has_no_suffix_of_a_driver() {
        let shown = |name: &'static str| Outline::new(name).with_block_part(BlockPart::Runner).shown_name();
        assert_eq!(shown("url[]"), "url");
        assert_eq!(shown("cell[0][..?]"), "cell[0]");
        assert_eq!(Outline::new("cell[0]").shown_name(), "cell[0]");
    }
}
