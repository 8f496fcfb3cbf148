use std::cell::OnceCell;

use icosian_adapter::Program;
use icosian_core::{Access, Name, Outline, Output, Param, ValueType, literal_hint};
use icosian_diagnostics::{Label, Spanned, nearest};
use icosian_graph::PlanInput;
use rustc_hash::FxHashMap;

use crate::constant::ConstantKind;
use crate::engine::Engine;
use crate::inputs::InputRole;
use crate::plan_key::RequestedOutput;
use crate::problem::{Meant, Problem, Refused};

/// Collects the errors of the inputs of one request.
pub(crate) struct InputChecker<'a> {
    engine: &'a Engine,
    program: &'a Program,
    pub(crate) refused: Refused,
    /// The names of inputs that no node reads.
    unread: Vec<Name>,
    /// The readers of each input, collected once, for the first problem.
    readers: OnceCell<Vec<Vec<Reader<'a>>>>,
}

/// A node that reads an input, and the parameter by which it does.
type Reader<'a> = (&'a Outline, &'a Param);

impl<'a> InputChecker<'a> {
    pub(crate) fn new(engine: &'a Engine, program: &'a Program) -> Self {
        Self { engine, program, refused: Refused::default(), unread: Vec::new(), readers: OnceCell::new() }
    }

