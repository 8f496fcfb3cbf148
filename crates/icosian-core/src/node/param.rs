use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use crate::expand::{CollectParam, CollectionForm};
use crate::node::{ParamDefault, Port};
use crate::value::{Constant, Lend, ValueType};
use crate::{Name, RunContext};
use icosian_diagnostics::Location;

/// The way in which a function receives a parameter.
///
/// # Examples
/// ```
/// use icosian_core::Param;
/// use icosian_core::node::Access;
///
/// assert_eq!(Param::borrowed::<str>("label").access(), Access::Borrow);
/// assert_eq!(Param::taken::<String>("label").access(), Access::Take);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// `&T`: the value stays where it is.
    Borrow,
    /// `T`: the value is moved when this is its last use, and cloned otherwise.
    Take,
}

/// A parameter of a node's function: its source, its type and its access.
///
/// # Examples
/// ```
/// use icosian_core::Param;
///
/// assert_eq!(Param::borrowed::<str>("label").to_string(), "label: &str");
/// assert_eq!(Param::taken::<Vec<u8>>("body").to_string(), "body: Vec<u8>");
/// assert_eq!(Param::optional_borrowed::<str>("label").to_string(), "label: Option<&str>");
/// assert_eq!(Param::result::<str>("label").to_string(), "label: Result<&str, &NodeError>");
/// ```
#[derive(Clone)]
pub struct Param {
    name: Name,
    wanted: ValueType,
    accepts: &'static [ValueType],
    via: Option<ValueType>,
    access: Access,
    form: ParamForm,
    cloneable: bool,
    place: Option<Location>,
    // Boxed, because few parameters read another source than the node or input of their name.
    reads: Option<Box<Reads>>,
    default: Option<Box<ParamDefault>>,
    // Boxed, because few parameters collect.
    collection: Option<Box<CollectParam>>,
}

