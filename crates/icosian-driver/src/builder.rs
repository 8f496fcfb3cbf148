use std::fmt;
use std::sync::Arc;

use icosian_adapter::{AsyncGraphAdapter, ErrorPolicy, GraphAdapter, Hook};
use icosian_core::{AdapterSpec, Caps, Dataflow, DecorateError, Name, Node, Outline, Problems};
use icosian_graph::{Graph, GraphError};
use rustc_hash::FxHashMap;

use crate::engine::{Constant, Engine, Manner};
use crate::{AsyncDriver, BuildError, Config, Driver, Problem, Shadowed};

/// Builds a [`Driver`] or an [`AsyncDriver`] out of dataflows, config and an adapter.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, config};
///
/// let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
/// let driver = Driver::builder()
///     .with_dataflow(flow)
///     .with_config(config! { "env": "prod" })
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Builder<A: ?Sized> {
    dataflows: Vec<Dataflow>,
    config: Config,
    module_overrides: bool,
    adapter: Arc<A>,
    manner: Manner,
}

impl<A: ?Sized> Builder<A> {
    pub(crate) fn new(adapter: Arc<A>) -> Self {
        Self {
            dataflows: Vec::new(),
            config: Config::new(),
            module_overrides: false,
            adapter,
            manner: Manner::default(),
        }
    }

