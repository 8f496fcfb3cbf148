use std::cell::OnceCell;
use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::{Access, Name, Outline, Output, Param, RunContext, ValueType, literal_hint};
use icosian_diagnostics::{Label, Spanned, nearest};
use icosian_graph::PlanInput;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::{ConstantKind, Engine};
use crate::inputs::{ByName, Input, Kind, Places};
use crate::key::{Key, Wanted};
use crate::{Inputs, Meant, Problem, Refused};

/// The inputs of one execution, by cell.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    pub(crate) fills: Vec<(usize, Kind)>,
    /// The descriptions of inputs that are also outputs, by the positions of the outputs; empty if there are none.
    pub(crate) outputs: Vec<Option<Output>>,
    pub(crate) context: Option<RunContext>,
}

/// Returns the program of `key`, which identifies `wanted`, and the inputs by cell.
///
/// If `wanted` cannot be planned, the error also has the problems of the inputs and of the outputs that can be planned.
pub(crate) fn planned(
    engine: &Engine,
    key: Key,
    wanted: impl Fn() -> Vec<Wanted>,
    inputs: Inputs,
) -> Result<(Arc<Program>, Bound), Refused> {
    let program = match engine.programs.get(&key) {
        Some(program) => program,
        None => match engine.program(&wanted(), key.overrides()) {
            Ok(program) => engine.programs.keep(key, program),
            Err(refused) => return Err(all_refused(engine, refused, &wanted(), inputs)),
        },
    };
    let bound = bind(engine, &program, &wanted, inputs)?;
    Ok((program, bound))
}

/// Adds the problems of `inputs` for the known outputs to `refused`.
fn all_refused(engine: &Engine, mut refused: Refused, wanted: &[Wanted], mut inputs: Inputs) -> Refused {
    let shape = engine.graph.shape();
    inputs.overrides.retain(|name| shape.is_node(name) || engine.constants.contains_key(name));
    let overrides: Vec<_> = inputs.overrides.iter().map(|(name, _)| name.clone()).collect();
    if let Some(program) = program_of_known(engine, wanted, &overrides) {
        let known = |name: &Name| shape.is_node(name) || shape.is_input(name);
        let known = || wanted.iter().filter(|wanted| known(&wanted.name)).cloned().collect();
        refused.extend(bind(engine, &program, known, inputs).err().into_iter().flatten());
    }
    refused
}

/// Returns the program of the known outputs and overrides, if it can be planned.
pub(crate) fn program_of_known(engine: &Engine, wanted: &[Wanted], overrides: &[Name]) -> Option<Program> {
    let shape = engine.graph.shape();
    let known = |name: &&Name| shape.is_node(name) || shape.is_input(name);
    let names = wanted.iter().map(|wanted| &wanted.name).filter(known);
    let overrides = overrides.iter().filter(|name| shape.is_node(name));
    let plan = engine.graph.plan_overriding(names, overrides).ok()?;
    Some(Program::from_plan(Arc::clone(&engine.graph), plan, &engine.bodies))
}

/// Reports all missing and unknown inputs of an execution whose inputs have these names.
pub(crate) fn bind_names(engine: &Engine, program: &Program, names: &[Name]) -> Result<(), Refused> {
    let mut binder = Binder::new(engine, program);
    binder.find_unknown(names);
    let given: FxHashSet<_> = names.iter().collect();
    let is_there = |name: &Name| given.contains(name) || engine.constants.contains_key(name);
    for input in program.plan().inputs() {
        let is_given = input.is_override() || *input.name() == RunContext::INPUT;
        if input.is_required() && !is_given && !is_there(input.name()) {
            let problem = binder.missing(input);
            binder.refused.push(problem);
        }
    }
    binder.tell_unknown();
    binder.refused.none_or(())
}

