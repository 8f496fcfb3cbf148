use syn::{Ident, Path};

use super::{HiddenReads, NodeReads, Read, Reader, functions, own_params};
use crate::connection::{CallCondition, Connection, DecoratorCall};
use crate::decorator::argument::Dotted;
use crate::decorator::bound_param::BoundParam;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};

/// The reads of the nodes of one function, as its decorators connect them.
///
/// Decorators apply in the order of their phases, as in the driver, each through
/// [`Decorates::connections`](crate::model::Decorates::connections).
pub(crate) struct FunctionReads<'a> {
    pub(crate) function: &'a NodeSource,
    flow: &'a DataflowSource,
    pub(crate) nodes: Vec<NodeReads<'a>>,
    /// The names of further nodes that decorators add, if they are no extensions of the node's name.
    pub(crate) added: Vec<String>,
    /// The namespaces of further nodes that decorators add.
    pub(crate) namespaces: Vec<String>,
}

impl<'a> FunctionReads<'a> {
    /// Returns the reads of the nodes of a function of `flow`.
    pub(crate) fn of(function: &'a NodeSource, known: &KnownNodes, flow: &'a DataflowSource) -> Self {
        let nodes = vec![NodeReads::of(function)];
        let mut found = Self { function, flow, nodes, added: Vec::new(), namespaces: Vec::new() };
        let mut order: Vec<usize> = (0..function.decorators.len()).collect();
        order.sort_by_key(|position| function.decorators[*position].row.phase());
        for position in order {
            let source = &function.decorators[position];
            if source.row.is_deferred() {
                found.hide(&source.ident);
            }
            for connection in source.decorator.connections(function, &known.sinks_at[position]) {
                found.connect(connection, &source.ident);
            }
        }
        found.attach(known);
        found
    }

    /// Applies a change that `decorator` makes.
    fn connect(&mut self, connection: Connection<'a>, decorator: &'a Ident) {
        match connection {
            Connection::Rename(name) => {
                self.nodes.iter_mut().for_each(|node| node.name.clone_from(&name));
            }
            Connection::Remove => self.nodes.clear(),
            Connection::Bind(bound) => {
                let function = self.function;
                self.nodes.iter_mut().for_each(|node| node.bind(bound, function));
            }
            Connection::Split(nodes) => self.split(nodes),
            Connection::AddParts { whole, parts } => self.add_parts(&whole, parts),
            Connection::ReplaceBody { other, mapped } => self.replace_body(other, &mapped, decorator),
            Connection::FallBack(other) => self.fall_back(other, decorator),
            Connection::PipeInto { on, calls } => self.pipe_into(&on, &calls, decorator),
            Connection::PipeOutOf { outputs, call } => {
                let step = self.call(&call, decorator);
                self.add_to(&outputs, &step);
            }
            Connection::Include { external, bound } => {
                self.nodes.iter_mut().for_each(|node| node.include(external, &bound));
                self.hide(decorator);
            }
            Connection::IncludeSeveral(nodes) => self.include_several(nodes, decorator),
            Connection::AddNode(name) => {
                let numbered = (1..).map(|number| format!("{name}_{number}"));
                let mut names = std::iter::once(name.clone()).chain(numbered);
                self.added.extend(names.find(|name| !self.added.contains(name)));
            }
            Connection::AddNamespace(name) => self.namespaces.push(name),
        }
    }

    /// Adds the steps that other functions attach to the outputs.
    fn attach(&mut self, known: &KnownNodes) {
        let variant = known.variant_of.as_ref().map(ToString::to_string);
        for mutator in &self.flow.nodes {
            let is_variant = mutator.decorators.iter().any(|it| it.decorator.variant_of(mutator).is_some());
            for source in &mutator.decorators {
                for sent in source.decorator.targets().into_iter().flatten() {
                    let target = &sent.function.name;
                    if *target != self.function.name && Some(target) != variant.as_ref() {
                        continue;
                    }
                    let outputs: Vec<String> = if sent.outputs.is_empty() {
                        known.sinks().into_iter().map(|at| known.nodes[at].name.clone()).collect()
                    } else {
                        sent.outputs.iter().map(|output| output.name.clone()).collect()
                    };
                    let is_conditional = sent.is_conditional || is_variant;
                    let condition =
                        if is_conditional { CallCondition::ByConfig } else { CallCondition::Always };
                    let step = self.called(mutator, &sent.bound, condition);
                    self.add_to(&outputs, &step);
                }
            }
        }
    }

    /// Records that a decorator has reads that the source code does not show.
    fn hide(&mut self, decorator: &'a Ident) {
        let hidden = HiddenReads { function: self.function, decorator };
        self.nodes.iter_mut().filter(|node| !node.is_part).for_each(|node| node.hidden.push(hidden));
    }

