use std::any::Any;

use crate::NodeError;
use crate::expand::Items;
use crate::node::conversion::{AsOutcome, ConvertOutput};
#[cfg(debug_assertions)]
use crate::node::running::start_erased;
#[cfg(not(debug_assertions))]
use crate::node::running::start_reusing;
use crate::node::{Gives, Task};

/// Starts `future`, which the function of the handle `H` returned. For generated code.
///
/// The compiler quotes this function when the future of a node is not `Send`, so its name and its bound explain why.
///
/// With debug assertions the future is boxed anew, because the types of all futures of a crate would double its compile time.
/// Otherwise it reuses the memory of the future before.
#[doc(hidden)]
#[inline]
pub fn start_send_future<H: Gives, F, C>(task: &mut Option<Box<dyn Task>>, future: F, conversion: C)
where
    // The future of an async node may move to another thread: end the use of the value before the `.await`.
    F: Future + Send + 'static,
    C: ConvertOutput<F::Output, Output = H::Output>,
{
    start(task, future, conversion);
}

/// Starts `future`, which calls the expanding function of the handle `H`. For generated code.
///
/// The compiler quotes this function when the future of a node is not `Send`, so its name and its bound explain why.
#[doc(hidden)]
#[inline]
pub fn start_send_items<H: Gives, F>(task: &mut Option<Box<dyn Task>>, future: F)
where
    // The future of an async node may move to another thread: end the use of the value before the `.await`.
    F: Future<Output = Result<Items, NodeError>> + Send + 'static,
{
    start(task, future, AsOutcome);
}

#[inline]
fn start<F, C>(task: &mut Option<Box<dyn Task>>, future: F, conversion: C)
where
    F: Future + Send + 'static,
    C: ConvertOutput<F::Output>,
    C::Output: Any + Send + Sync,
{
    #[cfg(debug_assertions)]
    start_erased(task, Box::new(future), conversion);
    #[cfg(not(debug_assertions))]
    start_reusing(task, future, conversion);
}
