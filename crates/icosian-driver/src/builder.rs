use std::fmt;
use std::sync::Arc;

use icosian_adapter::{AsyncGraphAdapter, ErrorPolicy, GraphAdapter, Hook, Refusal};
use icosian_core::{
    AdapterSpec, Caps, Dataflow, DecorateError, Name, Node, Outline, Output, ValueType, literal_hint,
};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use icosian_graph::{Graph, GraphError};
use rustc_hash::FxHashMap;

use crate::engine::{Constant, ConstantKind, Engine, Manner};
use crate::{AsyncDriver, BuildError, Config, Driver, Inputs, Problem, Shadowed, shared};

/// Builds a [`Driver`] or an [`AsyncDriver`] from dataflows, config, shared inputs and an adapter.
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
    shared: Inputs,
    module_overrides: bool,
    adapter: Arc<A>,
    manner: Manner,
}

impl<A: ?Sized> Builder<A> {
    pub(crate) fn new(adapter: Arc<A>) -> Self {
        Self {
            dataflows: Vec::new(),
            config: Config::new(),
            shared: Inputs::new(),
            module_overrides: false,
            adapter,
            manner: Manner::default(),
        }
    }

    /// Adds a dataflow. Its nodes can read the nodes of all dataflows of the driver.
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

    /// Adds config values, which replace config values of the same names.
    ///
    /// Config is for switches: decorators read it when the driver is built, and a config value replaces a node of its name.
    /// Use [`with_shared`](Self::with_shared) for clients, pools and other inputs that all executions share.
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

    /// Adds inputs that all executions share, which replace shared inputs of the same names.
    ///
    /// A shared input is a value that is passed once instead of with each execution, such as an HTTP client or a connection
    /// pool. Nodes borrow it; a node may take it by value if its type is `Clone`. Decorators do not see it. `build` compares
    /// its type with its readers and refuses names that no function reads, names of nodes and config values, and futures.
    /// An execution that passes an input of the same name is refused. An override replaces it for one execution.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, Input, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let greet = Outline::new("greet").param(Param::borrowed::<str>("greeting")).param(Param::borrowed::<str>("name"));
    /// # let greet = Node::sync(greet, |args| Ok(format!("{}, {}!", args.borrow::<str>(0), args.borrow::<str>(1))));
    /// # let flow = Dataflow::new("greetings").with_node(greet);
    ///
    /// // `greet` reads `greeting: &str` and `name: &str`.
    /// let driver = Driver::builder().with_dataflow(flow).with_shared(inputs! { greeting: "Hello" }).build()?;
    /// let outputs = driver.execute_named(["greet"], inputs! { name: "Ada" })?;
    /// assert_eq!(outputs.get::<String>("greet").map(String::as_str), Some("Hello, Ada!"));
    ///
    /// let once = inputs! { name: "Ada" }.overriding_named("greeting", Input::value("Bye".to_owned()));
    /// let outputs = driver.execute_named(["greet"], once)?;
    /// assert_eq!(outputs.get::<String>("greet").map(String::as_str), Some("Bye, Ada!"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_shared(mut self, inputs: Inputs) -> Self {
        self.shared.extend(inputs);
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

    /// Lets nodes of later dataflows replace nodes of the same name in earlier dataflows.
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