    /// Adds a dataflow. Its nodes read those of all other dataflows of the driver.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline, Param};
    /// use icosian_driver::{Driver, inputs};
    ///
    /// let numbers = Dataflow::new("numbers").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    /// let next = Outline::new("next").param(Param::borrowed::<u64>("one"));
    /// let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    /// let more = Dataflow::new("more").with_node(next);
    ///
    /// let driver = Driver::builder().with_dataflow(numbers).with_dataflow(more).build()?;
    /// assert_eq!(driver.execute_named(["next"], inputs! {})?.get::<u64>("next"), Some(&2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_dataflow(mut self, dataflow: Dataflow) -> Self {
        self.dataflows.push(dataflow);
        self
    }

    /// Adds config values; they replace those of the same names.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, config, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # let flow = Dataflow::new("numbers").with_node(double);
    ///
    ///
    /// // `double` reads `single`.
    /// let driver = Driver::builder().with_dataflow(flow).with_config(config! { single: 21_u64 }).build()?;
    /// assert_eq!(driver.execute_named(["double"], inputs! {})?.get::<u64>("double"), Some(&42));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = self.config.extended(config);
        self
    }

    /// Changes each dataflow.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline};
    /// use icosian_driver::Driver;
    ///
    /// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let two = Node::sync(Outline::new("two"), |_| Ok(2_u64));
    /// let driver = Driver::builder()
    ///     .with_dataflow(Dataflow::new("numbers").with_node(one))
    ///     .map_dataflows(|dataflow| dataflow.with_node(two.clone()))
    ///     .build()?;
    /// assert_eq!(driver.graph().nodes().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map_dataflows(mut self, change: impl FnMut(Dataflow) -> Dataflow) -> Self {
        self.dataflows = self.dataflows.into_iter().map(change).collect();
        self
    }

    /// Changes the config.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Asked;
    /// use icosian_driver::{Driver, config};
    ///
    /// let asked = Asked::default();
    /// let builder = Driver::builder().with_config(config! { limit: 3_u64 });
    /// builder.map_config(|config| config.noting(&asked)).build()?;
    /// assert!(asked.names().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map_config(mut self, change: impl FnOnce(Config) -> Config) -> Self {
        self.config = change(self.config);
        self
    }

    /// Lets the nodes of a later dataflow replace those of the same name of earlier ones.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline};
    /// use icosian_driver::{Driver, inputs};
    ///
    /// let real = Dataflow::new("real").with_node(Node::sync(Outline::new("rate"), |_| Ok(1.5)));
    /// let fixed = Dataflow::new("fixed").with_node(Node::sync(Outline::new("rate"), |_| Ok(1.0)));
    /// let both = || Driver::builder().with_dataflow(real.clone()).with_dataflow(fixed.clone());
    /// assert_eq!(both().build().unwrap_err().to_string(), "node `rate` is defined twice");
    ///
    /// let driver = both().allow_module_overrides().build()?;
    /// assert_eq!(driver.execute_named(["rate"], inputs! {})?.get::<f64>("rate"), Some(&1.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_module_overrides(mut self) -> Self {
        self.module_overrides = true;
        self
    }

    /// Adds a hook, which is told of each execution and each of its nodes, after the hooks that are there.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Hook, NodeEnd, NodeInfo};
    /// use icosian_core::BoxError;
    /// use icosian_driver::{Driver, inputs};
    /// use std::sync::{Arc, Mutex};
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # let flow = Dataflow::new("numbers").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    ///
    /// #[derive(Debug, Default)]
    /// struct Log(Mutex<Vec<String>>);
    ///
    /// impl Hook for Log {
    ///     fn after_node(&self, node: &NodeInfo<'_>, _: &NodeEnd<'_>) -> Result<(), BoxError> {
    ///         self.0.lock().expect("nobody panics").push(node.outline().name().to_string());
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let log = Arc::new(Log::default());
    /// let driver = Driver::builder().with_dataflow(flow).with_hook(Arc::clone(&log)).build()?;
    /// driver.execute_named(["one"], inputs! {})?;
    /// assert_eq!(*log.0.lock().expect("nobody panics"), ["one"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_hook(mut self, hook: impl Hook) -> Self {
        self.manner.hooks = self.manner.hooks.with(hook);
        self
    }

    /// Says what becomes of an execution when a node fails; without this the first failure ends it.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::ErrorPolicy;
    /// use icosian_driver::{Driver, ExecuteError, inputs};
    /// # use icosian_core::{Dataflow, Node, NodeError, Outline};
    /// # let broken = |name: &'static str| Node::sync(Outline::new(name), |_| Err::<u64, _>(NodeError::failed("no luck")));
    /// # let flow = Dataflow::new("numbers").with_node(broken("a")).with_node(broken("b"));
    ///
    /// let driver =
    ///     Driver::builder().with_dataflow(flow).with_error_policy(ErrorPolicy::CollectAll).build()?;
    /// let error = driver.execute_named(["a", "b"], inputs! {}).unwrap_err();
    /// let ExecuteError::Failed(failures) = error else { unreachable!("it has run") };
    /// assert_eq!(failures.iter().map(ToString::to_string).collect::<Vec<_>>(), ["node `a` failed", "node `b` failed"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_error_policy(mut self, policy: ErrorPolicy) -> Self {
        self.manner.policy = policy;
        self
    }

    fn engine(
        self,
        adapter: AdapterSpec,
        refuse: impl Fn(&Outline) -> Option<String>,
    ) -> Result<Engine, BuildError> {
        let (flows, refused) = icosian_decorators::expand_all(self.dataflows, &self.config, &adapter);
        let flows = flows.into_iter();
        let constants: FxHashMap<Name, Constant> = self
            .config
            .into_iter()
            .filter_map(|(name, value)| {
                let output = value.output().clone();
                let held = value.into_cell().share()?;
                Some((name, Constant { held, output }))
            })
            .collect();
        let mut shadowed = Vec::new();
        let nodes =
            if self.module_overrides { replaced(flows, &mut shadowed) } else { flows.flatten().collect() };
        let (outlines, bodies): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .map(Node::into_parts)
            .filter_map(|(node, body)| {
                if constants.contains_key(node.name()) {
                    shadowed.push(Shadowed { node, by: None });
                    return None;
                }
                Some((node, body))
            })
            .unzip();
        let given = constants.iter().map(|(name, constant)| (name, constant.output.value_type()));
        let graph = Graph::builder().with_outlines(outlines);
        let graph = given.fold(graph, |graph, (name, given)| graph.with_given(name, given));
        let graph = graph.build();
        if refused.iter().next().is_some() {
            // What a refused node would have replaced is not meant.
            let graph = graph.err().filter(|_| !self.module_overrides);
            return Err(with_graph(refused, graph));
        }
        let graph = graph.map_err(|problems| problems.map(Problem::from))?;
        let mut engine = Engine::new(graph, bodies, constants, adapter, self.manner);
        engine.refuse_nodes(refuse);
        engine.shadowed = shadowed;
        Ok(engine)
    }
}

