use std::any::Any;
use std::fmt;

use crate::expand::{Collect, CollectionForm, ItemError};
use crate::value::{Alias, Arena, Cell, ErasedRef, Projection, SlotType, ValueType};

/// The output of a node: its type, and whether values can be cloned and serialized.
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
    slot_type: SlotType,
    needs_drop: bool,
    duplicate: Option<fn(ErasedRef<'_>) -> Option<Cell>>,
    /// Copies a part of a value to another slot. Set if that costs less than sharing the whole.
    copy: Option<CopyPart>,
    pub(crate) alias: Option<Alias>,
    gathering: Option<&'static Gathering>,
    #[cfg(feature = "serde")]
    serialize: Option<Serializer>,
}

/// The serialize function of a type. For generated code.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Serializer(&'static SerializeFns);

/// The serialize functions of a type.
#[cfg(feature = "serde")]
#[derive(Debug)]
struct SerializeFns {
    value: Serialize,
    /// The serialize function of collected values.
    collected: Option<Serializer>,
}

#[cfg(feature = "serde")]
type Serialize = fn(ErasedRef<'_>) -> Option<&dyn erased_serde::Serialize>;

#[cfg(feature = "serde")]
impl Serializer {
    /// Returns the serialize function of `T`.
    #[must_use]
    pub const fn of<T: Any + serde_core::Serialize>() -> Self {
        const {
            let collected = &SerializeFns { value: serializer::<Collect<T>>, collected: None };
            Self(&SerializeFns { value: serializer::<T>, collected: Some(Self(collected)) })
        }
    }
}

#[cfg(feature = "serde")]
fn serializer<T: Any + erased_serde::Serialize>(
    value: ErasedRef<'_>,
) -> Option<&dyn erased_serde::Serialize> {
    match value.get::<T>() {
        Some(value) => Some(value),
        None => None,
    }
}

/// The serialize function of a type, which no type has without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Serializer {}

impl Output {
    /// Creates the output of type `T`.
    #[must_use]
    pub const fn of<T: Any + Send + Sync>() -> Self {
        Self { gathering: Some(const { &Gathering::of::<T>() }), ..Self::of_collect::<T>() }
    }

    /// Creates the output of type `T`, without the functions that collect several: those of `Collect<T>` would have no end.
    pub(crate) const fn of_collect<T: Any>() -> Self {
        Self {
            value_type: ValueType::of::<T>(),
            slot_type: SlotType::of::<T>(),
            needs_drop: std::mem::needs_drop::<T>(),
            duplicate: None,
            copy: None,
            alias: None,
            gathering: None,
            #[cfg(feature = "serde")]
            serialize: None,
        }
    }

    /// Records that values can be cloned.
    #[must_use]
    pub const fn cloneable<T: Any + Send + Sync + Clone>(mut self) -> Self {
        /// Copying this many bytes costs as much as changing a reference count that threads share.
        const LIGHT: usize = 64;
        self.duplicate = Some(|value| value.get::<T>().cloned().map(Cell::new));
        self.gathering = Some(const { &Gathering::of_cloneable::<T>() });
        if !std::mem::needs_drop::<T>() && size_of::<T>() <= LIGHT {
            self.copy = Some(copy_part::<T>);
        }
        self
    }

    /// Records that values can be serialized.
    #[cfg(feature = "serde")]
    #[must_use]
    pub const fn serializable<T: Any + serde_core::Serialize>(self) -> Self {
        self.with_serializer(Some(Serializer::of::<T>()))
    }

    /// Sets the serialize function. For generated code.
    #[doc(hidden)]
    #[must_use]
    #[cfg_attr(not(feature = "serde"), expect(unused_mut, reason = "the function is used with `serde` only"))]
    pub const fn with_serializer(mut self, serializer: Option<Serializer>) -> Self {
        #[cfg(feature = "serde")]
        {
            self.serialize = serializer;
        }
        #[cfg(not(feature = "serde"))]
        let _ = serializer;
        self
    }

    pub(crate) fn with_duplicate(mut self, duplicate: fn(ErasedRef<'_>) -> Option<Cell>) -> Self {
        self.duplicate = Some(duplicate);
        self
    }

    /// Returns the functions that collect several values of this type. A [`Collect`] has none.
    #[must_use]
    pub const fn gathering(&self) -> Option<&'static Gathering> {
        self.gathering
    }

    /// Returns the description of collected values of this type; `None` for a [`Collect`].
    #[must_use]
    pub fn collected(&self, form: CollectionForm) -> Option<Self> {
        let output = self.gathering?.output(form);
        #[cfg(feature = "serde")]
        if form == CollectionForm::Values {
            return Some(
                output.with_serializer(self.serialize.and_then(|serializer| serializer.0.collected)),
            );
        }
        Some(output)
    }

    /// Returns the type.
    #[must_use]
    pub const fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Returns the memory that a value needs in an arena.
    #[must_use]
    pub const fn slot_type(&self) -> SlotType {
        self.slot_type
    }

    /// Returns whether the type has drop glue.
    #[must_use]
    pub const fn needs_drop(&self) -> bool {
        self.needs_drop
    }

    /// Returns whether values can be cloned.
    #[must_use]
    pub const fn is_cloneable(&self) -> bool {
        self.duplicate.is_some()
    }

    /// Returns whether a part of this type is copied out of its whole: it is small, has no drop glue and can be cloned.
    #[must_use]
    pub const fn is_light(&self) -> bool {
        self.copy.is_some()
    }

    /// Copies a part of the value in `from` to the slot `to`. Returns whether the output is light and the part exists.
    #[inline]
    pub(crate) fn copy_part(
        &self,
        values: &mut Arena,
        from: usize,
        to: usize,
        projection: &Projection,
    ) -> bool {
        self.copy.is_some_and(|copy| copy(values, from, to, projection))
    }

    /// Returns whether values can be serialized.
    #[cfg(feature = "serde")]
    #[must_use]
    pub const fn is_serializable(&self) -> bool {
        self.serialize.is_some()
    }

    /// Clones `value`, if it can be cloned.
    #[must_use]
    pub fn duplicate(&self, value: ErasedRef<'_>) -> Option<Cell> {
        self.duplicate.and_then(|duplicate| duplicate(value))
    }

    /// Returns `value` for serialization, if it can be serialized.
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serialize<'a>(&self, value: ErasedRef<'a>) -> Option<&'a dyn erased_serde::Serialize> {
        self.serialize.and_then(|serializer| (serializer.0.value)(value))
    }

    /// Records that the output is the value of a parameter, or a part of it.
    #[must_use]
    pub fn with_alias(mut self, alias: Alias) -> Self {
        self.alias = Some(alias);
        self
    }

    /// Records that the output is a part of the parameter at `position`, as [`Args::project`](crate::node::Args::project) stores it.
    /// A [light](Self::is_light) output is copied, and has no alias.
    #[must_use]
    pub fn part_of(self, position: u8) -> Self {
        if self.is_light() { self } else { self.with_alias(Alias::Part(position)) }
    }

    /// Returns the parameter whose value the output shares, if any.
    #[must_use]
    pub const fn alias(&self) -> Option<Alias> {
        self.alias
    }
}

