use crate::{Argument, BuiltIn, Caps, DecoratorSpec, OneOf, Phase};

/// A row of the decorator table.
///
/// # Examples
/// ```
/// use icosian_spec::{BuiltIn, Repetition};
///
/// let row = BuiltIn::Limit.row();
/// assert_eq!((row.name(), row.type_name()), ("limit", Some("Limit")));
/// assert!(matches!(row.repetition(), Repetition::Once { .. }));
/// assert_eq!(BuiltIn::Cache.row().reserved_for(), Some("it stores outputs between runs"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is an independent property of a decorator")]
pub struct Row {
    spec: DecoratorSpec,
    summary: &'static str,
    folder: &'static str,
    type_name: Option<&'static str>,
    arguments: &'static [Argument],
    one_of: Option<OneOf>,
    works_on: WorksOn,
    repetition: Repetition,
    variant_of: Option<BuiltIn>,
    reserved_for: Option<&'static str>,
    is_deferred: bool,
    is_extractor: bool,
    is_placement: bool,
    is_schedule: bool,
}

/// The functions that a decorator works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorksOn {
    /// All functions, sync and async.
    AllFunctions,
    /// Functions that can fail, sync and async.
    FallibleFunctions,
}

/// The meaning of a decorator that is written twice above one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repetition {
    /// Both are applied.
    Stacks,
    /// Both are applied; with the same arguments the second has no effect.
    Idempotent,
    /// The second is refused.
    Once {
        /// The fix.
        help: &'static str,
    },
}

impl Row {
    pub(crate) const fn new(
        built_in: BuiltIn,
        name: &'static str,
        phase: Phase,
        summary: &'static str,
    ) -> Self {
        Self {
            spec: DecoratorSpec::new(name, phase).of(built_in),
            summary: summary.trim_ascii(),
            folder: name,
            type_name: None,
            arguments: &[],
            one_of: None,
            works_on: WorksOn::AllFunctions,
            repetition: Repetition::Stacks,
            variant_of: None,
            reserved_for: None,
            is_deferred: false,
            is_extractor: false,
            is_placement: false,
            is_schedule: false,
        }
    }

    /// Sets the decorator's folder in `icosian-decorators`, if it is not named after the decorator.
    pub(crate) const fn in_folder(mut self, folder: &'static str) -> Self {
        self.folder = folder;
        self
    }

    /// Sets the type that the attribute creates. The attribute is then parsed by its arguments in the table alone: positional
    /// arguments are passed to `new`, and each named argument to the method of its name.
    pub(crate) const fn creates(mut self, type_name: &'static str) -> Self {
        self.type_name = Some(type_name);
        self
    }

    pub(crate) const fn arguments_are(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }

    /// Sets arguments of which exactly one is written.
    pub(crate) const fn one_of(mut self, one_of: OneOf) -> Self {
        self.one_of = Some(one_of);
        self
    }

    pub(crate) const fn requires(mut self, caps: Caps) -> Self {
        self.spec = self.spec.requires(caps);
        self
    }

    pub(crate) const fn uses(mut self, caps: Caps) -> Self {
        self.spec = self.spec.uses(caps);
        self
    }

    pub(crate) const fn provides(mut self, caps: Caps) -> Self {
        self.spec = self.spec.provides(caps);
        self
    }

    pub(crate) const fn works_on(mut self, functions: WorksOn) -> Self {
        self.works_on = functions;
        self
    }

    pub(crate) const fn repeats(mut self, repetition: Repetition) -> Self {
        self.repetition = repetition;
        self
    }

    /// Marks another syntax for the decorator `other`: at run time they are one.
    pub(crate) const fn variant_of(mut self, other: BuiltIn) -> Self {
        self.variant_of = Some(other);
        self
    }

    /// Reserves the name for a decorator that does not exist yet.
    pub(crate) const fn reserved(mut self, purpose: &'static str) -> Self {
        self.reserved_for = Some(purpose);
        self
    }

    /// Marks a decorator with an effect that is known only when a driver is built.
    pub(crate) const fn deferred(mut self) -> Self {
        self.is_deferred = true;
        self
    }

    /// Marks a decorator that makes nodes of the parts of one output.
    pub(crate) const fn extracts(mut self) -> Self {
        self.is_extractor = true;
        self
    }

    /// Marks a decorator that sets the thread or task on which the body runs. A function has at most one.
    pub(crate) const fn places(mut self) -> Self {
        self.is_placement = true;
        self.schedules()
    }

    /// Marks a decorator that only affects when or where the body runs, and calls it once.
    pub(crate) const fn schedules(mut self) -> Self {
        self.is_schedule = true;
        self
    }

    /// Returns the decorator's identity.
    ///
    /// # Panics
    /// Never: all rows are of built-in decorators.
    #[must_use]
    pub const fn built_in(&self) -> BuiltIn {
        self.spec.built_in().expect("all rows are of built-in decorators")
    }

    /// Returns the attribute's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.spec.name()
    }

    /// Returns the phase in which the decorator is applied.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.spec.phase()
    }

    /// Returns the name, the phase and the capabilities that hold whatever the arguments are.
    #[must_use]
    pub const fn spec(&self) -> &DecoratorSpec {
        &self.spec
    }

    /// Returns the description in one sentence.
    #[must_use]
    pub const fn summary(&self) -> &'static str {
        self.summary
    }

    /// Returns the decorator's folder in `icosian-decorators`. It contains the attribute's documentation, in a file of the
    /// attribute's name.
    #[must_use]
    pub const fn folder(&self) -> &'static str {
        self.folder
    }

    /// Returns the type that the attribute creates, if the table describes its syntax completely.
    #[must_use]
    pub const fn type_name(&self) -> Option<&'static str> {
        self.type_name
    }

    /// Returns the arguments of the attribute, positional ones first.
    #[must_use]
    pub const fn arguments(&self) -> &'static [Argument] {
        self.arguments
    }

    /// Returns the names of the arguments that are written with their names.
    pub fn argument_names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.arguments.iter().filter(|it| !it.is_positional()).map(Argument::name)
    }

    /// Returns the arguments of which exactly one is written.
    #[must_use]
    pub const fn alternatives(&self) -> Option<OneOf> {
        self.one_of
    }

    /// Returns the functions that the decorator works on.
    #[must_use]
    pub const fn functions(&self) -> WorksOn {
        self.works_on
    }

    /// Returns the meaning of the decorator written twice above one function.
    #[must_use]
    pub const fn repetition(&self) -> Repetition {
        self.repetition
    }

    /// Returns the decorator that this one is at run time; `None` if it has its own name there.
    #[must_use]
    pub const fn is_variant_of(&self) -> Option<BuiltIn> {
        self.variant_of
    }

    /// Returns the purpose of a reserved name; `None` for a decorator that exists.
    #[must_use]
    pub const fn reserved_for(&self) -> Option<&'static str> {
        self.reserved_for
    }

    /// Returns whether the effect is known only when a driver is built.
    #[must_use]
    pub const fn is_deferred(&self) -> bool {
        self.is_deferred
    }

    /// Returns whether the decorator makes nodes of the parts of one output.
    #[must_use]
    pub const fn is_extractor(&self) -> bool {
        self.is_extractor
    }

    /// Returns whether the decorator sets the thread or task on which the body runs.
    #[must_use]
    pub const fn is_placement(&self) -> bool {
        self.is_placement
    }

    /// Returns whether the decorator only affects when or where the body runs, and calls it once.
    #[must_use]
    pub const fn is_schedule(&self) -> bool {
        self.is_schedule
    }
}
