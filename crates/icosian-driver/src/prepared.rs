use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::node::Outputs;

use crate::request::TypedRequest;

/// A plan that is made once and executed many times.
///
/// `D` is its driver, `O` are its outputs. A clone is cheap.
///
/// # Examples
/// ```
/// # use icosian_core::{Dataflow, Node, Outline, Param};
/// use icosian_driver::{Driver, Prepared, inputs};
/// # let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
/// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// # let flow = Dataflow::new("numbers").with_node(double);
/// # #[allow(non_camel_case_types)]
/// # struct double {}
/// # impl icosian_core::Handle for double {
/// #     const NAME: &'static str = "double";
/// #     type Output = u64;
/// # }
///
/// # let driver = Driver::builder().with_dataflow(flow).build()?;
/// // `double` is a handle that `#[dataflow]` generates: `pub fn double(single: &u64) -> u64`.
/// let prepared: Prepared<Driver, double> = driver.prepare::<double>()?;
/// assert_eq!(prepared.execute(inputs! { single: 1_u64 })?, 2);
/// assert_eq!(prepared.execute(inputs! { single: 2_u64 })?, 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Prepared<D, O> {
    pub(crate) driver: D,
    program: Arc<Program>,
    outputs: PhantomData<fn() -> O>,
}

impl<D, O: Outputs> Prepared<D, O> {
    pub(crate) fn new(driver: D, program: Program) -> Self {
        Self { driver, program: Arc::new(program), outputs: PhantomData }
    }

    pub(crate) fn request(&self) -> TypedRequest<'_, O> {
        TypedRequest::prepared(&self.program)
    }
}

impl<D: Clone, O> Clone for Prepared<D, O> {
    fn clone(&self) -> Self {
        Self { driver: self.driver.clone(), program: Arc::clone(&self.program), outputs: PhantomData }
    }
}

impl<D, O> fmt::Debug for Prepared<D, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({:?})", self.program)
    }
}
