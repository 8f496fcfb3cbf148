//! Questions that generated code asks about a type: is it `Clone`, `Serialize`, a future?
//!
//! Each question is a method with two implementations: an inherent method whose bounds hold for "yes", and a trait's
//! method for "no". The compiler prefers the inherent one, so the type must be concrete.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;

use crate::{Cloner, Output};

/// A question about `T`.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// Asks about `T`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "written by macros only")]
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// Asks about the type of `value`.
    #[must_use]
    pub fn of(_value: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: 'static> Probe<T> {
    /// A borrowed probe, for questions with three answers.
    pub const BORROWED: &'static Self = &Self(PhantomData);
}

impl<T: Any + Send + Sync + Clone> Probe<T> {
    /// Notes on `output` how its values are cloned.
    #[must_use]
    pub fn cloned(&self, output: Output) -> Output {
        output.cloneable::<T>()
    }
}

impl<T: Clone> Probe<T> {
    /// Returns how a `T` is cloned.
    #[must_use]
    pub fn cloner(&self) -> Option<Cloner<T>> {
        Some(T::clone)
    }

    /// Returns how an `Option<T>` is cloned.
    #[must_use]
    pub fn option_cloner(&self) -> Option<Cloner<Option<T>>> {
        Some(Option::clone)
    }
}

/// The answer when `T` is not `Clone`.
pub trait NotClone<T> {
    /// Leaves `output` as it is.
    #[must_use]
    fn cloned(&self, output: Output) -> Output {
        output
    }

    /// Returns that a `T` cannot be cloned.
    #[must_use]
    fn cloner(&self) -> Option<Cloner<T>> {
        None
    }

    /// Returns that an `Option<T>` cannot be cloned.
    #[must_use]
    fn option_cloner(&self) -> Option<Cloner<Option<T>>> {
        None
    }
}

impl<T> NotClone<T> for Probe<T> {}

#[cfg(feature = "serde")]
impl<T: Any + erased_serde::Serialize> Probe<T> {
    /// Notes on `output` how its values are serialized.
    #[must_use]
    pub fn serialized(&self, output: Output) -> Output {
        output.serializable::<T>()
    }
}

/// The answer when `T` is not `Serialize`, or the feature `serde` is off.
pub trait NotSerialize {
    /// Leaves `output` as it is.
    #[must_use]
    fn serialized(&self, output: Output) -> Output {
        output
    }
}

impl<T> NotSerialize for Probe<T> {}

/// The answer for a type that is a future or holds one.
#[derive(Debug)]
pub struct Pending<T>(PhantomData<T>);

/// The answer for a type that is a plain value.
#[derive(Debug)]
pub struct Settled;

impl<T: Future> Probe<T> {
    /// Answers that `T` is a future.
    #[must_use]
    pub fn settled(&self) -> Pending<T> {
        Pending(PhantomData)
    }
}

/// The answer for the usual containers of a future.
pub trait HoldsFuture<T> {
    /// Answers that `T` holds a future.
    #[must_use]
    fn settled(&self) -> Pending<T> {
        Pending(PhantomData)
    }
}

impl<F: Future> HoldsFuture<Option<F>> for Probe<Option<F>> {}
impl<F: Future, E> HoldsFuture<Result<F, E>> for Probe<Result<F, E>> {}
impl<F: Future> HoldsFuture<Vec<F>> for Probe<Vec<F>> {}
impl<F: Future, const N: usize> HoldsFuture<[F; N]> for Probe<[F; N]> {}

/// The answer for all other types. It is implemented for a reference, so that both answers above come first.
pub trait IsSettled {
    /// Answers that the type is a plain value.
    #[must_use]
    fn settled(&self) -> Settled {
        Settled
    }
}

impl<T> IsSettled for &Probe<T> {}

/// An answer that `Node` may have an output of type `T`.
#[diagnostic::on_unimplemented(
    message = "node `{Node}` outputs a future that is never awaited: `{T}`",
    label = "this value is a future, or holds one",
    note = "await the future in an `async fn` and return its result"
)]
pub trait NoFuture<Node, T> {}

#[diagnostic::do_not_recommend]
impl<Node, T> NoFuture<Node, T> for Settled {}

/// Requires that the output of `Node`, of type `T`, is no future.
pub fn require_no_future<Node, T, A: NoFuture<Node, T>>(_answer: A) {}

/// Describes the output of type `$type` by all that can be found out about it.
#[doc(hidden)]
#[macro_export]
macro_rules! output_of {
    ($type:ty) => {{
        #[allow(unused_imports, reason = "used when a bound does not hold")]
        use $crate::probe::{NotClone as _, NotSerialize as _};
        let probe = $crate::probe::Probe::<$type>::new();
        probe.serialized(probe.cloned($crate::Output::of::<$type>()))
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn futures_and_their_containers_are_found() {
        fn pending<T>(_: Pending<T>) {}
        fn settled(_: Settled) {}
        pending(Probe::<std::future::Ready<u8>>::BORROWED.settled());
        pending(Probe::<std::pin::Pin<Box<dyn Future<Output = u8> + Send + Sync>>>::BORROWED.settled());
        pending(Probe::<Option<std::future::Ready<u8>>>::BORROWED.settled());
        pending(Probe::<Result<std::future::Ready<u8>, String>>::BORROWED.settled());
        pending(Probe::<Vec<std::future::Ready<u8>>>::BORROWED.settled());
        pending(Probe::<[std::future::Ready<u8>; 2]>::BORROWED.settled());
        settled(Probe::<u8>::BORROWED.settled());
        settled(Probe::<Option<u8>>::BORROWED.settled());
        settled(Probe::<Vec<String>>::BORROWED.settled());
    }

    #[test]
    fn a_type_is_asked_what_it_can_do() {
        struct Plain;
        assert!(crate::output_of!(String).is_cloneable());
        assert!(!crate::output_of!(Plain).is_cloneable());
        #[cfg(feature = "serde")]
        {
            assert!(crate::output_of!(String).is_serializable());
            assert!(!crate::output_of!(Plain).is_serializable());
        }
    }
}