    fn split(&mut self, nodes: Vec<(String, &'a [BoundParam])>) {
        let Some(own) = self.nodes.pop() else { return };
        for (name, bound) in nodes {
            let mut node = NodeReads { name, ..own.clone() };
            node.bind(bound, self.function);
            self.nodes.push(node);
        }
    }

    fn add_parts(&mut self, whole: &str, parts: Vec<String>) {
        let hidden = Vec::new();
        let part = NodeReads {
            name: String::new(),
            reads: vec![Read::unknown(whole)],
            hidden,
            piped: Vec::new(),
            is_part: true,
        };
        self.nodes.extend(parts.into_iter().map(|name| NodeReads { name, ..part.clone() }));
    }

    fn replace_body(&mut self, other: &'a Path, mapped: &[(String, String)], decorator: &'a Ident) {
        let others = functions(self.flow, other);
        if others.is_empty() {
            return self.hide(decorator);
        }
        let mut reads = Vec::new();
        for param in others.into_iter().flat_map(|other| own_params(other).map(move |param| (other, param))) {
            let (other, param) = param;
            let own = mapped.iter().find(|(theirs, _)| *theirs == param.name);
            let own = own.map_or(&param.name, |(_, own)| own);
            let head = self.function.params.iter().find(|head| head.name == *own);
            let is_optional = head.unwrap_or(param).is_optional();
            let reader = Some(Reader { is_optional, ..Reader::new(other, param) });
            reads.push(Read { reader, param: Some(own.clone()), ..Read::unknown(own) });
        }
        self.nodes.iter_mut().for_each(|node| node.reads.clone_from(&reads));
    }

    fn fall_back(&mut self, other: &'a Path, decorator: &'a Ident) {
        let others = functions(self.flow, other);
        if others.is_empty() {
            return self.hide(decorator);
        }
        for node in self.nodes.iter_mut().filter(|node| !node.is_part) {
            for other in &others {
                node.fall_back(self.function, other);
            }
        }
    }

    fn pipe_into(&mut self, on: &[&'a str], calls: &[DecoratorCall<'a>], decorator: &'a Ident) {
        let first = own_params(self.function).next().map(|param| param.name.as_str());
        let piped: Vec<&'a str> = if on.is_empty() { first.into_iter().collect() } else { on.to_vec() };
        let is_always = calls.iter().any(|call| call.condition == CallCondition::Always);
        let condition = if is_always { CallCondition::Always } else { CallCondition::ByConfig };
        for param in piped {
            let first = self.first_steps(param, calls);
            self.nodes.iter_mut().for_each(|node| node.pipe(param, &first, condition));
        }
        let steps: Vec<_> = calls.iter().map(|call| self.call(call, decorator)).collect();
        for node in &mut self.nodes {
            for step in &steps {
                node.extend(step);
            }
        }
    }

    /// Returns the parameters that may be the first to read the source of the parameter `piped`. They belong to the steps up to the first
    /// unconditional one.
    fn first_steps(&self, piped: &str, calls: &[DecoratorCall<'a>]) -> Vec<Reader<'a>> {
        let head = self.function.params.iter().find(|own| own.name == piped);
        let is_optional = head.is_some_and(super::super::model::ParamSource::is_optional);
        let mut found = Vec::new();
        for call in calls {
            let known = functions(self.flow, call.function);
            // The type of the parameter is the best guess at that of an unknown function.
            let guess = head.filter(|_| known.is_empty()).map(|head| Reader::new(self.function, head));
            let first = |function| own_params(function).next().map(|param| Reader::new(function, param));
            let readers = known.into_iter().filter_map(first).chain(guess);
            found.extend(
                readers.map(|reader| Reader { is_optional: is_optional || reader.is_optional, ..reader }),
            );
            if call.condition == CallCondition::Always {
                break;
            }
        }
        found
    }

    /// Replaces the node by one for each dataflow that is included.
    fn include_several(&mut self, nodes: Vec<(String, &'a [Dotted], Vec<&'a str>)>, decorator: &'a Ident) {
        let Some(own) = self.nodes.pop() else { return };
        for (name, external, bound) in nodes {
            let mut node = NodeReads { name, ..own.clone() };
            node.include(external, &bound);
            self.nodes.push(node);
        }
        self.hide(decorator);
    }

    fn add_to(&mut self, outputs: &[String], step: &NodeReads<'a>) {
        let nodes = self.nodes.iter_mut().filter(|node| outputs.contains(&node.name));
        nodes.for_each(|node| node.extend(step));
    }

    /// Returns the reads that a call adds to a node.
    fn call(&self, call: &DecoratorCall<'a>, decorator: &'a Ident) -> NodeReads<'a> {
        let mut step = NodeReads::nothing();
        let called = functions(self.flow, call.function);
        if called.is_empty() {
            step.hidden.push(HiddenReads { function: self.function, decorator });
        }
        for function in called {
            step.extend(&self.called(function, &call.bound, call.condition));
        }
        step
    }

    /// Returns what `function` adds to a node if a decorator calls it.
    fn called(
        &self,
        function: &'a NodeSource,
        bound: &[&'a BoundParam],
        condition: CallCondition,
    ) -> NodeReads<'a> {
        let mut step = NodeReads::of(function);
        if let Some(first) = own_params(function).next() {
            step.reads.retain(|read| !read.is_through(&first.name));
            step.piped.push(&first.name);
        }
        step.bind(bound.iter().copied(), function);
        for source in &function.decorators {
            if source.row.is_deferred() {
                step.hidden.push(HiddenReads { function, decorator: &source.ident });
            }
            let Some(path) = source.decorator.stand_in() else { continue };
            let others = functions(self.flow, path);
            if others.is_empty() {
                step.hidden.push(HiddenReads { function, decorator: &source.ident });
            }
            for other in others {
                step.fall_back(function, other);
            }
        }
        for read in &mut step.reads {
            read.is_always &= condition == CallCondition::Always;
            read.param = None;
        }
        step
    }
}
