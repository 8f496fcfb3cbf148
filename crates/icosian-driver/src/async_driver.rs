use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use icosian_adapter::{AsyncGraphAdapter, AsyncHook, AsyncHooks, AsyncRun, RunAbort};
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
    inner: Arc<AsyncDriverInner>,
}

struct AsyncDriverInner {
    engine: Engine,
    adapter: Arc<dyn AsyncGraphAdapter>,
    hooks: AsyncHooks,
}

impl AsyncDriver {
    /// Returns a builder with `TokioAdapter` as the default adapter.
    #[cfg(feature = "tokio")]
    pub fn builder() -> Builder<dyn AsyncGraphAdapter> {
        Self::under(icosian_tokio::TokioAdapter::default())
    }

    /// Returns a builder for executions under `adapter`.
    pub fn under(adapter: impl AsyncGraphAdapter) -> Builder<dyn AsyncGraphAdapter> {
        Builder::new(Arc::new(adapter))
    }

    /// Returns the graph, as [`Driver::graph`](crate::Driver::graph).
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

    /// Executes the nodes that the outputs `O` need, as [`Driver::execute`](crate::Driver::execute).
    ///
    /// # Errors
    /// [`ExecuteError::Refused`] with all errors of the request, before any node runs; [`ExecuteError::Failed`] if a node
    /// fails or panics.
    pub async fn execute<O: Outputs>(&self, inputs: impl IntoInputs<O>) -> Result<O::Values, ExecuteError> {
        self.run(&TypedRequest::<O>::new(), inputs.into_inputs()).await
    }

    /// Executes the nodes that outputs need, as [`Driver::execute_named`](crate::Driver::execute_named).
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
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
    pub async fn execute_with<B: ResultBuilder, N: AsRef<str>>(
        &self,
        builder: &B,
        names: impl IntoIterator<Item = N>,
        inputs: impl IntoInputs,
    ) -> Result<B::Result, ExecuteError> {
        self.run(&NamedRequest::new(names, builder), inputs.into_inputs()).await
    }

    /// Plans the outputs `O` once for many executions.
    ///
    /// # Errors
    /// All errors that do not depend on inputs, such as unknown outputs.
    pub fn prepare<O: Outputs>(&self) -> Result<Prepared<Self, O>, RequestError> {
        Ok(Prepared::new(self.clone(), TypedRequest::<O>::prepare(&self.inner.engine)?))
    }

    async fn run<Q: ExecutionRequest>(&self, request: &Q, inputs: Inputs) -> Result<Q::Result, ExecuteError> {
        let AsyncDriverInner { engine, adapter, hooks } = &*self.inner;
        let (program, mut inputs) = request.resolve(engine, inputs)?;
        let (mut run, started) = flow::start::<AsyncRun<'_>>(engine, &program, &mut inputs);
        let ran = match started {
            Ok(()) => start_run(hooks, &**adapter, &mut run).await,
            Err(abort) => Err(abort),
        };
        flow::finish(engine, request, run, ran, &inputs)
    }
}

/// Returns the future of the adapter, or one that awaits the async hooks too.
///
/// `run` awaits one boxed future in both cases, which keeps its stack frame small.
fn start_run<'a>(
    hooks: &'a AsyncHooks,
    adapter: &'a dyn AsyncGraphAdapter,
    run: &'a mut AsyncRun<'_>,
) -> Pin<Box<dyn Future<Output = Result<(), RunAbort>> + Send + 'a>> {
    if hooks.is_empty() { adapter.run(run) } else { Box::pin(run_between(hooks, adapter, run)) }
}

/// Runs between the async hooks.
async fn run_between(
    hooks: &AsyncHooks,
    adapter: &dyn AsyncGraphAdapter,
    run: &mut AsyncRun<'_>,
) -> Result<(), RunAbort> {
    let ran = match hooks.before_run(run.values_mut()).await {
        Ok(()) => adapter.run(run).await,
        Err(abort) => Err(abort),
    };
    let after = hooks.after_run(run.values(), &ran).await;
    ran.and(after)
}

impl<O: Outputs> Prepared<AsyncDriver, O> {
    /// Executes the plan. Overrides in `inputs` need another plan, which the driver looks up.
    ///
    /// # Errors
    /// As [`AsyncDriver::execute`].
    pub async fn execute(&self, inputs: impl IntoInputs<O>) -> Result<O::Values, ExecuteError> {
        self.driver.run(&self.request(), inputs.into_inputs()).await
    }
}

impl Builder<dyn AsyncGraphAdapter> {
    /// Sets the adapter, which runs the jobs. The default is `TokioAdapter`.
    pub fn with_adapter(mut self, adapter: impl AsyncGraphAdapter) -> Self {
        self.adapter = Arc::new(adapter);
        self
    }

    /// Adds a hook that executions await.
    ///
    /// Hooks are called in the order in which they were added. When a node begins, async hooks are called after the hooks of
    /// [`with_hook`](Self::with_hook); when a node ends, before them.
    ///
    /// Without async hooks, executions have no additional cost. With an async hook, each node becomes an async node.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{AsyncHook, NodeEnd, NodeInfo, async_trait};
    /// use icosian_core::{BoxError, Dataflow, Node, Outline};
    /// use icosian_driver::{AsyncDriver, inputs};
    /// use std::time::Duration;
    ///
    /// /// Sends the name of each node to an audit service.
    /// #[derive(Debug)]
    /// struct Audit;
    ///
    /// #[async_trait]
    /// impl AsyncHook for Audit {
    ///     async fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
    ///         let _line = format!("{} took {:?}", node.id(), end.time());
    ///         tokio::time::sleep(Duration::from_millis(1)).await;
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    /// let driver = AsyncDriver::builder().with_dataflow(flow).with_async_hook(Audit).build()?;
    /// assert_eq!(driver.execute_named(["one"], inputs! {}).await?.get::<u64>("one"), Some(&1));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    ///
    /// A [`Driver`](crate::Driver) awaits nothing, so its builder does not have this method:
    ///
    /// ```compile_fail,E0599
    /// # use icosian_adapter::AsyncHook;
    /// # #[derive(Debug)]
    /// # struct Audit;
    /// # impl AsyncHook for Audit {}
    /// let driver = icosian_driver::Driver::builder().with_async_hook(Audit).build();
    /// ```
    pub fn with_async_hook(mut self, hook: impl AsyncHook) -> Self {
        self.parts.async_hooks = self.parts.async_hooks.with(hook);
        self
    }

    /// Builds the driver.
    ///
    /// # Errors
    /// All errors of the dataflows, the config and the shared inputs.
    pub fn build(self) -> Result<AsyncDriver, BuildError> {
        let (adapter, hooks) = (Arc::clone(&self.adapter), self.parts.async_hooks.clone());
        // An `AsyncGraphAdapter` polls futures, whatever its spec declares.
        let engine = self.build_engine(
            adapter.spec().polls_futures(),
            ItemAdapter::Async(Arc::clone(&adapter)),
            |node| adapter.refuse(node),
        )?;
        Ok(AsyncDriver { inner: Arc::new(AsyncDriverInner { engine, adapter, hooks }) })
    }
}

impl fmt::Debug for AsyncDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncDriver({:?})", self.inner.engine)
    }
}
