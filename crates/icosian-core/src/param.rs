use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use crate::{Constant, Lend, Name, ParamDefault, Port, RunContext, ValueType};
use icosian_diagnostics::Location;

/// How a function receives a parameter.
///
/// # Examples
/// ```
/// use icosian_core::{Access, Param};
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

/// One parameter of a node's function: the name of what it reads, how, and of which type.
///
/// # Examples
/// ```
/// use icosian_core::Param;
///
/// assert_eq!(Param::borrowed::<str>("label").to_string(), "label: &str");
/// assert_eq!(Param::taken::<Vec<u8>>("body").to_string(), "body: Vec<u8>");
/// assert_eq!(Param::optional_borrowed::<str>("label").to_string(), "label: Option<&str>");
/// ```
#[derive(Clone)]
pub struct Param {
    name: Name,
    wanted: ValueType,
    accepts: &'static [ValueType],
    via: Option<ValueType>,
    access: Access,
    form: Form,
    cloneable: bool,
    place: Option<Location>,
    // Boxed, because few parameters read something else than what has their names.
    reads: Option<Box<Reads>>,
    default: Option<Box<ParamDefault>>,
}

/// What a parameter reads, where that is not what has its name.
#[derive(Clone)]
enum Reads {
    Source(Name),
    Value(Constant),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Required,
    Optional,
    Defaulted,
}

