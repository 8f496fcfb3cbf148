use std::any::Any;

use crate::Node;
use crate::node::args::give;
use crate::node::{Args, Function};

/// The name and the output type of a node, known at compile time.
///
/// `#[dataflow]` generates a type with the name of each function, and implements this trait for it.
///
/// # Examples
/// ```
/// use icosian_core::Handle;
///
/// #[allow(non_camel_case_types)]
/// struct spend_mean {}
///
/// impl Handle for spend_mean {
///     const NAME: &'static str = "spend_mean";
///     type Output = f64;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node",
    label = "not a node's handle",
    note = "each `pub fn` of a `#[dataflow]` module, and each `#[node]` function, has a handle with its name"
)]
pub trait Handle {
    /// The node's name.
    const NAME: &'static str;
    /// The type of the output, without the error.
    type Output: Any + Send + Sync;

    /// The function that stores an output. It is the same for all functions of one output type.
    const GIVE: fn(&mut Args<'_>, Self::Output) = give::<Self::Output>();
}

/// A node function, known at compile time. `#[dataflow]` and `#[node]` implement it for a type with the function's name.
///
/// `nodes![a, b, c]` lists these types. Such a type is also a [`Handle`], unless the function's decorators leave no node
/// with its name.
///
/// # Examples
/// ```
/// use icosian_core::{Handle, Node, Outline};
/// use icosian_core::node::NodeFn;
///
/// #[allow(non_camel_case_types)]
/// struct one {}
///
/// impl Handle for one {
///     const NAME: &'static str = "one";
///     type Output = u64;
/// }
///
/// impl NodeFn for one {
///     fn node() -> Node {
///         Node::sync(Outline::new("one"), |_| Ok(1_u64))
///     }
/// }
/// assert_eq!(one::node().name(), one::NAME);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node function",
    label = "not a `#[node]` function",
    note = "write `#[node]` above the function, or put it into a `#[dataflow]` module"
)]
pub trait NodeFn {
    /// Returns the node, without decorators.
    fn node() -> Node;

    /// Returns the node with the decorators above the function.
    #[must_use]
    fn function() -> Function {
        Self::node().into()
    }
}

/// The output of a function, even if no node has its name. For generated code.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node function",
    label = "not a `#[node]` function",
    note = "write `#[node]` above the function, or make it a function of a `#[dataflow]` module"
)]
pub trait Gives {
    /// The type of the output, without the error.
    type Output: Any + Send + Sync;

    /// The function that stores an output. It is the same for all functions of one output type.
    const GIVE: fn(&mut Args<'_>, Self::Output) = give::<Self::Output>();
}

/// A handle whose node has the output of its function. For generated code.
#[doc(hidden)]
pub trait AsWritten: Handle {}

impl<H: AsWritten> Gives for H {
    type Output = H::Output;
}