    /// Adds a hook, which observes executions and their nodes. Hooks are called in the order in which they were added.
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
    ///         self.0.lock().expect("no hook panics").push(node.outline().name().to_string());
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let log = Arc::new(Log::default());
    /// let driver = Driver::builder().with_dataflow(flow).with_hook(Arc::clone(&log)).build()?;
    /// driver.execute_named(["one"], inputs! {})?;
    /// assert_eq!(*log.0.lock().expect("no hook panics"), ["one"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_hook(mut self, hook: impl Hook) -> Self {
        self.manner.hooks = self.manner.hooks.with(hook);
        self
    }

    /// Sets the error policy. By default the first failure ends an execution.
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
        refuse: impl Fn(&Outline) -> Option<Refusal>,
    ) -> Result<Engine, BuildError> {
        let private = self.dataflows.iter().flat_map(Dataflow::private).copied().collect();
        let names_read = shared::names_read(&self.shared, &self.dataflows);
        let (flows, refused) = icosian_decorators::expand_all(self.dataflows, &self.config, &adapter);
        let flows = flows.into_iter();
        let mut constants: FxHashMap<Name, Constant> = self
            .config
            .into_iter()
            .filter_map(|(name, value)| {
                let output = value.output().clone();
                let held = value.into_cell().share()?;
                Some((name, Constant { kind: ConstantKind::Config, held, output }))
            })
            .collect();
        let (mut shadowed, mut problems) = (Vec::new(), BuildError::default());
        let nodes =
            if self.module_overrides { replaced(flows, &mut shadowed) } else { flows.flatten().collect() };
        let (outlines, bodies): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .map(Node::into_parts)
            .filter_map(|(node, body)| {
                if let Some(constant) = constants.get(node.name()) {
                    problems.extend(replacement_mismatch(&node, &constant.output));
                    shadowed.push(Shadowed { node, by: None });
                    return None;
                }
                Some((node, body))
            })
            .unzip();
        let is_complete = refused.iter().next().is_none();
        let refused_shared = shared::add_shared(&mut constants, self.shared, &names_read, &outlines);
        problems.extend(refused_shared.into_iter().filter(|problem| {
            // A refused decorator may have renamed or dropped the reader.
            is_complete || !matches!(problem.error(), Problem::UnknownInput { .. })
        }));
        let mut graph = Graph::builder().with_outlines(outlines);
        for (name, Constant { kind, output, .. }) in &constants {
            graph = match kind {
                ConstantKind::Config => graph.with_given(name, output.value_type()),
                ConstantKind::Shared => graph.with_shared(name, output.value_type()),
            };
        }
        let graph = graph.build();
        if !is_complete {
            // Nodes of refused functions are missing, so not every graph problem is real.
            let graph = graph.err().filter(|_| !self.module_overrides);
            let mut all = with_graph(refused, graph);
            all.extend(problems);
            return Err(all);
        }
        let graph = match graph {
            Ok(graph) => problems.none_or(graph)?,
            Err(of_graph) => {
                let mut all = of_graph.map(Problem::from);
                all.extend(problems);
                return Err(all);
            }
        };
        let mut engine = Engine::new(graph, bodies, constants, adapter, self.manner);
        engine.refuse_nodes(refuse);
        engine.shadowed = shadowed;
        engine.private = private;
        Ok(engine)
    }
}

/// Returns the problem of a config value whose type is not that of the node that it replaces.
///
/// Readers of text accept both `String` and `&'static str`, and config stores literals as `String`.
fn replacement_mismatch(node: &Outline, value: &Output) -> Option<Spanned<Problem>> {
    let (own, given) = (node.given().value_type(), value.value_type());
    let is_text =
        |value_type| [ValueType::of::<String>(), ValueType::of::<&'static str>()].contains(&value_type);
    if own == given || is_text(own) && is_text(given) {
        return None;
    }
    let hint = literal_hint(given, &own.to_string()).map_or_else(String::new, |hint| format!(" ({hint})"));
    let problem = Problem::WrongInputType {
        kind: "config value",
        name: node.name().clone(),
        given,
        wanted: format!("the node that it replaces returns `{own}`"),
        help: format!("pass a config value of type `{own}`{hint}, or rename it"),
    };
    let mark = node.location().map(|place| Label::new(place, "this node is replaced"));
    Some(Spanned::new(problem, mark.into_iter().collect()))
}

/// Adds the graph's problems between existing nodes. Names of missing nodes look like inputs, so other problems may be untrue.
fn with_graph(refused: Diagnostics<DecorateError>, graph: Option<Diagnostics<GraphError>>) -> BuildError {
    let is_of_nodes = |error: &GraphError| {
        matches!(
            error,
            GraphError::DuplicateNode { .. } | GraphError::TypeMismatch { .. } | GraphError::Cycle { .. }
        )
    };
    let mut between = Diagnostics::default();
    let graph = graph.into_iter().flatten();
    between.extend(graph.filter(|problem| is_of_nodes(problem.error())));
    let mut all = refused.map(Problem::from);
    all.extend(between.map(Problem::from));
    all
}

/// Keeps, for each name, the nodes of the last dataflow that has it, at the position of the first.
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
                // The graph reports duplicates within a dataflow.
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
    /// Sets the adapter, which runs the steps. The default is [`SyncAdapter`](icosian_adapter::SyncAdapter).
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
    /// All problems of the dataflows, the config and the shared inputs.
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
        // A `GraphAdapter` runs sync steps only, whatever its spec declares.
        let engine = self.engine(adapter.spec().without(Caps::POLL), |node| adapter.refuse(node))?;
        Ok(Driver::new(engine, adapter))
    }
}

impl Builder<dyn AsyncGraphAdapter> {
    /// Sets the adapter, which runs the jobs. The default is `TokioAdapter`.
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
    /// All problems of the dataflows, the config and the shared inputs.
    ///
    /// # Examples
    /// See [`AsyncDriver`].
    pub fn build(self) -> Result<AsyncDriver, BuildError> {
        let adapter = Arc::clone(&self.adapter);
        // An `AsyncGraphAdapter` polls futures, whatever its spec declares.
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