/// Adds what is wrong between nodes that could be made. Where others could not, their names are those of inputs, of which nothing can
/// be said.
fn with_graph(refused: Problems<DecorateError>, graph: Option<Problems<GraphError>>) -> BuildError {
    let is_of_nodes = |error: &GraphError| {
        matches!(
            error,
            GraphError::DuplicateNode { .. } | GraphError::TypeMismatch { .. } | GraphError::Cycle { .. }
        )
    };
    let mut between = Problems::default();
    let graph = graph.into_iter().flatten();
    between.extend(graph.filter(|problem| is_of_nodes(problem.error())));
    let mut all = refused.map(Problem::from);
    all.extend(between.map(Problem::from));
    all
}

/// Keeps of each name the nodes of the last dataflow that has it, in the place of the first.
fn replaced(flows: impl Iterator<Item = Vec<Node>>, shadowed: &mut Vec<Shadowed>) -> Vec<Node> {
    let mut kept: Vec<Vec<Node>> = Vec::new();
    let mut seen: FxHashMap<Name, (usize, usize)> = FxHashMap::default();
    for (flow, nodes) in flows.enumerate() {
        for node in nodes {
            match seen.get_mut(node.name()) {
                Some((last, place)) if *last < flow => {
                    *last = flow;
                    let by = node.outline().clone();
                    let earlier = std::mem::replace(&mut kept[*place], vec![node]).into_iter();
                    shadowed.extend(
                        earlier.map(|node| Shadowed { node: node.into_parts().0, by: Some(by.clone()) }),
                    );
                }
                // Twice in one dataflow stays an error, which the graph tells.
                Some((_, place)) => kept[*place].push(node),
                None => {
                    seen.insert(node.name().clone(), (flow, kept.len()));
                    kept.push(vec![node]);
                }
            }
        }
    }
    kept.into_iter().flatten().collect()
}

impl Builder<dyn GraphAdapter> {
    /// Says how the steps run; without it one after the other on the caller's thread.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::SyncAdapter;
    ///
    /// let builder = icosian_driver::Driver::builder().with_adapter(SyncAdapter);
    /// ```
    pub fn with_adapter(mut self, adapter: impl GraphAdapter) -> Self {
        self.adapter = Arc::new(adapter);
        self
    }

    /// Returns the driver.
    ///
    /// # Errors
    /// Everything that is wrong with the dataflows and the config, together.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, config};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # let flow = Dataflow::new("numbers").with_node(double);
    ///
    ///
    /// // `double` reads `single: &u64`.
    /// let wrong = Driver::builder().with_dataflow(flow).with_config(config! { single: "one" }).build();
    /// assert_eq!(
    ///     wrong.unwrap_err().to_string(),
    ///     "node `double` asks for `single: &u64`, but config value `single` gives `String`",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(self) -> Result<Driver, BuildError> {
        let adapter = Arc::clone(&self.adapter);
        // The contract says what it can do, whatever its spec says: it is handed sync steps.
        let engine = self.engine(adapter.spec().without(Caps::POLL), |node| adapter.refuse(node))?;
        Ok(Driver::new(engine, adapter))
    }
}

impl Builder<dyn AsyncGraphAdapter> {
    /// Says how the jobs run; without it concurrently, under tokio.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "tokio")] {
    /// use icosian_driver::AsyncDriver;
    ///
    /// let builder = AsyncDriver::builder().with_adapter(icosian_tokio::TokioAdapter::default());
    /// # }
    /// ```
    pub fn with_adapter(mut self, adapter: impl AsyncGraphAdapter) -> Self {
        self.adapter = Arc::new(adapter);
        self
    }

    /// Returns the driver.
    ///
    /// # Errors
    /// Everything that is wrong with the dataflows and the config, together.
    ///
    /// # Examples
    /// See [`AsyncDriver`].
    pub fn build(self) -> Result<AsyncDriver, BuildError> {
        let adapter = Arc::clone(&self.adapter);
        // The contract says what it can do, whatever its spec says: it is handed futures.
        let engine = self.engine(adapter.spec().polls_futures(), |node| adapter.refuse(node))?;
        Ok(AsyncDriver::new(engine, adapter))
    }
}

impl<A: ?Sized> fmt::Debug for Builder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dataflows: Vec<_> = self.dataflows.iter().map(Dataflow::name).collect();
        f.debug_struct("Builder")
            .field("dataflows", &dataflows)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