impl Param {
    /// Returns the parameter `name: &W`.
    ///
    /// # Examples
    /// ```
    /// let samples = icosian_core::Param::borrowed::<[f64]>("samples");
    /// assert_eq!(samples.to_string(), "samples: &[f64]");
    /// ```
    #[must_use]
    pub fn borrowed<W: Lend + ?Sized>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<W>(), W::WAYS, Access::Borrow, Form::Required)
    }

    /// Returns the parameter `name: Option<&W>`, which reads a `W`, an `Option<W>` or nothing.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Param::optional_borrowed::<str>("label").is_optional());
    /// ```
    #[must_use]
    pub fn optional_borrowed<W: Lend + ?Sized>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<W>(), W::OPTIONAL_WAYS, Access::Borrow, Form::Optional)
    }

    /// Returns the parameter `name: T`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Param::taken::<u8>("level").to_string(), "level: u8");
    /// ```
    #[must_use]
    pub fn taken<T: Any>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<T>(), Taken::<T>::WAYS, Access::Take, Form::Required)
    }

    /// Returns the parameter `name: Option<T>`, which takes a `T`, an `Option<T>` or nothing.
    ///
    /// # Examples
    /// ```
    /// let level = icosian_core::Param::optional_taken::<u8>("level");
    /// assert_eq!(level.to_string(), "level: Option<u8>");
    /// ```
    #[must_use]
    pub fn optional_taken<T: Any>(name: impl Into<Name>) -> Self {
        Self::new(name.into(), ValueType::of::<T>(), Taken::<T>::OPTIONAL_WAYS, Access::Take, Form::Optional)
    }

    fn new(name: Name, wanted: ValueType, accepts: &'static [ValueType], access: Access, form: Form) -> Self {
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
        }
    }

    /// Returns the parameter of a body that reads no value itself, but passes on what is a `wanted` exactly.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, ValueType};
    ///
    /// let raw = Param::exactly(ValueType::of::<u8>(), "f_raw");
    /// assert!(raw.way_from(&ValueType::of::<u8>()).is_some() && raw.way_from(&ValueType::of::<u16>()).is_none());
    /// ```
    #[must_use]
    pub fn exactly(wanted: ValueType, name: impl Into<Name>) -> Self {
        let mut param = Self::new(name.into(), wanted, &[], Access::Borrow, Form::Required);
        param.via = Some(wanted);
        param
    }

    /// Says that the function has a default for when nothing provides the parameter.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Param::taken::<u8>("level").or_default().is_optional());
    /// ```
    #[must_use]
    pub fn or_default(mut self) -> Self {
        self.form = Form::Defaulted;
        self
    }

    /// Sets the default for when nothing provides the parameter, so that a body without this default can be called too.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, ParamDefault};
    ///
    /// let level = Param::taken::<u8>("level").with_default(ParamDefault::new(|| 3_u8));
    /// assert!(level.is_optional() && level.default().is_some());
    /// ```
    #[must_use]
    pub fn with_default(mut self, default: ParamDefault) -> Self {
        self.default = Some(Box::new(default));
        self.or_default()
    }

    /// Sets whether the parameter may be missing to what it is for `head`, with the default of `head`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Param;
    ///
    /// let head = Param::taken::<u8>("level");
    /// assert!(!Param::optional_taken::<u8>("level").required_as(&head).is_optional());
    /// ```
    #[must_use]
    pub fn required_as(mut self, head: &Self) -> Self {
        self.form = head.form;
        self.default.clone_from(&head.default);
        self
    }

    /// Returns the default, if the parameter has one that is known without its function's body.
    ///
    /// # Examples
    /// See [`with_default`](Self::with_default).
    #[must_use]
    pub fn default(&self) -> Option<&ParamDefault> {
        self.default.as_deref()
    }

    /// Says that the parameter can be read from a `G` too, as the function's body knows.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, ValueType};
    ///
    /// struct Label(String);
    /// let label = Param::borrowed::<str>("label").via::<Label>();
    /// assert!(label.way_from(&ValueType::of::<Label>()).is_some());
    /// ```
    #[must_use]
    pub fn via<G: Any>(mut self) -> Self {
        let given = ValueType::of::<G>();
        if !self.accepts.contains(&given) {
            self.via = Some(given);
        }
        self
    }

    /// Says whether a by-value parameter can be cloned, so that others may read the value after it.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Param::taken::<u8>("level").cloneable(true).is_cloneable());
    /// ```
    #[must_use]
    pub fn cloneable(mut self, cloneable: bool) -> Self {
        self.cloneable = cloneable;
        self
    }

    /// Notes where the parameter stands in the source.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Param;
    /// use icosian_diagnostics::Location;
    ///
    /// let level = Param::taken::<u8>("level").at(Location::new("src/lib.rs", 3, 14, 5));
    /// assert_eq!(level.location().map(|place| place.line()), Some(3));
    /// ```
    #[must_use]
    pub fn at(mut self, place: Location) -> Self {
        self.place = Some(place);
        self
    }

    /// Says that the parameter reads the node or input `source` instead of what has its own name.
    ///
    /// # Examples
    /// ```
    /// let rates = icosian_core::Param::borrowed::<[f64]>("rates").reading("eu_rates");
    /// assert_eq!((rates.name().as_str(), rates.source().as_str()), ("rates", "eu_rates"));
    /// ```
    #[must_use]
    pub fn reading(mut self, source: impl Into<Name>) -> Self {
        self.reads = Some(Box::new(Reads::Source(source.into())));
        self
    }

    /// Says that the parameter reads `constant` instead of a node or an input.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Constant, Param};
    ///
    /// let region = Param::borrowed::<str>("region").bound(Constant::new("eu"));
    /// assert!(region.constant().is_some());
    /// ```
    #[must_use]
    pub fn bound(mut self, constant: Constant) -> Self {
        self.reads = Some(Box::new(Reads::Value(constant)));
        self
    }

    /// Gives the parameter the name of `other`, and lets it read what that one does.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Param;
    ///
    /// let net = Param::taken::<u64>("net").reading("eu_net");
    /// let left = Param::borrowed::<u64>("left").in_place_of(&net);
    /// assert_eq!((left.to_string().as_str(), left.source().as_str()), ("net: &u64", "eu_net"));
    /// ```
    #[must_use]
    pub fn in_place_of(mut self, other: &Self) -> Self {
        self.name.clone_from(&other.name);
        self.reads.clone_from(&other.reads);
        self
    }

    /// Returns whether the parameter reads the same node, input or constant as `other`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Param;
    ///
    /// let rates = Param::borrowed::<[f64]>("rates");
    /// assert!(rates.reads_as(&Param::taken::<Vec<f64>>("all").reading("rates")));
    /// assert!(!rates.reads_as(&rates.clone().reading("eu_rates")));
    /// ```
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        match (self.constant(), other.constant()) {
            (None, None) => self.source() == other.source(),
            (Some(own), Some(other)) => own.is_same(other),
            _ => false,
        }
    }

    /// Returns the value that the parameter is bound to, if it is.
    ///
    /// # Examples
    /// See [`bound`](Self::bound).
    #[must_use]
    pub fn constant(&self) -> Option<&Constant> {
        match self.reads.as_deref() {
            Some(Reads::Value(constant)) => Some(constant),
            _ => None,
        }
    }

    /// Returns whether the parameter reads the node or input of this name.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Constant, Param};
    ///
    /// let rates = Param::borrowed::<[f64]>("rates");
    /// assert!(rates.reads("rates") && !rates.bound(Constant::new(vec![1.5])).reads("rates"));
    /// ```
    #[must_use]
    pub fn reads(&self, name: &str) -> bool {
        self.constant().is_none() && **self.source() == *name
    }

    /// Returns whether the parameter is the run's context, which is no input.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, RunContext};
    ///
    /// assert!(Param::borrowed::<RunContext>("context").is_context());
    /// ```
    #[must_use]
    pub fn is_context(&self) -> bool {
        RunContext::is_given_to(self.wanted)
    }

    /// Returns the name, which is usually that of the node or input that the parameter reads.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Param::taken::<u8>("level").name(), &"level");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the name of what the parameter reads: its own, another that it was [told to](Self::reading), or
    /// [`RunContext::INPUT`] for the run's context.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, RunContext};
    ///
    /// assert_eq!(Param::borrowed::<str>("url").source(), &"url");
    /// assert_eq!(Param::borrowed::<RunContext>("context").source(), &RunContext::INPUT);
    /// ```
    #[must_use]
    pub fn source(&self) -> &Name {
        match self.reads.as_deref() {
            Some(Reads::Source(source)) => source,
            _ if RunContext::is_given_to(self.wanted) => RunContext::name(),
            _ => &self.name,
        }
    }

    /// Returns the type that the parameter names, without `&` or `Option`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, ValueType};
    ///
    /// assert_eq!(Param::borrowed::<str>("label").wanted(), ValueType::of::<str>());
    /// ```
    #[must_use]
    pub fn wanted(&self) -> ValueType {
        self.wanted
    }

    /// Returns whether the function takes or borrows the value.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Access, Param};
    ///
    /// assert_eq!(Param::borrowed::<str>("label").access(), Access::Borrow);
    /// ```
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// Returns whether the function can do without it.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Param::borrowed::<str>("label").is_optional());
    /// ```
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.form != Form::Required
    }

    /// Returns whether a by-value parameter can be cloned.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Param::taken::<u8>("level").is_cloneable());
    /// ```
    #[must_use]
    pub fn is_cloneable(&self) -> bool {
        self.cloneable
    }

    /// Returns where the parameter stands in the source, if that is known.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Param::taken::<u8>("level").location(), None);
    /// ```
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.place
    }

    /// Returns the types of value that the parameter can be read from, the usual one first.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, ValueType};
    ///
    /// let accepted: Vec<_> = Param::borrowed::<str>("label").accepts().collect();
    /// assert_eq!(accepted[0], ValueType::of::<String>());
    /// ```
    pub fn accepts(&self) -> impl Iterator<Item = ValueType> + '_ {
        self.accepts.iter().copied().chain(self.via)
    }

    /// Returns how the parameter is read from a value of type `given`, as a [`Port`]'s way; `None` when it cannot be.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Param, ValueType};
    ///
    /// let label = Param::borrowed::<str>("label");
    /// assert!(label.way_from(&ValueType::of::<String>()).is_some());
    /// assert!(label.way_from(&ValueType::of::<f64>()).is_none());
    /// ```
    #[must_use]
    pub fn way_from(&self, given: &ValueType) -> Option<u8> {
        let listed = self.accepts.iter().position(|accepted| accepted == given);
        listed
            .and_then(|position| u8::try_from(position).ok())
            .or_else(|| (self.via.as_ref() == Some(given)).then_some(Port::VIA))
    }

    /// Returns the type as it is written in the function's head: `&str`, `Option<u8>`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Param::borrowed::<str>("label").written_type(), "&str");
    /// ```
    #[must_use]
    pub fn written_type(&self) -> String {
        let inner = match self.access {
            Access::Borrow => format!("&{}", self.wanted),
            Access::Take => self.wanted.to_string(),
        };
        if self.form == Form::Optional { format!("Option<{inner}>") } else { inner }
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