type CopyPart = fn(&mut Arena, usize, usize, &Projection) -> bool;

fn copy_part<T: Any + Send + Sync + Clone>(
    values: &mut Arena,
    from: usize,
    to: usize,
    projection: &Projection,
) -> bool {
    let part = values
        .value(from)
        .and_then(|whole| projection.find(whole))
        .and_then(icosian_arena::ErasedRef::get::<T>);
    let Some(part) = part.cloned() else { return false };
    values.put(to, part);
    true
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({})", self.value_type)
    }
}

/// The functions that build a [`Collect`] from results whose type is erased. Each [`Output`] has them.
///
/// # Examples
/// ```
/// use icosian_core::Output;
/// use icosian_core::expand::{Collect, CollectionForm};
/// use icosian_core::value::Cell;
///
/// let gathering = Output::of::<u64>().gathering().expect("a `u64` can be collected");
/// let cell = gathering.gather(CollectionForm::Values, vec![Ok(Cell::new(1_u64)), Ok(Cell::new(2_u64))]);
/// assert_eq!(cell.get::<Collect<u64>>().map(|numbers| numbers.to_vec()), Some(vec![1, 2]));
/// ```
#[derive(Clone, Copy)]
pub struct Gathering {
    values: fn() -> Output,
    results: fn() -> Output,
    gather: fn(CollectionForm, Vec<Result<Cell, ItemError>>) -> Cell,
}

impl Gathering {
    pub(crate) const fn of<T: Any + Send + Sync>() -> Self {
        Self {
            values: Output::of_collect::<Collect<T>>,
            results: Output::of_collect::<Collect<Result<T, ItemError>>>,
            gather: gather::<T>,
        }
    }

    pub(crate) const fn of_cloneable<T: Any + Send + Sync + Clone>() -> Self {
        Self {
            values: || Output::of_collect::<Collect<T>>().with_duplicate(duplicate::<Collect<T>>),
            results: || {
                let output = Output::of_collect::<Collect<Result<T, ItemError>>>();
                output.with_duplicate(duplicate::<Collect<Result<T, ItemError>>>)
            },
            gather: gather::<T>,
        }
    }

    /// Returns the description of the collected results: of a `Collect<Result<T, ItemError>>` for [`CollectionForm::Results`], of a
    /// `Collect<T>` otherwise.
    #[must_use]
    pub fn output(&self, form: CollectionForm) -> Output {
        if form == CollectionForm::Results { (self.results)() } else { (self.values)() }
    }

    /// Builds the collected results.
    ///
    /// Without [`CollectionForm::Results`] failed items are left out. A result that is a `Collect<T>` itself adds all its elements.
    ///
    /// # Panics
    /// If a result has another type.
    #[must_use]
    pub fn gather(&self, form: CollectionForm, results: Vec<Result<Cell, ItemError>>) -> Cell {
        (self.gather)(form, results)
    }
}

fn duplicate<T: Any + Send + Sync + Clone>(value: ErasedRef<'_>) -> Option<Cell> {
    value.get::<T>().cloned().map(Cell::new)
}

fn gather<T: Any + Send + Sync>(form: CollectionForm, results: Vec<Result<Cell, ItemError>>) -> Cell {
    let mut values = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(mut cell) => {
                if let Some(value) = cell.take::<T>() {
                    values.push(Ok(value));
                } else {
                    let inner = cell.take::<Collect<T>>().expect("the graph has compared the types");
                    values.extend(inner.into_iter().map(Ok));
                }
            }
            Err(error) if form == CollectionForm::Results => values.push(Err(error)),
            Err(_) => {}
        }
    }
    if form == CollectionForm::Results {
        Cell::new(Collect::from(values))
    } else {
        Cell::new(values.into_iter().flatten().collect::<Collect<T>>())
    }
}

impl fmt::Debug for Gathering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gathering({})", (self.values)().value_type())
    }
}
