//! Properties of a concrete type that generated code looks up: is it `Clone`, `Serialize`, a future?
//!
//! Each property is an associated constant with two definitions: an inherent one with bounds, and one of a trait without
//! bounds. The compiler prefers the inherent constant wherever its bounds hold. Constants cost no code; methods of the same
//! kind serve the macros that look up the type of an expression.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;

use crate::Output;
use crate::node::Cloner;
use crate::value::Serializer;

/// The properties of `T`.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// Returns the probe of `T`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only generated code uses it")]
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// Returns the probe of the type of `value`.
    #[must_use]
    pub fn of(_value: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: Any + Send + Sync + Clone> Probe<T> {
    /// The output of type `T`, with its clone function.
    pub const OUTPUT: Output = Output::of::<T>().cloneable::<T>();

    /// Adds the clone function to `output`.
    #[must_use]
    pub fn cloned(&self, output: Output) -> Output {
        output.cloneable::<T>()
    }
}

/// The output of a type that is not `Clone`.
pub trait OutputWithoutClone<T: Any + Send + Sync> {
    /// The output of type `T`.
    const OUTPUT: Output = Output::of::<T>();
}

impl<T: Any + Send + Sync> OutputWithoutClone<T> for Probe<T> {}

impl<T: Clone> Probe<T> {
    /// The clone function of `T`.
    pub const CLONER: Option<Cloner<T>> = Some(T::clone);
    /// The clone function of `Option<T>`.
    pub const OPTION_CLONER: Option<Cloner<Option<T>>> = Some(Option::clone);
}

/// The properties of a type that is not `Clone`.
pub trait NotClone<T> {
    /// No clone function of `T`.
    const CLONER: Option<Cloner<T>> = None;
    /// No clone function of `Option<T>`.
    const OPTION_CLONER: Option<Cloner<Option<T>>> = None;

    /// Returns `output` unchanged.
    #[must_use]
    fn cloned(&self, output: Output) -> Output {
        output
    }
}

impl<T> NotClone<T> for Probe<T> {}

#[cfg(feature = "serde")]
impl<T: Any + serde_core::Serialize> Probe<T> {
    /// The serialize function of `T`.
    pub const SERIALIZER: Option<Serializer> = Some(Serializer::of::<T>());

    /// Adds the serialize function to `output`.
    #[must_use]
    pub fn serialized(&self, output: Output) -> Output {
        output.serializable::<T>()
    }
}

/// The properties of a type that is not `Serialize`, and of all types without the feature `serde`.
pub trait NotSerialize {
    /// No serialize function.
    const SERIALIZER: Option<Serializer> = None;

    /// Returns `output` unchanged.
    #[must_use]
    fn serialized(&self, output: Output) -> Output {
        output
    }
}

impl<T> NotSerialize for Probe<T> {}

/// The state of a type that is a future or holds one.
#[derive(Debug)]
pub struct Pending<T>(PhantomData<T>);

/// The state of a type that is a plain value.
#[derive(Clone, Copy, Debug)]
pub struct Settled;

impl<T> Clone for Pending<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pending<T> {}

impl<T: Future> Probe<T> {
    /// `T` is a future.
    pub const FUTURE: Pending<T> = Pending(PhantomData);
}

impl<F: Future> Probe<Option<F>> {
    /// The type holds a future.
    pub const HELD_FUTURE: Pending<Option<F>> = Pending(PhantomData);
}

impl<F: Future, E> Probe<Result<F, E>> {
    /// The type holds a future.
    pub const HELD_FUTURE: Pending<Result<F, E>> = Pending(PhantomData);
}

impl<F: Future> Probe<Vec<F>> {
    /// The type holds a future.
    pub const HELD_FUTURE: Pending<Vec<F>> = Pending(PhantomData);
}

impl<F: Future, const N: usize> Probe<[F; N]> {
    /// The type holds a future.
    pub const HELD_FUTURE: Pending<[F; N]> = Pending(PhantomData);
}

/// The state of all other types.
pub trait IsSettled {
    /// The type is no future.
    const FUTURE: Settled = Settled;
    /// The type holds no future.
    const HELD_FUTURE: Settled = Settled;
}

impl<T> IsSettled for Probe<T> {}

/// A state in which `Node` may output a `T`.
#[diagnostic::on_unimplemented(
    message = "node `{Node}` outputs a future that is never awaited: `{T}`",
    label = "this value is a future, or holds one",
    note = "await the future in an `async fn` and return its result"
)]
pub trait NoFuture<Node, T>: Copy {}

#[diagnostic::do_not_recommend]
impl<Node, T> NoFuture<Node, T> for Settled {}

/// Requires that the output of `Node`, of type `T`, neither is a future nor holds one.
pub const fn require_no_future<Node, T, A: NoFuture<Node, T>, B: NoFuture<Node, T>>(_itself: A, _held: B) {}

/// Returns the output of type `$type`, with its clone and serialize functions.
#[doc(hidden)]
#[macro_export]
macro_rules! output_of {
    ($type:ty) => {{
        #[allow(unused_imports, reason = "used when a bound does not hold")]
        use $crate::value::probe::{NotSerialize as _, OutputWithoutClone as _};
        $crate::value::probe::Probe::<$type>::OUTPUT
            .with_serializer($crate::value::probe::Probe::<$type>::SERIALIZER)
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn futures_and_their_containers_are_pending() {
        type Boxed = std::pin::Pin<Box<dyn Future<Output = u8> + Send + Sync>>;
        let _: Pending<std::future::Ready<u8>> = Probe::<std::future::Ready<u8>>::FUTURE;
        let _: Pending<Boxed> = Probe::<Boxed>::FUTURE;
        let _: Pending<Option<std::future::Ready<u8>>> = Probe::<Option<std::future::Ready<u8>>>::HELD_FUTURE;
        let _: Pending<Result<Boxed, String>> = Probe::<Result<Boxed, String>>::HELD_FUTURE;
        let _: Pending<Vec<Boxed>> = Probe::<Vec<Boxed>>::HELD_FUTURE;
        let _: Pending<[Boxed; 2]> = Probe::<[Boxed; 2]>::HELD_FUTURE;
        let _: [Settled; 2] = [Probe::<u8>::FUTURE, Probe::<u8>::HELD_FUTURE];
        let _: [Settled; 2] = [Probe::<Option<u8>>::FUTURE, Probe::<Option<u8>>::HELD_FUTURE];
        let _: [Settled; 2] = [Probe::<Vec<String>>::FUTURE, Probe::<Vec<String>>::HELD_FUTURE];
    }

    #[test]
    fn constants_describe_what_a_type_implements() {
        struct Plain;
        assert!(Probe::<String>::CLONER.is_some() && Probe::<String>::OPTION_CLONER.is_some());
        assert!(Probe::<Plain>::CLONER.is_none() && Probe::<Plain>::OPTION_CLONER.is_none());
        assert!(crate::output_of!(String).is_cloneable());
        assert!(!crate::output_of!(Plain).is_cloneable());
        #[cfg(feature = "serde")]
        {
            assert!(crate::output_of!(String).is_serializable());
            assert!(!crate::output_of!(Plain).is_serializable());
        }
    }
}
