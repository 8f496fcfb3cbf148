use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::Outputs;

use crate::{ExecuteError, IntoInputs};

/// A plan that is made once and executed many times.
///
/// `D` is its driver, `O` are its outputs. A clone is cheap.
///
/// # Examples
/// ```
/// # use icosian_core::{Dataflow, Handle, Node, Outline};
/// use icosian_driver::{Driver, Prepared, inputs};
///
/// # #[allow(non_camel_case_types)] struct one {}
/// # impl Handle for one { const NAME: &'static str = "one"; type Output = u64; }
/// # let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
/// # let driver = Driver::builder().with_dataflow(flow).build()?;
/// // `one` is a handle that `#[dataflow]` wrote.
/// let ready: Prepared<Driver, one> = driver.prepare::<one>()?;
/// assert_eq!(ready.execute(inputs! {})?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Prepared<D, O> {
    driver: D,
    program: Arc<Program>,
    outputs: PhantomData<fn() -> O>,
}

impl<D, O: Outputs> Prepared<D, O> {
    pub(crate) fn new(driver: D, program: Program) -> Self {
        Self { driver, program: Arc::new(program), outputs: PhantomData }
    }
}

impl<O: Outputs> Prepared<crate::Driver, O> {
    /// Executes the plan. Overrides in `inputs` need another plan, which the driver looks up.
    ///
    /// # Errors
    /// As [`Driver::execute`](crate::Driver::execute).
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
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
    /// // `double` is a handle that `#[dataflow]` wrote: `pub fn double(single: &u64) -> u64`.
    /// let ready = driver.prepare::<double>()?;
    /// assert_eq!(ready.execute(inputs! { single: 1_u64 })?, 2);
    /// assert_eq!(ready.execute(inputs! { single: 2_u64 })?, 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn execute(&self, inputs: impl IntoInputs) -> Result<O::Values, ExecuteError> {
        let inputs = inputs.into_inputs();
        if inputs.overrides.is_empty() {
            self.driver.execute_prepared::<O>(&self.program, inputs)
        } else {
            self.driver.execute::<O>(inputs)
        }
    }
}

impl<O: Outputs> Prepared<crate::AsyncDriver, O> {
    /// Executes the plan. Overrides in `inputs` need another plan, which the driver looks up.
    ///
    /// # Errors
    /// As [`AsyncDriver::execute`](crate::AsyncDriver::execute).
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use icosian_driver::{AsyncDriver, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # let flow = Dataflow::new("numbers").with_node(double);
    /// # #[allow(non_camel_case_types)]
    /// # struct double {}
    /// # impl icosian_core::Handle for double {
    /// #     const NAME: &'static str = "double";
    /// #     type Output = u64;
    /// # }
    ///
    /// # let driver = AsyncDriver::builder().with_dataflow(flow).build()?;
    /// // `double` is a handle that `#[dataflow]` wrote: `pub fn double(single: &u64) -> u64`.
    /// let ready = driver.prepare::<double>()?;
    /// assert_eq!(ready.execute(inputs! { single: 1_u64 }).await?, 2);
    /// assert_eq!(ready.execute(inputs! { single: 2_u64 }).await?, 4);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub async fn execute(&self, inputs: impl IntoInputs) -> Result<O::Values, ExecuteError> {
        let inputs = inputs.into_inputs();
        if inputs.overrides.is_empty() {
            self.driver.execute_prepared::<O>(&self.program, inputs).await
        } else {
            self.driver.execute::<O>(inputs).await
        }
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
