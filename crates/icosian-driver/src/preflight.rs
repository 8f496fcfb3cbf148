use std::fmt;

use icosian_core::{AdapterSpec, Name};
use icosian_graph::Graph;
use icosian_schema::graph::{GraphDescription, NodeKind};

use crate::bind;
use crate::engine::Engine;
use crate::plan_key::RequestedOutput;
use crate::request_error::RequestError;
use crate::shadowed::Shadowed;
use crate::shared_value::SharedValueKind;

/// A view of a driver for tools that validate requests and analyze dataflows without executing them.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Name, Node, Outline, Param};
/// use icosian_driver::Driver;
///
/// let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
/// let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("numbers").with_node(double)).build()?;
///
/// let preflight = driver.preflight();
/// assert_eq!((preflight.adapter().name(), preflight.graph().nodes().len()), ("sync", 1));
/// let outputs = [Name::new("double")];
/// assert!(preflight.check_request(&outputs, &[], None).is_ok());
/// let refused = preflight.check_request(&outputs, &[], Some(&[Name::new("singel")])).unwrap_err();
/// let messages: Vec<_> = refused.iter().map(ToString::to_string).collect();
/// assert_eq!(messages, ["input `single` is missing; node `double` reads it", "no node reads input `singel`"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Preflight<'a> {
    engine: &'a Engine,
}

impl<'a> Preflight<'a> {
    pub(crate) fn new(engine: &'a Engine) -> Self {
        Self { engine }
    }

    /// Returns the graph of all nodes, after all decorators.
    #[must_use]
    pub fn graph(&self) -> &'a Graph {
        &self.engine.graph
    }

    /// Returns the capabilities of the adapter.
    #[must_use]
    pub fn adapter(&self) -> &'a AdapterSpec {
        &self.engine.adapter
    }

    /// Returns the names of the config values, sorted.
    #[must_use]
    pub fn config(&self) -> Vec<&'a Name> {
        self.constants(SharedValueKind::Config)
    }

    /// Returns the names of the shared inputs, sorted.
    #[must_use]
    pub fn shared(&self) -> Vec<&'a Name> {
        self.constants(SharedValueKind::Shared)
    }

    /// Returns whether a dataflow has a private function of this name, which is not a node.
    #[doc(hidden)]
    #[must_use]
    pub fn is_private(&self, name: &str) -> bool {
        self.engine.private.contains(name)
    }

    fn constants(self, kind: SharedValueKind) -> Vec<&'a Name> {
        let constants = self.engine.constants.iter().filter(|(_, constant)| constant.kind == kind);
        let mut names: Vec<_> = constants.map(|(name, _)| name).collect();
        names.sort();
        names
    }

    /// Returns the nodes that other nodes or config values replace.
    #[must_use]
    pub fn shadowed(&self) -> &'a [Shadowed] {
        &self.engine.shadowed
    }

    /// Returns a description of the graph that marks config values and shared inputs, for pictures and tools.
    #[must_use]
    pub fn describe(&self) -> GraphDescription {
        let mut graph = self.engine.graph.describe();
        for node in graph.nodes.iter_mut().filter(|node| node.kind == NodeKind::Input) {
            if let Some(constant) = self.engine.constants.get(node.name.as_str()) {
                node.output = Some(constant.output.value_type().to_string());
                node.kind = match constant.kind {
                    SharedValueKind::Config => NodeKind::Config,
                    SharedValueKind::Shared => NodeKind::Shared,
                };
            }
        }
        graph
    }

    /// Validates a request for `outputs` with values for `overrides` and `inputs`.
    ///
    /// Without `inputs`, missing inputs are not reported.
    ///
    /// # Errors
    /// All errors of the request that do not depend on values.
    pub fn check_request(
        &self,
        outputs: &[Name],
        overrides: &[Name],
        inputs: Option<&[Name]>,
    ) -> Result<(), RequestError> {
        let output = |name: &Name| RequestedOutput { name: name.clone(), value_type: None };
        let outputs: Vec<_> = outputs.iter().map(output).collect();
        let mut overrides = overrides.to_vec();
        overrides.sort();
        match (self.engine.plan(&outputs, &overrides), inputs) {
            (Ok(program), Some(inputs)) => bind::check_names(self.engine, &program, inputs),
            (Err(mut errors), Some(inputs)) => {
                if let Some(program) = self.engine.plan_known(&outputs, &overrides) {
                    let of_inputs = bind::check_names(self.engine, &program, inputs);
                    errors.extend(of_inputs.err().into_iter().flatten());
                }
                Err(errors)
            }
            (program, None) => program.map(|_| ()),
        }
    }
}

impl fmt::Debug for Preflight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Preflight({:?})", self.engine)
    }
}
