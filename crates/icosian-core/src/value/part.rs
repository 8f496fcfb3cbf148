use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::value::{Cell, Erased, ErasedRef, ValueType};

/// A projection from a whole to a part, with both types erased: a struct field, a tuple position, a map entry.
///
/// A node that projects copies nothing. Its readers borrow from the whole.
///
/// # Examples
/// ```
/// use icosian_core::value::Projection;
///
/// struct Moments { mean: f64, variance: f64 }
///
/// let mean = Projection::new(|moments: &Moments| Some(&moments.mean));
/// assert_eq!((mean.whole().to_string(), mean.part().to_string()), ("Moments".into(), "f64".into()));
/// # let _ = |moments: &Moments| moments.variance;
/// ```
#[derive(Clone)]
pub struct Projection {
    project: Arc<dyn Project>,
    whole: ValueType,
    part: ValueType,
}

trait Project: Send + Sync {
    fn project<'a>(&'a self, whole: ErasedRef<'a>) -> Option<ErasedRef<'a>>;
}

struct Found<W, P, F> {
    find: F,
    default: Option<P>,
    whole: PhantomData<fn(&W)>,
}

impl<W, P, F> Project for Found<W, P, F>
where
    W: Any,
    P: Any + Send + Sync,
    F: for<'a> Fn(&'a W) -> Option<&'a P> + Send + Sync,
{
    fn project<'a>(&'a self, whole: ErasedRef<'a>) -> Option<ErasedRef<'a>> {
        let part = (self.find)(whole.get::<W>()?).or(self.default.as_ref())?;
        Some(ErasedRef::new(part))
    }
}

impl Projection {
    /// Creates a projection. A run fails if `find` returns `None`.
    pub fn new<W, P, F>(find: F) -> Self
    where
        W: Any,
        P: Any + Send + Sync,
        F: for<'a> Fn(&'a W) -> Option<&'a P> + Send + Sync + 'static,
    {
        Self::found(find, None)
    }

    /// Creates a projection that returns `default` if `find` returns `None`.
    pub fn or_default<W, P, F>(find: F, default: P) -> Self
    where
        W: Any,
        P: Any + Send + Sync,
        F: for<'a> Fn(&'a W) -> Option<&'a P> + Send + Sync + 'static,
    {
        Self::found(find, Some(default))
    }

    fn found<W, P, F>(find: F, default: Option<P>) -> Self
    where
        W: Any,
        P: Any + Send + Sync,
        F: for<'a> Fn(&'a W) -> Option<&'a P> + Send + Sync + 'static,
    {
        let project = Arc::new(Found { find, default, whole: PhantomData });
        Self { project, whole: ValueType::of::<W>(), part: ValueType::of::<P>() }
    }

    /// Returns the type of the whole.
    #[must_use]
    pub fn whole(&self) -> ValueType {
        self.whole
    }

    /// Returns the type of the part.
    #[must_use]
    pub fn part(&self) -> ValueType {
        self.part
    }

    /// Returns the part of a value.
    #[inline]
    pub(crate) fn find<'a>(&'a self, whole: ErasedRef<'a>) -> Option<ErasedRef<'a>> {
        self.project.project(whole)
    }

    /// Returns the part of `whole`, which it shares, or `None` if there is none.
    #[must_use]
    pub fn of(&self, whole: Arc<dyn Erased>) -> Option<Part> {
        let part = Part { whole: Some(whole), projection: self.clone() };
        part.value().is_some().then_some(part)
    }
}

impl fmt::Debug for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Projection({} of {})", self.part, self.whole)
    }
}

/// A part of a shared value, read like a separate value.
#[derive(Debug)]
pub struct Part {
    whole: Option<Arc<dyn Erased>>,
    projection: Projection,
}

impl Part {
    /// Returns whether this projection found the part.
    pub(crate) fn is_by(&self, projection: &Projection) -> bool {
        Arc::ptr_eq(&self.projection.project, &projection.project)
    }

    /// Replaces the part by that of another whole. Returns whether the part exists.
    pub(crate) fn refill(&mut self, whole: Arc<dyn Erased>) -> bool {
        self.whole = Some(whole);
        let found = self.value().is_some();
        if !found {
            self.whole = None;
        }
        found
    }

    /// Returns the part if it is a `P`.
    #[must_use]
    pub fn get<P: Any>(&self) -> Option<&P> {
        self.value()?.get()
    }

    /// Stores a part of `whole` in a cell, and reuses the memory of an earlier part. Returns whether the part exists.
    pub(crate) fn put_into(cell: &mut Cell, whole: Arc<dyn Erased>, projection: &Projection) -> bool {
        if let Some(part) = cell.erased_mut().and_then(|held| (held as &mut dyn Any).downcast_mut::<Self>())
            && part.is_by(projection)
        {
            return part.refill(whole);
        }
        let part = projection.of(whole);
        let found = part.is_some();
        *cell = part.map_or_else(Cell::default, |part| Cell::of(Box::new(part)));
        found
    }
}

impl Erased for Part {
    fn clear(&mut self) {
        self.whole = None;
    }

    fn value(&self) -> Option<ErasedRef<'_>> {
        self.projection.find(self.whole.as_ref()?.value()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Cell;

    struct Outer {
        inner: (u8, String),
    }

    #[test]
    fn a_part_of_a_part_is_read_like_a_value() {
        let inner = Projection::new(|outer: &Outer| Some(&outer.inner));
        let text = Projection::new(|inner: &(u8, String)| Some(&inner.1));
        let mut whole = Cell::new(Outer { inner: (3, "text".to_owned()) });
        let inner = inner.of(whole.share().expect("it is full")).expect("it is there");
        let text = text.of(Arc::new(inner)).expect("it is there");
        let cell = Cell::shared(Arc::new(text));
        assert_eq!(cell.get::<String>().map(String::as_str), Some("text"));
        assert_eq!(cell.get::<u8>(), None);
        let lent = <str as crate::value::Lend>::read(cell.value().expect("it is full"), 0);
        assert_eq!(lent, Some("text"));
    }

    #[test]
    fn what_is_not_there_is_no_part() {
        let first = Projection::new(|list: &Vec<u8>| list.first());
        let whole = |list: Vec<u8>| Cell::new(list).share().expect("it is full");
        assert!(first.of(whole(Vec::new())).is_none());
        assert!(first.of(whole(vec![1])).is_some());
        assert!(first.of(Cell::new("another type").share().expect("it is full")).is_none());
    }
}
