use icosian_core::node::Role;
use icosian_core::{Dataflow, Name, Outline};
use icosian_diagnostics::Location;
use icosian_driver::Preflight;
use rustc_hash::FxHashSet;

/// The declared outputs of a driver's dataflows. Other dataflows declare none, so each of their nodes may be requested.
#[derive(Clone, Default)]
pub(crate) struct DeclaredOutputs {
    outputs: Vec<Name>,
    /// The functions of the dataflows that declare outputs.
    functions: FxHashSet<Location>,
}

impl DeclaredOutputs {
    pub(crate) fn add(&mut self, dataflow: &Dataflow) {
        let outputs = dataflow.declared_outputs();
        if !outputs.is_empty() {
            self.outputs.extend(outputs.iter().map(|name| Name::new(name)));
            self.functions.extend(dataflow.nodes().filter_map(|node| node.outline().location()));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }

    /// Returns whether `node` is of a dataflow that declares outputs.
    pub(crate) fn covers(&self, node: &Outline) -> bool {
        node.location().is_some_and(|location| self.functions.contains(&location))
    }

    /// Returns the declared outputs that are nodes. Config may remove some.
    pub(crate) fn nodes(&self, preflight: Preflight<'_>) -> Vec<Name> {
        let shape = preflight.graph().shape();
        self.outputs.iter().filter(|name| shape.is_node(name)).cloned().collect()
    }

    /// Returns all nodes that may be requested.
    pub(crate) fn requestable(&self, preflight: Preflight<'_>) -> Vec<Name> {
        let graph = preflight.graph();
        let functions =
            graph.nodes().map(|node| graph.outline(node)).filter(|node| node.role() == Role::Function);
        let others = functions.filter(|node| !self.covers(node)).map(|node| node.name().clone());
        self.nodes(preflight).into_iter().chain(others).collect()
    }
}
