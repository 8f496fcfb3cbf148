use std::fmt;
use std::sync::Arc;

use icosian_adapter::{GraphAdapter, Run, SyncAdapter};
use icosian_core::Caps;
use icosian_core::node::Outputs;
use icosian_graph::Graph;
use icosian_schema::graph::GraphDescription;

use crate::build_error::BuildError;
use crate::builder::Builder;
use crate::engine::Engine;
use crate::execute_error::ExecuteError;
use crate::expand::ItemAdapter;
use crate::flow;
use crate::inputs::{Inputs, IntoInputs};
use crate::named_values::NamedValues;
use crate::preflight::Preflight;
use crate::prepared::Prepared;
use crate::request::{ExecutionRequest, NamedRequest, TypedRequest};
use crate::request_error::RequestError;
use crate::result_builder::ResultBuilder;

/// Executes dataflows whose needed nodes are sync.
///
/// [`AsyncDriver`](crate::AsyncDriver) has the same methods and also runs async nodes. A clone is cheap, and any number of
/// threads may execute a driver concurrently.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
///
/// let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
/// let driver = Driver::builder().with_dataflow(flow).build()?;
/// assert_eq!(driver.execute_named(["one"], inputs! {})?.get::<u64>("one"), Some(&1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Driver {
    inner: Arc<DriverInner>,
}

struct DriverInner {
    engine: Engine,
    adapter: Arc<dyn GraphAdapter>,
}

impl Driver {
    /// Returns a builder with [`SyncAdapter`] as the default adapter.
    pub fn builder() -> Builder<dyn GraphAdapter> {
        Builder::new(Arc::new(SyncAdapter))
    }

    /// Returns the graph, for queries about dependencies and plans.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.inner.engine.graph
    }

    /// Returns a description of the nodes, inputs and edges as plain data, for pictures and tools.
    #[must_use]
    pub fn describe(&self) -> GraphDescription {
        self.preflight().describe()
    }

    /// Returns a picture of the graph, as SVG, HTML, Graphviz or Mermaid.
    #[cfg(feature = "draw")]
    pub fn draw(&self) -> icosian_draw::GraphPicture {
        icosian_draw::GraphPicture::new(self.describe())
    }

    /// Returns a view of the driver that validates requests without executing them.
    #[must_use]
    pub fn preflight(&self) -> Preflight<'_> {
        Preflight::new(&self.inner.engine)
    }

    /// Executes the nodes that the outputs `O`, a handle or a tuple of handles, need.
    ///
    /// # Errors
    /// [`ExecuteError::Refused`] with all errors of the request, before any node runs; [`ExecuteError::Failed`] if a node
    /// fails or panics.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
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
    /// // `double` is a handle that `#[dataflow]` generates: `pub fn double(single: &u64) -> u64`.
    /// let driver = Driver::builder().with_dataflow(flow).build()?;
    /// let outputs: u64 = driver.execute::<double>(inputs! { single: 21_u64 })?;
    /// assert_eq!(outputs, 42);
    ///
    /// let unknown = driver.execute::<double>(inputs! { singel: 21_u64 }).unwrap_err();
    /// assert!(format!("{unknown:?}").contains("did you mean `single`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn execute<O: Outputs>(&self, inputs: impl IntoInputs<O>) -> Result<O::Values, ExecuteError> {
        self.run(&TypedRequest::<O>::new(), inputs.into_inputs())
    }

    /// Executes the nodes that the outputs of these names need. A name is a node or an input.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # let flow = Dataflow::new("numbers").with_node(double);
    ///
    /// let driver = Driver::builder().with_dataflow(flow).build()?;
    /// let outputs = driver.execute_named(["double", "single"], inputs! { single: 21_u64 })?;
    /// assert_eq!(outputs.get::<u64>("double"), Some(&42));
    /// assert_eq!(outputs.get::<u64>("single"), Some(&21));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn execute_named<N: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = N>,
        inputs: impl IntoInputs,
    ) -> Result<NamedValues, ExecuteError> {
        self.execute_with(&NamedValues::default(), names, inputs)
    }

    /// Executes the nodes that the outputs of these names need, and returns the result of `builder`.
    ///
    /// # Errors
    /// As [`execute`](Self::execute). Outputs that `builder` refuses are reported before any node runs.
    pub fn execute_with<B: ResultBuilder, N: AsRef<str>>(
        &self,
        builder: &B,
        names: impl IntoIterator<Item = N>,
        inputs: impl IntoInputs,
    ) -> Result<B::Result, ExecuteError> {
        self.run(&NamedRequest::new(names, builder), inputs.into_inputs())
    }

    /// Plans the outputs `O` once for many executions.
    ///
    /// # Errors
    /// All errors that do not depend on inputs: unknown outputs, async nodes.
    pub fn prepare<O: Outputs>(&self) -> Result<Prepared<Self, O>, RequestError> {
        Ok(Prepared::new(self.clone(), TypedRequest::<O>::prepare(&self.inner.engine)?))
    }

    fn run<Q: ExecutionRequest>(&self, request: &Q, inputs: Inputs) -> Result<Q::Result, ExecuteError> {
        let DriverInner { engine, adapter } = &*self.inner;
        let (program, mut inputs) = request.resolve(engine, inputs)?;
        let (mut run, started) = flow::start::<Run<'_>>(engine, &program, &mut inputs);
        let ran = match started {
            Ok(()) => adapter.run(&mut run),
            Err(abort) => Err(abort),
        };
        flow::finish(engine, request, run, ran, &inputs)
    }
}

impl<O: Outputs> Prepared<Driver, O> {
    /// Executes the plan. Overrides in `inputs` need another plan, which the driver looks up.
    ///
    /// # Errors
    /// As [`Driver::execute`].
    pub fn execute(&self, inputs: impl IntoInputs<O>) -> Result<O::Values, ExecuteError> {
        self.driver.run(&self.request(), inputs.into_inputs())
    }
}

impl Builder<dyn GraphAdapter> {
    /// Sets the adapter, which runs the steps. The default is [`SyncAdapter`].
    pub fn with_adapter(mut self, adapter: impl GraphAdapter) -> Self {
        self.adapter = Arc::new(adapter);
        self
    }

    /// Builds the driver.
    ///
    /// # Errors
    /// All errors of the dataflows, the config and the shared inputs.
    pub fn build(self) -> Result<Driver, BuildError> {
        let adapter = Arc::clone(&self.adapter);
        // A `GraphAdapter` runs sync steps only, whatever its spec declares.
        let engine = self.build_engine(
            adapter.spec().without(Caps::POLL),
            ItemAdapter::Sync(Arc::clone(&adapter)),
            |node| adapter.refuse(node),
        )?;
        Ok(Driver { inner: Arc::new(DriverInner { engine, adapter }) })
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Driver({:?})", self.inner.engine)
    }
}
