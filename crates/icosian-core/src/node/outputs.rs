use std::any::Any;

use crate::Handle;
use crate::expand::Collected;
use crate::value::ValueType;

/// A typed request for outputs: a node's handle, or a tuple of up to twelve.
///
/// # Examples
/// ```
/// use icosian_core::Handle;
/// use icosian_core::node::Outputs;
///
/// # #[allow(non_camel_case_types)] struct one {}
/// # impl Handle for one { const NAME: &'static str = "one"; type Output = u64; }
/// # #[allow(non_camel_case_types)] struct word {}
/// # impl Handle for word { const NAME: &'static str = "word"; type Output = String; }
/// // `one` and `word` are handles, as `#[dataflow]` generates them.
/// fn given<O: Outputs<Values = (u64, String)>>() {}
/// given::<(one, word)>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an output that can be requested",
    label = "neither a node's handle nor a tuple of handles",
    note = "each `pub fn` of a `#[dataflow]` module has a handle with its name: `execute::<pipeline::answer>(..)`"
)]
pub trait Outputs: 'static {
    /// The result of an execution.
    type Values: Send;

    /// Returns the names and types.
    #[doc(hidden)]
    fn handles() -> Vec<(&'static str, ValueType)>;

    /// Moves the values out of a run.
    #[doc(hidden)]
    fn collect<R: TakeOutput>(run: &mut R) -> Option<Self::Values>;
}

impl<H: Handle + 'static> Outputs for H {
    type Values = H::Output;

    fn handles() -> Vec<(&'static str, ValueType)> {
        vec![(H::NAME, ValueType::of::<H::Output>())]
    }

    fn collect<R: TakeOutput>(run: &mut R) -> Option<H::Output> {
        run.take_next()
    }
}

/// A set of typed inputs that has all inputs of the node `H`.
///
/// `#[dataflow(outputs(..))]` implements it for the struct of a declared output, with each node that the output needs.
#[doc(hidden)]
pub trait InputsOf<H> {}

impl<H: Handle, I: InputsOf<H>> InputsOf<Collected<H>> for I {}

/// Outputs whose inputs the typed set of inputs `I` has: a node's handle, or a tuple of handles.
#[doc(hidden)]
pub trait ProvidedBy<I> {}

impl<H: Handle + 'static, I: InputsOf<H>> ProvidedBy<I> for H {}

macro_rules! tuples {
    ($($handle:ident)*) => {
        impl<$($handle: Handle + 'static),*> Outputs for ($($handle,)*) {
            type Values = ($($handle::Output,)*);

            fn handles() -> Vec<(&'static str, ValueType)> {
                vec![$(($handle::NAME, ValueType::of::<$handle::Output>())),*]
            }

            fn collect<R: TakeOutput>(run: &mut R) -> Option<Self::Values> {
                Some(($(run.take_next::<$handle::Output>()?,)*))
            }
        }

        impl<Given, $($handle: Handle + 'static),*> ProvidedBy<Given> for ($($handle,)*)
        where
            Given: $(InputsOf<$handle> +)*,
        {
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

/// The source of [`Outputs`]: their values, one after the other. For drivers.
#[doc(hidden)]
pub trait TakeOutput {
    /// Moves the next wanted output out, when it is a `T`.
    fn take_next<T: Any>(&mut self) -> Option<T>;
}