/// Finds a value for every input of `program`, and reports all missing, mistyped and unknown inputs.
pub(crate) fn bind(
    engine: &Engine,
    program: &Program,
    wanted: impl Fn() -> Vec<Wanted>,
    inputs: Inputs,
) -> Result<Bound, Refused> {
    let plan = program.plan();
    let mut binder = Binder::new(engine, program);
    let mut bound = Bound {
        fills: Vec::with_capacity(plan.inputs().len()),
        outputs: Vec::new(),
        context: inputs.context,
    };
    let mut values = Given::new(inputs.values);
    let mut overrides = Given::new(inputs.overrides);
    binder.find_unknown(values.iter().map(|(name, _)| name));
    let wanted_inputs = plan.wanted().iter().any(|cell| *cell as usize >= plan.steps().len());
    let wanted = if wanted_inputs { wanted() } else { Vec::new() };
    let typed: Vec<_> = wanted.iter().filter_map(|wanted| Some((&wanted.name, wanted.value_type?))).collect();
    let mut outputs: FxHashMap<usize, Output> = FxHashMap::default();
    // The adapter fills the run's context.
    for input in plan.inputs().iter().filter(|input| *input.name() != RunContext::INPUT) {
        let constant = engine.constants.get(input.name());
        let is_overridden = input.is_override() || constant.is_some();
        let given = if is_overridden { &mut overrides } else { &mut values };
        let kind = if is_overridden { "override" } else { "input" };
        let (kind, output, filling) = match (given.take(input.name()), constant) {
            (Some(given), _) => {
                let Input { output, kind: filling, .. } =
                    given.read_as(|value_type| input.accepts(value_type));
                (kind, output, filling)
            }
            (None, Some(constant)) => {
                (constant.kind.as_str(), constant.output.clone(), Kind::Ready(constant.cell()))
            }
            (None, None) => {
                if input.is_required() {
                    let problem = binder.missing(input);
                    binder.refused.push(problem);
                }
                continue;
            }
        };
        binder.check_type(kind, input, &output, &typed);
        if matches!(filling, Kind::Future(_)) && !engine.adapter.runs_async_nodes() {
            let problem =
                Problem::FutureInput { input: input.name().clone(), adapter: engine.adapter.name() };
            binder.refused.push(Spanned::new(problem, Vec::new()));
        }
        if wanted_inputs {
            outputs.insert(input.cell(), binder.described(input, output));
        }
        bound.fills.push((input.cell(), filling));
    }
    if wanted_inputs {
        bound.outputs = plan.wanted().iter().map(|cell| outputs.get(&(*cell as usize)).cloned()).collect();
        binder.check_asked_twice(&wanted, &bound.outputs);
    }
    binder.tell_unknown();
    binder.refused.none_or(bound)
}

struct Binder<'a> {
    engine: &'a Engine,
    program: &'a Program,
    refused: Refused,
    /// The names of inputs that no node reads.
    unknown: Vec<Name>,
    /// The readers of each input, collected once, for the first problem.
    readers: OnceCell<Vec<Vec<Reader<'a>>>>,
}

/// A node that reads an input, and the parameter by which it does.
type Reader<'a> = (&'a Outline, &'a Param);

impl<'a> Binder<'a> {
    fn new(engine: &'a Engine, program: &'a Program) -> Self {
        Self { engine, program, refused: Refused::default(), unknown: Vec::new(), readers: OnceCell::new() }
    }

    /// Refuses inputs whose names are constants or nodes, and collects the inputs that no node reads.
    fn find_unknown<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>) {
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
                self.unknown.extend((!shape.is_input(name)).then_some(input));
                continue;
            };
            self.refused.push(problem);
        }
    }

    /// Refuses inputs that no node reads. It runs last, because a misspelt input is also reported as missing.
    fn tell_unknown(&mut self) {
        let shape = self.engine.graph.shape();
        for input in std::mem::take(&mut self.unknown) {
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
        let unread = self.unknown.iter().chain(unread).map(Name::as_str);
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

    fn check_type(
        &mut self,
        kind: &'static str,
        input: &PlanInput,
        output: &Output,
        typed: &[(&Name, ValueType)],
    ) {
        let given = output.value_type();
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
        // Planning has compared the types of constants.
        let is_constant = kind != "input" && kind != "override";
        let differs = |(name, wanted): &&(&Name, ValueType)| *name == input.name() && *wanted != given;
        if let Some((_, wanted)) = typed.iter().find(differs).filter(|_| !is_constant) {
            let asked = format!("it is an output of type `{wanted}`");
            let usual = format!("pass a value of type `{wanted}`, or request `{}` by name", input.name());
            let marks = self.engine.mark(input.name(), format!("gives `{wanted}`"));
            self.refused.push(Spanned::new(problem(asked, usual), marks));
        }
    }

    /// Returns the description of an input that is also an output; an override has the description of its node.
    fn described(&self, input: &PlanInput, output: Output) -> Output {
        let known = self.engine.output(input.name());
        known.filter(|known| known.value_type() == output.value_type()).cloned().unwrap_or(output)
    }

    /// Refuses inputs that are wanted twice and are not `Clone`. Planning refuses such nodes and constants.
    fn check_asked_twice(&mut self, wanted: &[Wanted], outputs: &[Option<Output>]) {
        let mut times: FxHashMap<&Name, usize> = FxHashMap::default();
        for (Wanted { name, .. }, output) in wanted.iter().zip(outputs) {
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

/// The inputs that no cell has taken yet.
struct Given {
    inputs: Vec<(Name, Option<Input>)>,
    places: Places,
}

impl Given {
    fn new(inputs: ByName) -> Self {
        let (inputs, places) = inputs.into_parts();
        Self { inputs: inputs.into_iter().map(|(name, input)| (name, Some(input))).collect(), places }
    }

    fn iter(&self) -> impl Iterator<Item = &(Name, Option<Input>)> {
        self.inputs.iter()
    }

    fn take(&mut self, name: &Name) -> Option<Input> {
        let place = self.places.of(name, &self.inputs)?;
        self.inputs[place].1.take()
    }
}