    /// Refuses inputs whose names are constants or nodes, and collects the inputs that no node reads.
    pub(crate) fn find_unread<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>) {
        let shape = self.engine.graph.shape();
        for name in names {
            let input = name.clone();
            let problem = if let Some(constant) = self.engine.constants.get(name) {
                let problem = match constant.kind {
                    ConstantKind::Config => Problem::InputIsConfig { kind: "input", input },
                    ConstantKind::Shared => Problem::InputIsShared { input },
                };
                Spanned::new(problem, Vec::new())
            } else if shape.is_node(name) {
                let marks = self.engine.mark(name, "this node");
                Spanned::new(Problem::InputIsNode { kind: "input", input }, marks)
            } else {
                self.unread.extend((!shape.is_input(name)).then_some(input));
                continue;
            };
            self.refused.push(problem);
        }
    }

    /// Refuses inputs that no node reads. It runs last, because a misspelt input is also reported as missing.
    pub(crate) fn report_unread(&mut self) {
        let shape = self.engine.graph.shape();
        for input in std::mem::take(&mut self.unread) {
            let nearest = if self.suggests() { nearest(&input, shape.inputs()) } else { None };
            let nearest = nearest.map(|near| near.to_owned().into());
            let problem = Problem::UnknownInput { kind: "input", input, nearest };
            self.refused.push(Spanned::new(problem, Vec::new()));
        }
    }

    /// Returns whether the next problem has a suggestion. A search compares all names, so only the first problems do.
    fn suggests(&self) -> bool {
        self.refused.iter().len() < SUGGESTED
    }

    /// Reports a required input without a value.
    pub(crate) fn report_missing(&mut self, input: &PlanInput) {
        let problem = self.missing(input);
        self.refused.push(problem);
    }

    fn missing(&self, input: &PlanInput) -> Spanned<Problem> {
        let readers: Vec<_> = self.readers(input).filter(|(_, param)| !param.is_optional()).collect();
        let problem = Problem::MissingInput {
            input: input.name().clone(),
            readers: readers.iter().map(|(outline, _)| outline.name().clone()).collect(),
            wanted: input.accepted().and_then(<[_]>::first).copied(),
            can_be_shared: !readers.is_empty()
                && readers.iter().all(|(_, param)| param.access() == Access::Borrow),
            meant: self.suggests().then(|| self.meant(input)).flatten(),
        };
        let marks = match &problem {
            Problem::MissingInput { meant: Some(Meant::Node(node)), .. } => {
                [marks(&readers), self.engine.mark(node, "this node has a similar name")].concat()
            }
            _ => marks(&readers),
        };
        Spanned::new(problem, marks)
    }

    /// Returns the name that a missing input most likely should have had.
    fn meant(&self, input: &PlanInput) -> Option<Meant> {
        let graph = &self.engine.graph;
        let unread = |name: &&Name| graph.shape().downstream(name).len() == 0;
        let unread = self.engine.constants.keys().filter(unread);
        let unread = self.unread.iter().chain(unread).map(Name::as_str);
        if let Some(near) = nearest(input.name(), unread) {
            return Some(Meant::Input(near.to_owned().into()));
        }
        if self.engine.private.contains(input.name().as_str()) {
            return Some(Meant::Private);
        }
        let fits = |name: &&str| {
            let node = graph.node(name).map(|node| graph.outline(node).given().value_type());
            node.is_some_and(|given| input.accepts(&given))
        };
        let near = nearest(input.name(), graph.shape().nodes().filter(fits))?;
        Some(Meant::Node(near.to_owned().into()))
    }

    pub(crate) fn check_type(
        &mut self,
        role: InputRole,
        input: &PlanInput,
        given: ValueType,
        typed: &[(&Name, ValueType)],
    ) {
        let kind = match role {
            InputRole::Input => "input",
            InputRole::Override => "override",
        };
        let problem =
            |wanted, help| Problem::WrongInputType { kind, name: input.name().clone(), given, wanted, help };
        if !input.accepts(&given) {
            let readers: Vec<_> =
                self.readers(input).filter(|(_, param)| param.way_from(&given).is_none()).collect();
            let asked = asked_by(&readers);
            let usual = input.accepted().and_then(<[_]>::first);
            let usual = usual.map_or_else(String::new, |usual| {
                let hint = literal_hint(given, &usual.to_string());
                let hint = hint.map_or_else(String::new, |hint| format!(" ({hint})"));
                format!("pass a value of type `{usual}`{hint}")
            });
            self.refused.push(Spanned::new(problem(asked, usual), marks(&readers)));
        }
        let differs = |(name, wanted): &&(&Name, ValueType)| *name == input.name() && *wanted != given;
        if let Some((_, wanted)) = typed.iter().find(differs) {
            let asked = format!("it is an output of type `{wanted}`");
            let usual = format!("pass a value of type `{wanted}`, or request `{}` by name", input.name());
            let marks = self.engine.mark(input.name(), format!("gives `{wanted}`"));
            self.refused.push(Spanned::new(problem(asked, usual), marks));
        }
    }

    /// Returns the description of an input that is also an output; an override has the description of its node.
    pub(crate) fn describe(&self, input: &PlanInput, output: Output) -> Output {
        let known = self.engine.output(input.name());
        known.filter(|known| known.value_type() == output.value_type()).cloned().unwrap_or(output)
    }

    /// Refuses inputs that are requested twice and are not `Clone`. Planning refuses such nodes and constants.
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
                let problem = Problem::AskedTwice { output: name.clone(), value_type: output.value_type() };
                self.refused.push(Spanned::new(problem, Vec::new()));
            }
        }
    }

    fn readers(&self, input: &PlanInput) -> impl Iterator<Item = Reader<'a>> + '_ {
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

/// The number of problems of one execution that come with a suggestion.
const SUGGESTED: usize = 20;

/// Names the first readers and the types of their parameters.
fn asked_by(readers: &[Reader<'_>]) -> String {
    const NAMED: usize = 4;
    let asked = readers
        .iter()
        .take(NAMED)
        .map(|(outline, param)| format!("node `{}` asks for `{}`", outline.name(), param.written_type()));
    let asked = asked.collect::<Vec<_>>().join(", ");
    match readers.len().checked_sub(NAMED) {
        None | Some(0) => asked,
        Some(more) => format!("{asked} (and {more} more ask)"),
    }
}

/// The number of locations in the report of one problem.
const MARKS_SHOWN: usize = 8;

fn marks(readers: &[(&Outline, &Param)]) -> Vec<Label> {
    let placed = readers.iter().filter_map(|(outline, param)| {
        let label = format!("`{}` asks for `{}` here", outline.name(), param.written_type());
        Some(Label::new(param.location()?, label))
    });
    placed.take(MARKS_SHOWN).collect()
}
