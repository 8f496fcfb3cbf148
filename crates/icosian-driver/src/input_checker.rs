use std::cell::OnceCell;

use icosian_adapter::Program;
use icosian_core::node::Access;
use icosian_core::value::ValueType;
use icosian_core::{Name, Outline, Output, Param};
use icosian_diagnostics::{Label, Spanned, nearest};
use icosian_graph::PlanInput;
use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::inputs::InputRole;
use crate::plan_key::RequestedOutput;
use crate::request_error::{LikelyCause, RequestError, RequestErrorKind};
use crate::shared_value::SharedValueKind;

/// Collects the errors of the inputs of one request.
pub(crate) struct InputChecker<'a> {
    engine: &'a Engine,
    program: &'a Program,
    pub(crate) errors: RequestError,
    /// The names of inputs that no node reads.
    unread: Vec<Name>,
    /// The readers of each input, collected once, for the first error.
    readers: OnceCell<Vec<Vec<ParamReader<'a>>>>,
}

/// A node that reads an input, and the parameter.
type ParamReader<'a> = (&'a Outline, &'a Param);

impl<'a> InputChecker<'a> {
    pub(crate) fn new(engine: &'a Engine, program: &'a Program) -> Self {
        Self {
            engine,
            program,
            errors: RequestError::default(),
            unread: Vec::new(),
            readers: OnceCell::new(),
        }
    }

    /// Reports an error without a location.
    pub(crate) fn report(&mut self, kind: RequestErrorKind) {
        self.errors.push(Spanned::new(kind, Vec::new()));
    }