/// A source that is not the node or input of the parameter's name.
#[derive(Clone)]
enum Reads {
    Source(Name),
    Value(Constant),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParamForm {
    Required,
    Optional,
    Defaulted,
    /// `Result<&T, &NodeError>`.
    Result,
}

impl Param {
    /// Returns the parameter `name: &W`.
    #[must_use]
    pub fn borrowed<W: Lend + ?Sized>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<W>(), W::WAYS, Access::Borrow, ParamForm::Required)
    }

    /// Returns the parameter `name: Option<&W>`, which reads a `W`, an `Option<W>` or nothing.
    #[must_use]
    pub fn optional_borrowed<W: Lend + ?Sized>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<W>(), W::OPTIONAL_WAYS, Access::Borrow, ParamForm::Optional)
    }

    /// Returns the parameter `name: Result<&W, &NodeError>`, which accepts the failure of the node that it reads.
    ///
    /// The node also runs if the other node failed, or was skipped because of a failure. The parameter is then the error of the node that
    /// failed.
    #[must_use]
    pub fn result<W: Lend + ?Sized>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<W>(), W::WAYS, Access::Borrow, ParamForm::Result)
    }

    /// Returns the parameter `name: T`.
    #[must_use]
    pub fn taken<T: Any>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<T>(), Taken::<T>::WAYS, Access::Take, ParamForm::Required)
    }

    /// Returns the parameter `name: Option<T>`, which takes a `T`, an `Option<T>` or nothing.
    #[must_use]
    pub fn optional_taken<T: Any>(name: impl Into<Name>) -> Self {
        Self::new(
            name.into(),
            ValueType::of::<T>(),
            Taken::<T>::OPTIONAL_WAYS,
            Access::Take,
            ParamForm::Optional,
        )
    }

    pub(crate) const fn taken_ways<T: Any>() -> &'static [ValueType] {
        Taken::<T>::WAYS
    }

    pub(crate) const fn optional_taken_ways<T: Any>() -> &'static [ValueType] {
        Taken::<T>::OPTIONAL_WAYS
    }

    pub(crate) fn new(
        name: Name,
        wanted: ValueType,
        accepts: &'static [ValueType],
        access: Access,
        form: ParamForm,
    ) -> Self {
        Self {
            name,
            wanted,
            accepts,
            via: None,
            access,
            form,
            cloneable: false,
            place: None,
            reads: None,
            default: None,
            collection: None,
        }
    }

    /// Creates the parameter of a body that forwards a value of exactly the type `wanted`.
    #[must_use]
    pub fn exactly(wanted: ValueType, name: impl Into<Name>) -> Self {
        let mut param = Self::new(name.into(), wanted, &[], Access::Borrow, ParamForm::Required);
        param.via = Some(wanted);
        param
    }

    /// Sets the default for a parameter that no node or input provides.
    #[must_use]
    pub fn or_default(mut self) -> Self {
        self.form = ParamForm::Defaulted;
        self
    }

    /// Sets the default for when nothing provides the parameter, so that a body without this default can be called too.
    #[must_use]
    pub fn with_default(mut self, default: ParamDefault) -> Self {
        self.default = Some(Box::new(default));
        self.or_default()
    }

    /// Copies the default of `head`, and whether `head` is optional. A parameter that accepts a failure stays required.
    #[must_use]
    pub fn required_as(mut self, head: &Self) -> Self {
        self.form = match (self.form, head.form) {
            (ParamForm::Result, _) => ParamForm::Result,
            (_, ParamForm::Result) => ParamForm::Required,
            (_, form) => form,
        };
        self.default.clone_from(&head.default);
        self
    }

    /// Makes the parameter end a block: it reads the results of all items.
    ///
    /// The declared type is that of the results, such as `Collect<f64>`.
    #[must_use]
    pub fn with_collection(mut self, collection: CollectParam) -> Self {
        self.collection = Some(Box::new(collection));
        self
    }

    /// Returns the collection, if the parameter ends a block.
    #[must_use]
    pub fn collection(&self) -> Option<&CollectParam> {
        self.collection.as_deref()
    }

    /// Returns whether the parameter ends a block as a `CollectStream`.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        self.collection().is_some_and(|collection| collection.form() == CollectionForm::Stream)
    }

    /// Makes the parameter read collected results from the node `source`.
    #[doc(hidden)]
    #[must_use]
    pub fn without_collection(mut self, source: impl Into<Name>) -> Self {
        self.collection = None;
        self.with_source(source)
    }

    /// Makes the parameter borrow its value.
    #[doc(hidden)]
    #[must_use]
    pub fn borrowing(mut self) -> Self {
        self.access = Access::Borrow;
        self
    }

    /// Returns the default, if the parameter has one that is known without its function's body.
    #[must_use]
    pub fn default(&self) -> Option<&ParamDefault> {
        self.default.as_deref()
    }

    /// Adds a type that the parameter can be read from. The function's body must support it.
    #[must_use]
    pub fn via<G: Any>(self) -> Self {
        self.via_type(ValueType::of::<G>())
    }

    pub(crate) fn via_type(mut self, given: ValueType) -> Self {
        if !self.accepts.contains(&given) {
            self.via = Some(given);
        }
        self
    }

    /// Marks a by-value parameter as cloneable, so that other nodes may read the value later.
    #[must_use]
    pub fn with_clone(mut self) -> Self {
        self.cloneable = true;
        self
    }

    /// Sets the location.
    #[must_use]
    pub fn with_location(mut self, place: Location) -> Self {
        self.place = Some(place);
        self
    }

    /// Sets the node or input that the parameter reads, instead of the one with its own name.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Name>) -> Self {
        self.reads = Some(Box::new(Reads::Source(source.into())));
        self
    }

    /// Sets a constant that the parameter reads, instead of a node or an input.
    #[must_use]
    pub fn with_constant(mut self, constant: Constant) -> Self {
        self.reads = Some(Box::new(Reads::Value(constant)));
        self
    }

    /// Copies the name and the source of `other`.
    #[must_use]
    pub fn in_place_of(mut self, other: &Self) -> Self {
        self.name.clone_from(&other.name);
        self.reads.clone_from(&other.reads);
        self
    }

    /// Returns whether the parameter reads the same node, input or constant as `other`.
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        match (self.constant(), other.constant()) {
            (None, None) => self.source() == other.source(),
            (Some(own), Some(other)) => own.is_same(other),
            _ => false,
        }
    }

    /// Returns the constant that the parameter reads, if any.
    #[must_use]
    pub fn constant(&self) -> Option<&Constant> {
        match self.reads.as_deref() {
            Some(Reads::Value(constant)) => Some(constant),
            _ => None,
        }
    }

    /// Returns whether the parameter reads the node or input of this name.
    #[must_use]
    pub fn reads(&self, name: &str) -> bool {
        self.constant().is_none() && **self.source() == *name
    }

    /// Returns whether the parameter is the run's context, which is not an input.
    #[must_use]
    pub fn is_context(&self) -> bool {
        RunContext::is_given_to(self.wanted)
    }

    /// Returns the name, which is usually the name of the node or input that the parameter reads.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the name of the source: the parameter's name, the name set by [`with_source`](Self::with_source), or
    /// [`RunContext::INPUT`] for the run's context.
    #[must_use]
    pub fn source(&self) -> &Name {
        match self.reads.as_deref() {
            Some(Reads::Source(source)) => source,
            _ if RunContext::is_given_to(self.wanted) => RunContext::name(),
            _ => &self.name,
        }
    }

    /// Returns the type that the parameter names, without `&` or `Option`.
    #[must_use]
    pub fn wanted(&self) -> ValueType {
        self.wanted
    }

    /// Returns whether the function takes or borrows the value.
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// Returns whether the parameter is optional.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        matches!(self.form, ParamForm::Optional | ParamForm::Defaulted)
    }

    /// Returns whether the parameter accepts the failure of the node that it reads.
    #[must_use]
    pub fn accepts_failure(&self) -> bool {
        self.form == ParamForm::Result
    }

    /// Returns whether a by-value parameter can be cloned.
    #[must_use]
    pub fn is_cloneable(&self) -> bool {
        self.cloneable
    }

    /// Returns the location, if known.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.place
    }

    /// Returns the types that the parameter can be read from, the usual one first.
    pub fn accepts(&self) -> impl Iterator<Item = ValueType> + '_ {
        self.accepts.iter().copied().chain(self.via)
    }

    /// Returns the position of `given` in the accepted types, or `None` if the parameter cannot be read from it.
    #[must_use]
    pub fn way_from(&self, given: &ValueType) -> Option<u8> {
        if let Some(collection) = &self.collection {
            return (collection.element() == *given).then_some(0);
        }
        let listed = self.accepts.iter().position(|accepted| accepted == given);
        listed
            .and_then(|position| u8::try_from(position).ok())
            .or_else(|| (self.via.as_ref() == Some(given)).then_some(Port::VIA))
    }

    /// Returns the type as it is written in the signature: `&str`, `Option<u8>`, `Result<&str, &NodeError>`.
    #[must_use]
    pub fn written_type(&self) -> String {
        let inner = match self.access {
            Access::Borrow => format!("&{}", self.wanted),
            Access::Take => self.wanted.to_string(),
        };
        match self.form {
            ParamForm::Optional => format!("Option<{inner}>"),
            ParamForm::Result => format!("Result<{inner}, &NodeError>"),
            ParamForm::Required | ParamForm::Defaulted => inner,
        }
    }
}

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.written_type())
    }
}

impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Param({self})")
    }
}

struct Taken<T>(PhantomData<T>);

impl<T: Any> Taken<T> {
    const WAYS: &'static [ValueType] = &[ValueType::of::<T>()];
    const OPTIONAL_WAYS: &'static [ValueType] = &[ValueType::of::<T>(), ValueType::of::<Option<T>>()];
}
