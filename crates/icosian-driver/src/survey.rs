use std::fmt;

use icosian_core::{AdapterSpec, Name, Outline};
use icosian_graph::Graph;

use crate::engine::{ConstantKind, Engine};
use crate::key::Wanted;
use crate::{Refused, bind};

/// A description of a driver for tools that analyze dataflows without executing them.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline, Param};
/// use icosian_driver::Driver;
///
/// let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
/// let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("numbers").with_node(double)).build()?;
///
/// let (survey, names) = (driver.survey(), |names: &[&'static str]| names.iter().map(|it| (*it).into()).collect::<Vec<_>>());
/// assert!(survey.ask(&names(&["double"]), &[], None).is_ok());
/// let lacking = survey.ask(&names(&["double"]), &[], Some(&names(&["singel"]))).unwrap_err();
/// assert_eq!(lacking.to_string(), "input `single` is missing; node `double` asks for it, and 1 more problem");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Survey<'a> {
    engine: &'a Engine,
}

impl<'a> Survey<'a> {
    pub(crate) fn new(engine: &'a Engine) -> Self {
        Self { engine }
    }

    /// Returns the graph of all nodes, after all decorators.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    /// # let driver = icosian_driver::Driver::builder().with_dataflow(flow).build()?;
    /// assert_eq!(driver.survey().graph().nodes().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn graph(&self) -> &'a Graph {
        &self.engine.graph
    }

    /// Returns the capabilities of the adapter.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
    /// # let driver = icosian_driver::Driver::builder().with_dataflow(flow).build()?;
    /// assert_eq!(driver.survey().adapter().name(), "sync");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn adapter(&self) -> &'a AdapterSpec {
        &self.engine.adapter
    }

    /// Returns the names of the config values, sorted.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, config};
    ///
    /// let driver = Driver::builder().with_config(config! { "env": "prod" }).build()?;
    /// assert_eq!(driver.survey().config(), ["env"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn config(&self) -> Vec<&'a Name> {
        self.constants(ConstantKind::Config)
    }

    /// Returns the names of the shared inputs, sorted.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline, Param};
    /// use icosian_driver::{Driver, inputs};
    ///
    /// let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// let flow = Dataflow::new("numbers").with_node(double);
    /// let driver = Driver::builder().with_dataflow(flow).with_shared(inputs! { single: 3_u64 }).build()?;
    /// assert_eq!(driver.survey().shared(), ["single"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn shared(&self) -> Vec<&'a Name> {
        self.constants(ConstantKind::Shared)
    }

    /// Returns whether a dataflow has a private function of this name, which is not a node.
    #[doc(hidden)]
    #[must_use]
    pub fn is_private(&self, name: &str) -> bool {
        self.engine.private.contains(name)
    }

    fn constants(self, kind: ConstantKind) -> Vec<&'a Name> {
        let constants = self.engine.constants.iter().filter(|(_, constant)| constant.kind == kind);
        let mut names: Vec<_> = constants.map(|(name, _)| name).collect();
        names.sort();
        names
    }

    /// Returns the nodes that other nodes or config values replace.
    ///
    /// # Examples
    /// See [`Shadowed`].
    #[must_use]
    pub fn shadowed(&self) -> &'a [Shadowed] {
        &self.engine.shadowed
    }

    /// Validates a request for `outputs` with values for `overrides` and `inputs`. Without `inputs`, missing inputs are no error.
    ///
    /// # Errors
    /// All problems of the request that do not depend on values.
    ///
    /// # Examples
    /// See [`Survey`].
    pub fn ask(&self, outputs: &[Name], overrides: &[Name], inputs: Option<&[Name]>) -> Result<(), Refused> {
        let wanted: Vec<_> =
            outputs.iter().map(|name| Wanted { name: name.clone(), value_type: None }).collect();
        let mut overrides = overrides.to_vec();
        overrides.sort();
        match (self.engine.program(&wanted, &overrides), inputs) {
            (Ok(program), Some(inputs)) => bind::bind_names(self.engine, &program, inputs),
            (Err(mut refused), Some(inputs)) => {
                if let Some(program) = bind::program_of_known(self.engine, &wanted, &overrides) {
                    let lacking = bind::bind_names(self.engine, &program, inputs);
                    refused.extend(lacking.err().into_iter().flatten());
                }
                Err(refused)
            }
            (program, None) => program.map(|_| ()),
        }
    }
}

impl fmt::Debug for Survey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Survey({:?})", self.engine)
    }
}

/// A node that another node or a config value of its name replaces.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, config};
///
/// let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("rate"), |_| Ok(1.5)));
/// let driver = Driver::builder().with_dataflow(flow).with_config(config! { rate: 1.0 }).build()?;
/// let shadowed = &driver.survey().shadowed()[0];
/// assert_eq!((shadowed.node().name().as_str(), shadowed.by().is_none()), ("rate", true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Shadowed {
    pub(crate) node: Outline,
    pub(crate) by: Option<Outline>,
}

impl Shadowed {
    /// Returns the replaced node.
    ///
    /// # Examples
    /// See [`Shadowed`].
    #[must_use]
    pub fn node(&self) -> &Outline {
        &self.node
    }

    /// Returns the node of a later dataflow that replaces it; none for a config value.
    ///
    /// # Examples
    /// See [`Shadowed`].
    #[must_use]
    pub fn by(&self) -> Option<&Outline> {
        self.by.as_ref()
    }
}
