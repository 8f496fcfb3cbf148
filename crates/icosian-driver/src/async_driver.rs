use std::fmt;
use std::sync::Arc;

use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Program};
use icosian_core::Outputs;
use icosian_graph::Graph;

use crate::bind::Bound;
use crate::engine::Engine;
use crate::inputs::Kind;
use crate::names::{self, Names};
use crate::outputs::{self, Taker};
use crate::{
    Builder, ExecuteError, Inputs, IntoInputs, NamedValues, Prepared, Refused, ResultBuilder, Survey,
    run_error,
};

/// Executes dataflows of sync and async nodes.
///
/// It has the methods of [`Driver`](crate::Driver), with an `.await`. A clone is cheap, and any number of tasks may execute it
/// concurrently. Dropping the future of an execution cancels its nodes.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{AsyncDriver, inputs};
///
/// # #[cfg(feature = "tokio")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let flow = Dataflow::new("flow").with_node(Node::future(Outline::new("one"), |_| async { Ok(1_u64) }));
/// let driver = AsyncDriver::builder().with_dataflow(flow).build()?;
/// assert_eq!(driver.execute_named(["one"], inputs! {}).await?.get::<u64>("one"), Some(&1));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "tokio"))]
/// # fn main() {}
/// ```
#[derive(Clone)]
pub struct AsyncDriver {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    adapter: Arc<dyn AsyncGraphAdapter>,
}

impl AsyncDriver {
    /// Returns a builder with `TokioAdapter` as the default adapter.
    ///
    /// # Examples
    /// See [`AsyncDriver`].
    #[cfg(feature = "tokio")]
    pub fn builder() -> Builder<dyn AsyncGraphAdapter> {
        Builder::new(Arc::new(icosian_tokio::TokioAdapter::default()))
    }

    /// Returns a builder for executions under `adapter`.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "tokio")] {
    /// let builder = icosian_driver::AsyncDriver::under(icosian_tokio::TokioAdapter::default());
    /// # }
    /// ```
    pub fn under(adapter: impl AsyncGraphAdapter) -> Builder<dyn AsyncGraphAdapter> {
        Builder::new(Arc::new(adapter))
    }

    pub(crate) fn new(engine: Engine, adapter: Arc<dyn AsyncGraphAdapter>) -> Self {
        Self { inner: Arc::new(Inner { engine, adapter }) }
    }

    /// Returns the graph, for queries about dependencies and plans.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use icosian_driver::AsyncDriver;
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # let flow = Dataflow::new("numbers").with_node(double);
    ///
    /// let driver = AsyncDriver::builder().with_dataflow(flow).build()?;
    /// assert_eq!(driver.graph().shape().upstream("double").collect::<Vec<_>>(), ["single"]);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.inner.engine.graph
    }

    /// Returns a description of the driver for analyses that execute nothing.
    ///
    /// # Examples
    /// See [`Survey`].
    #[must_use]
    pub fn survey(&self) -> Survey<'_> {
        Survey::new(&self.inner.engine)
    }

    /// Executes the nodes that the outputs `O`, a handle or a tuple of handles, need.
    ///
    /// # Errors
    /// [`ExecuteError::Refused`] with all problems of the request, before any node runs; [`ExecuteError::Failed`] if a node
    /// fails or panics.
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
    /// // `double` is a handle that `#[dataflow]` generates: `pub fn double(single: &u64) -> u64`.
    /// let driver = AsyncDriver::builder().with_dataflow(flow).build()?;
    /// let outputs: u64 = driver.execute::<double>(inputs! { single: 21_u64 }).await?;
    /// assert_eq!(outputs, 42);
    ///
    /// let unknown = driver.execute::<double>(inputs! { singel: 21_u64 }).await.unwrap_err();
    /// assert!(format!("{unknown:?}").contains("did you mean `single`"));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub async fn execute<O: Outputs>(&self, inputs: impl IntoInputs) -> Result<O::Values, ExecuteError> {
        let (program, mut bound) = outputs::bound::<O>(&self.inner.engine, inputs.into_inputs())?;
        let mut run = self.run(&program, &mut bound).await?;
        let values = outputs::collected::<O>(&mut Taker::new(&mut run, &bound.outputs));
        if values.is_ok() {
            run.end();
        }
        values
    }

    /// Executes the nodes that the outputs of these names, nodes or inputs, need.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
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
    ///
    ///
    /// let driver = AsyncDriver::builder().with_dataflow(flow).build()?;
    /// let outputs = driver.execute_named(["double", "single"], inputs! { single: 21_u64 }).await?;
    /// assert_eq!(outputs.get::<u64>("double"), Some(&42));
    /// assert_eq!(outputs.get::<u64>("single"), Some(&21));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub async fn execute_named<N: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = N>,
        inputs: impl IntoInputs,
    ) -> Result<NamedValues, ExecuteError> {
        self.execute_with(&NamedValues::default(), names, inputs).await
    }

    /// Executes the nodes that the outputs of these names need, and returns the result of `builder`.
    ///
    /// # Errors
    /// As [`execute`](Self::execute). Outputs that `builder` refuses are reported before any node runs.
    ///
    /// # Examples
    /// See [`ResultBuilder`].
    pub async fn execute_with<B: ResultBuilder, N: AsRef<str>>(
        &self,
        builder: &B,
        names: impl IntoIterator<Item = N>,
        inputs: impl IntoInputs,
    ) -> Result<B::Result, ExecuteError> {
        let names = Names::new(names);
        let (program, mut bound) = names.bound(&self.inner.engine, builder, inputs.into_inputs())?;
        let mut run = self.run(&program, &mut bound).await?;
        let outputs = names.collected(&mut Taker::new(&mut run, &bound.outputs))?;
        run.end();
        names::built(builder, outputs)
    }

    /// Plans the outputs `O` once for many executions.
    ///
    /// # Errors
    /// All problems that do not depend on inputs: unknown outputs, async nodes.
    ///
    /// # Examples
    /// See [`Prepared`].
    pub fn prepare<O: Outputs>(&self) -> Result<Prepared<Self, O>, Refused> {
        let program = self.inner.engine.program(&outputs::wanted::<O>(), &[])?;
        Ok(Prepared::new(self.clone(), program))
    }

    pub(crate) async fn execute_prepared<O: Outputs>(
        &self,
        program: &Program,
        inputs: Inputs,
    ) -> Result<O::Values, ExecuteError> {
        let mut bound = outputs::bound_to::<O>(&self.inner.engine, program, inputs)?;
        let mut run = self.run(program, &mut bound).await?;
        let values = outputs::collected::<O>(&mut Taker::new(&mut run, &bound.outputs));
        if values.is_ok() {
            run.end();
        }
        values
    }

    async fn run<'program>(
        &self,
        program: &'program Program,
        bound: &mut Bound,
    ) -> Result<AsyncRun<'program>, ExecuteError> {
        let mut run = program.start_async();
        for (cell, kind) in std::mem::take(&mut bound.fills) {
            match kind {
                Kind::Ready(value) => run.fill_cell(cell, value),
                Kind::Future(task) => run.fill_later(cell, task),
            }
        }
        let engine = &self.inner.engine;
        let ran = match engine.manner.begin(&mut run, bound.context.take()) {
            Ok(()) => self.inner.adapter.run(&mut run).await,
            Err(stop) => Err(stop),
        };
        let complete = run_error::complete(engine.adapter.name(), &mut run, ran);
        run_error::ended(run, complete)
    }
}

impl fmt::Debug for AsyncDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncDriver({:?})", self.inner.engine)
    }
}
