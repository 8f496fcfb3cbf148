use std::fmt;
use std::sync::Arc;

use icosian_adapter::{ErrorPolicy, Hook, Refusal};
use icosian_core::{AdapterSpec, Config, Dataflow, Outline};

use crate::build_error::BuildError;
use crate::driver_parts::DriverParts;
use crate::engine::Engine;
use crate::inputs::Inputs;

/// Builds a [`Driver`](crate::Driver) or an [`AsyncDriver`](crate::AsyncDriver) from dataflows, config, shared inputs and an
/// adapter.
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
    parts: DriverParts,
    pub(crate) adapter: Arc<A>,
}

impl<A: ?Sized> Builder<A> {
    pub(crate) fn new(adapter: Arc<A>) -> Self {
        Self { parts: DriverParts::default(), adapter }
    }

    /// Adds a dataflow. Its nodes can read the nodes of all dataflows of the driver.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline, Param};
    /// use icosian_driver::{Driver, inputs};
    ///
    /// let numbers = Dataflow::new("numbers").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    /// let next = Outline::new("next").with_param(Param::borrowed::<u64>("one"));
    /// let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    /// let more = Dataflow::new("more").with_node(next);
    ///
    /// let driver = Driver::builder().with_dataflow(numbers).with_dataflow(more).build()?;
    /// assert_eq!(driver.execute_named(["next"], inputs! {})?.get::<u64>("next"), Some(&2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_dataflow(mut self, dataflow: Dataflow) -> Self {
        self.parts.dataflows.push(dataflow);
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
    /// # let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
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
        self.parts.config = self.parts.config.merge(config);
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
    /// # let greet = Outline::new("greet").with_param(Param::borrowed::<str>("greeting")).with_param(Param::borrowed::<str>("name"));
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
        self.parts.shared.extend(inputs);
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
        self.parts.dataflows = self.parts.dataflows.into_iter().map(change).collect();
        self
    }

    /// Changes the config.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::decorator::ConfigReads;
    /// use icosian_driver::{Driver, config};
    ///
    /// let reads = ConfigReads::default();
    /// let builder = Driver::builder().with_config(config! { limit: 3_u64 });
    /// builder.map_config(|config| config.with_reads(&reads)).build()?;
    /// assert!(reads.names().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map_config(mut self, change: impl FnOnce(Config) -> Config) -> Self {
        self.parts.config = change(self.parts.config);
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
        self.parts.module_overrides = true;
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
        self.parts.options.hooks = self.parts.options.hooks.with(hook);
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
        self.parts.options.policy = policy;
        self
    }

    /// Validates all parts and builds the engine. `refuse` is the adapter's check of a node.
    pub(crate) fn build_engine(
        self,
        adapter: AdapterSpec,
        refuse: impl Fn(&Outline) -> Option<Refusal>,
    ) -> Result<Engine, BuildError> {
        let mut engine = self.parts.build(adapter)?;
        engine.refuse_nodes(refuse);
        Ok(engine)
    }
}

impl<A: ?Sized> fmt::Debug for Builder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dataflows: Vec<_> = self.parts.dataflows.iter().map(Dataflow::name).collect();
        f.debug_struct("Builder")
            .field("dataflows", &dataflows)
            .field("config", &self.parts.config)
            .finish_non_exhaustive()
    }
}
