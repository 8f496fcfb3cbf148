use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::sync::Arc;

use icosian_adapter::{ErrorPolicy, Hook, HookFailure, Refusal};
use icosian_core::{AdapterSpec, Config, Dataflow, Outline};
use icosian_diagnostics::Spanned;

use crate::build_error::{BuildError, BuildErrorKind};
use crate::driver_parts::DriverParts;
use crate::engine::Engine;
use crate::expand::ItemAdapter;
use crate::graph_validator::{self, GraphValidator};
use crate::inputs::Inputs;

/// Builds a [`Driver`](crate::Driver) or an [`AsyncDriver`](crate::AsyncDriver) from dataflows, config, shared inputs and an
/// adapter.
///
/// # Examples
/// ```
/// use icosian_driver::{Driver, Input, config, inputs};
/// # use icosian_core::{Dataflow, Node, Outline, Param};
/// # let greet = Outline::new("greet").with_param(Param::borrowed::<str>("greeting")).with_param(Param::borrowed::<str>("name"));
/// # let greet = Node::sync(greet, |args| Ok(format!("{}, {}!", args.borrow::<str>(0), args.borrow::<str>(1))));
/// # let flow = Dataflow::new("greetings").with_node(greet);
///
/// // `greet` reads `greeting: &str`, which all executions share, and `name: &str`.
/// let driver = Driver::builder()
///     .with_dataflow(flow)
///     .with_config(config! { "env": "prod" })
///     .with_shared(inputs! { greeting: "Hello" })
///     .build()?;
/// let outputs = driver.execute_named(["greet"], inputs! { name: "Ada" })?;
/// assert_eq!(outputs.get::<String>("greet").map(String::as_str), Some("Hello, Ada!"));
///
/// let once = inputs! { name: "Ada" }.overriding_named("greeting", Input::value("Bye".to_owned()));
/// let outputs = driver.execute_named(["greet"], once)?;
/// assert_eq!(outputs.get::<String>("greet").map(String::as_str), Some("Bye, Ada!"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Builder<A: ?Sized> {
    pub(crate) parts: DriverParts,
    validators: Vec<Arc<dyn GraphValidator>>,
    pub(crate) adapter: Arc<A>,
}

impl<A: ?Sized> Builder<A> {
    pub(crate) fn new(adapter: Arc<A>) -> Self {
        Self { parts: DriverParts::default(), validators: Vec::new(), adapter }
    }

    /// Adds a dataflow. Its nodes can read the nodes of all dataflows of the driver.
    pub fn with_dataflow(mut self, dataflow: Dataflow) -> Self {
        self.parts.dataflows.push(dataflow);
        self
    }

    /// Adds config values, which replace config values of the same names.
    ///
    /// Config is for switches: decorators read it when the driver is built, and a config value replaces a node of its name.
    /// Use [`with_shared`](Self::with_shared) for clients, pools and other inputs that all executions share.
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
    pub fn with_shared(mut self, inputs: Inputs) -> Self {
        self.parts.shared.extend(inputs);
        self
    }

    /// Changes each dataflow.
    pub fn map_dataflows(mut self, change: impl FnMut(Dataflow) -> Dataflow) -> Self {
        self.parts.dataflows = self.parts.dataflows.into_iter().map(change).collect();
        self
    }

    /// Changes the config.
    pub fn map_config(mut self, change: impl FnOnce(Config) -> Config) -> Self {
        self.parts.config = change(self.parts.config);
        self
    }

    /// Lets nodes of later dataflows replace nodes of the same name in earlier dataflows.
    pub fn allow_module_overrides(mut self) -> Self {
        self.parts.module_overrides = true;
        self
    }

    /// Adds a hook, which observes executions and their nodes. Hooks are called in the order in which they were added.
    pub fn with_hook(mut self, hook: impl Hook) -> Self {
        self.parts.options.hooks = self.parts.options.hooks.with(hook);
        self
    }

    /// Adds a validator, which checks the nodes and the graph when the driver is built.
    pub fn with_validator(mut self, validator: impl GraphValidator) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// Sets the error policy. By default the first failure ends an execution.
    pub fn with_error_policy(mut self, policy: ErrorPolicy) -> Self {
        self.parts.options.policy = policy;
        self
    }

    /// Validates all parts and builds the engine. `refuse` is the adapter's check of a node.
    pub(crate) fn build_engine(
        self,
        adapter: AdapterSpec,
        items: ItemAdapter,
        refuse: impl Fn(&Outline) -> Option<Refusal>,
    ) -> Result<Engine, BuildError> {
        let validators = self.validators;
        let mut engine = self.parts.build(adapter, items)?;
        let mut errors = BuildError::default();
        errors.extend(graph_validator::validate(&validators, &engine.graph));
        errors.into_result(())?;
        errors = BuildError::default();
        errors.extend(engine.options.hooks.after_build(&engine.graph).iter().map(hook_error));
        errors.into_result(())?;
        engine.refuse_nodes(refuse);
        Ok(engine)
    }
}

/// Returns the error of a hook that failed after the graph was built.
fn hook_error(failure: &HookFailure) -> Spanned<BuildErrorKind> {
    let first: &dyn Error = &**failure.error();
    let causes = successors(Some(first), |error: &&dyn Error| (*error).source());
    let message = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    Spanned::new(BuildErrorKind::HookFailed { hook: failure.hook().to_owned(), message }, Vec::new())
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