    /// Refuses inputs whose names are constants or nodes, and collects the inputs that no node reads.
    pub(crate) fn find_unread<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>) {
        let shape = self.engine.graph.shape();
        for name in names {
            let constant = self.engine.constants.get(name).map(|constant| constant.kind);
            let name = name.clone();
            match constant {
                Some(SharedValueKind::Config) => self.report(RequestErrorKind::InputIsConfig { name }),
                Some(SharedValueKind::Shared) => self.report(RequestErrorKind::InputIsShared { name }),
                None if shape.is_node(&name) => {
                    let marks = self.engine.mark(&name, "this node");
                    self.errors.push(Spanned::new(RequestErrorKind::InputIsNode { name }, marks));
                }
                None if shape.is_input(&name) => {}
                None => self.unread.push(name),
            }
        }
    }

    /// Refuses inputs that no node reads. It runs last, because a misspelt input is also reported as missing.
    pub(crate) fn report_unread(&mut self) {
        let shape = self.engine.graph.shape();
        for name in std::mem::take(&mut self.unread) {
            let nearest = if self.suggests() { nearest(&name, shape.inputs()) } else { None };
            let nearest = nearest.map(|near| near.to_owned().into());
            self.report(RequestErrorKind::UnreadInput { name, nearest });
        }
    }

    /// Returns whether the next error has a suggestion. A search compares all names, so only the first errors do.
    fn suggests(&self) -> bool {
        self.errors.iter().len() < MAX_SUGGESTIONS
    }

    /// Reports a required input without a value.
    pub(crate) fn report_missing(&mut self, input: &PlanInput) {
        let readers: Vec<_> = self.readers(input).filter(|(_, param)| !param.is_optional()).collect();
        let likely_cause = if self.suggests() { self.find_cause(input) } else { None };
        let mut marks = mark_readers(&readers);
        if let Some(LikelyCause::MisspeltParam(node)) = &likely_cause {
            marks.extend(self.engine.mark(node, "this node has a similar name"));
        }
        let kind = RequestErrorKind::MissingInput {
            name: input.name().clone(),
            readers: readers.iter().map(|(outline, _)| outline.name().clone()).collect(),
            expected: input.accepted().and_then(<[_]>::first).copied(),
            can_be_shared: !readers.is_empty()
                && readers.iter().all(|(_, param)| param.access() == Access::Borrow),
            likely_cause,
        };
        self.errors.push(Spanned::new(kind, marks));
    }

    /// Returns the most likely cause of a missing input.
    fn find_cause(&self, input: &PlanInput) -> Option<LikelyCause> {
        let graph = &self.engine.graph;
        let unread = |name: &&Name| graph.shape().downstream(name).len() == 0;
        let unread = self.engine.constants.keys().filter(unread);
        let unread = self.unread.iter().chain(unread).map(Name::as_str);
        if let Some(near) = nearest(input.name(), unread) {
            return Some(LikelyCause::MisspeltInput(near.to_owned().into()));
        }
        if self.engine.private.contains(input.name().as_str()) {
            return Some(LikelyCause::PrivateFunction);
        }
        let fits = |name: &&str| {
            let node = graph.node(name).map(|node| graph.outline(node).output().value_type());
            node.is_some_and(|given| input.accepts(&given))
        };
        let near = nearest(input.name(), graph.shape().nodes().filter(fits))?;
        Some(LikelyCause::MisspeltParam(near.to_owned().into()))
    }

    /// Compares the type of a value with its readers and with the requested type. `typed` are the outputs with types.
    pub(crate) fn check_type(
        &mut self,
        role: InputRole,
        input: &PlanInput,
        given: ValueType,
        typed: &[(&Name, ValueType)],
    ) {
        if !input.accepts(&given) {
            let readers: Vec<_> =
                self.readers(input).filter(|(_, param)| param.way_from(&given).is_none()).collect();
            let kind = RequestErrorKind::WrongInputType {
                role,
                name: input.name().clone(),
                given,
                expected: input.accepted().and_then(<[_]>::first).copied(),
                readers: readers
                    .iter()
                    .map(|(outline, param)| (outline.name().clone(), param.written_type()))
                    .collect(),
            };
            self.errors.push(Spanned::new(kind, mark_readers(&readers)));
        }
        let differs = |(name, expected): &&(&Name, ValueType)| *name == input.name() && *expected != given;
        if let Some((name, expected)) = typed.iter().find(differs) {
            let marks = self.engine.mark(name, format!("returns `{expected}`"));
            let (name, expected) = ((*name).clone(), *expected);
            self.errors.push(Spanned::new(
                RequestErrorKind::WrongReturnedType { role, name, given, expected },
                marks,
            ));
        }
    }

    /// Returns the description of an input that is also an output; an override has the description of its node.
    pub(crate) fn describe(&self, input: &PlanInput, output: Output) -> Output {
        let known = self.engine.output(input.name());
        known
            .filter(|known| known.value_type() == output.value_type())
            .map_or(output, std::borrow::Cow::into_owned)
    }

    /// Refuses inputs that are requested twice and are not `Clone`. Planning refuses nodes and constants of this kind.
    pub(crate) fn check_repeated_outputs(
        &mut self,
        requested: &[RequestedOutput],
        outputs: &[Option<Output>],
    ) {
        let mut times: FxHashMap<&Name, usize> = FxHashMap::default();
        for (RequestedOutput { name, .. }, output) in requested.iter().zip(outputs) {
            let Some(output) = output.as_ref().filter(|_| self.engine.output(name).is_none()) else {
                continue;
            };
            let seen = times.entry(name).or_default();
            *seen += 1;
            if *seen == 2 && !output.is_cloneable() {
                let (name, value_type) = (name.clone(), output.value_type());
                self.report(RequestErrorKind::RepeatedOutput { name, value_type });
            }
        }
    }

    fn readers(&self, input: &PlanInput) -> impl Iterator<Item = ParamReader<'a>> + '_ {
        let plan = self.program.plan();
        let steps = plan.steps().len();
        let readers = self.readers.get_or_init(|| {
            let mut readers = vec![Vec::new(); plan.inputs().len()];
            for step in plan.steps() {
                let outline = self.program.outline(step);
                for (port, param) in plan.ports(step).iter().zip(outline.params()) {
                    // Constants of bound parameters come after the inputs.
                    let input = (port.cell as usize).checked_sub(steps);
                    if let Some(readers) = input.and_then(|input| readers.get_mut(input)) {
                        readers.push((outline, param));
                    }
                }
            }
            readers
        });
        readers[input.cell() - steps].iter().copied()
    }
}

/// The maximum number of errors of a request that have a suggestion.
const MAX_SUGGESTIONS: usize = 20;

/// The maximum number of locations of one error.
const MAX_MARKS: usize = 8;

fn mark_readers(readers: &[(&Outline, &Param)]) -> Vec<Label> {
    let placed = readers.iter().filter_map(|(outline, param)| {
        let label = format!("`{}` expects `{}`", outline.name(), param.written_type());
        Some(Label::new(param.location()?, label))
    });
    placed.take(MAX_MARKS).collect()
}
