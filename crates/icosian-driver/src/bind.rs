use icosian_adapter::Program;
use icosian_core::{Mark, Name, Outline, Output, Param, Placed, nearest};
use icosian_graph::PlanInput;

use crate::engine::{Engine, Wanted};
use crate::inputs::{Input, Kind};
use crate::{Inputs, Problem, Refused};

/// The inputs of one execution, by cell.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    pub(crate) fills: Vec<(usize, Kind)>,
    /// What is known of the inputs that are outputs themselves.
    pub(crate) outputs: Vec<(usize, Output)>,
}

/// Finds a value for every input of `program`, and says everything that is missing, wrong or unknown.
pub(crate) fn bind(
    engine: &Engine,
    program: &Program,
    wanted: impl Fn() -> Vec<Wanted>,
    inputs: Inputs,
) -> Result<Bound, Refused> {
    let plan = program.plan();
    let mut binder = Binder { engine, program, refused: Refused::default() };
    let mut bound = Bound { fills: Vec::with_capacity(plan.inputs().len()), outputs: Vec::new() };
    let mut values = Given::new(inputs.values);
    let mut overrides = Given::new(inputs.overrides);
    binder.check_names(&values);
    let wanted_inputs = plan.wanted().iter().any(|cell| *cell as usize >= plan.steps().len());
    let wanted = if wanted_inputs { wanted() } else { Vec::new() };
    for input in plan.inputs() {
        let given = if input.is_override() { &mut overrides } else { &mut values };
        let kind = if input.is_override() { "override" } else { "input" };
        let (kind, output, filling) = match (given.take(input.name()), engine.config.get(input.name())) {
            (Some(Input { output, kind: filling }), _) => (kind, output, filling),
            (None, Some(constant)) => ("config value", constant.output.clone(), Kind::Ready(constant.cell())),
            (None, None) => {
                if input.is_required() {
                    let problem = binder.missing(input, &values);
                    binder.refused.push(problem);
                }
                continue;
            }
        };
        binder.check_type(kind, input, &output, &wanted);
        if matches!(filling, Kind::Future(_)) && !engine.adapter.runs_async_nodes() {
            let problem =
                Problem::FutureInput { input: input.name().clone(), adapter: engine.adapter.name() };
            binder.refused.push(Placed::new(problem, Vec::new()));
        }
        if wanted_inputs {
            bound.outputs.push((input.cell(), output));
        }
        bound.fills.push((input.cell(), filling));
    }
    binder.refused.none_or(bound)
}

struct Binder<'a> {
    engine: &'a Engine,
    program: &'a Program,
    refused: Refused,
}

impl Binder<'_> {
    /// Refuses inputs whose names are config values, nodes, or unknown.
    fn check_names(&mut self, values: &Given) {
        let shape = self.engine.graph.shape();
        for (name, _) in values.iter() {
            let input = name.clone();
            let problem = if self.engine.config.contains_key(name) {
                Placed::new(Problem::InputIsConfig { input }, Vec::new())
            } else if shape.is_node(name) {
                let marks = self.engine.mark(name, "this node");
                Placed::new(Problem::InputIsNode { input }, marks)
            } else if shape.is_input(name) {
                continue;
            } else {
                let nearest = nearest(name, shape.inputs()).map(|near| near.to_owned().into());
                Placed::new(Problem::UnknownInput { input, nearest }, Vec::new())
            };
            self.refused.push(problem);
        }
    }

    fn missing(&self, input: &PlanInput, values: &Given) -> Placed<Problem> {
        let readers: Vec<_> = self.readers(input).filter(|(_, param)| !param.is_optional()).collect();
        let shape = self.engine.graph.shape();
        let unknown = values.iter().map(|(name, _)| name.as_str());
        let unknown = unknown.filter(|name| !shape.is_node(name) && !shape.is_input(name));
        let wanted =
            input.accepted().and_then(<[_]>::first).map_or("any type".to_owned(), ToString::to_string);
        let problem = Problem::MissingInput {
            input: input.name().clone(),
            readers: readers.iter().map(|(outline, _)| outline.name().clone()).collect(),
            wanted,
            given: nearest(input.name(), unknown).map(|near| near.to_owned().into()),
        };
        Placed::new(problem, marks(&readers))
    }

    fn check_type(&mut self, kind: &'static str, input: &PlanInput, output: &Output, wanted: &[Wanted]) {
        let given = output.value_type();
        let problem =
            |wanted, help| Problem::WrongInputType { kind, name: input.name().clone(), given, wanted, help };
        if !input.accepts(&given) {
            let readers: Vec<_> =
                self.readers(input).filter(|(_, param)| param.way_from(&given).is_none()).collect();
            let asked = readers.iter().map(|(outline, param)| {
                format!("node `{}` asks for `{}`", outline.name(), param.written_type())
            });
            let asked = asked.collect::<Vec<_>>().join(", ");
            let usual = input.accepted().and_then(<[_]>::first);
            let usual = usual.map_or_else(String::new, |usual| format!("give a value of type `{usual}`"));
            self.refused.push(Placed::new(problem(asked, usual), marks(&readers)));
        }
        // Planning has compared the config values, which it knows.
        let is_config = self.engine.config.contains_key(input.name()) && !input.is_override();
        let typed = wanted.iter().filter(|wanted| wanted.name == *input.name() && !is_config);
        if let Some(wanted) = typed.filter_map(|wanted| wanted.value_type).find(|wanted| *wanted != given) {
            let asked = format!("it is an output of type `{wanted}`");
            let usual = format!("give a value of type `{wanted}`, or ask for `{}` by name", input.name());
            let marks = self.engine.mark(input.name(), format!("gives `{wanted}`"));
            self.refused.push(Placed::new(problem(asked, usual), marks));
        }
    }

    /// Returns the steps that read `input` and the parameters by which they do. It is walked only to tell a problem.
    fn readers(&self, input: &PlanInput) -> impl Iterator<Item = (&Outline, &Param)> {
        let (plan, cell) = (self.program.plan(), input.cell());
        plan.steps().flat_map(move |step| {
            let outline = self.program.outline(step);
            let read = plan.ports(step).iter().zip(outline.params());
            read.filter(move |(port, _)| port.cell as usize == cell).map(move |(_, param)| (outline, param))
        })
    }
}

/// Places that a report shows of one problem; more would hide the rest.
const MARKS_SHOWN: usize = 8;

fn marks(readers: &[(&Outline, &Param)]) -> Vec<Mark> {
    let placed = readers.iter().filter_map(|(outline, param)| {
        let label = format!("`{}` asks for `{}` here", outline.name(), param.written_type());
        Some(Mark::new(param.place()?, label))
    });
    placed.take(MARKS_SHOWN).collect()
}

/// Inputs by name. Few are searched one by one; of many, sorted, each is found by halves.
struct Given {
    inputs: Vec<(Name, Option<Input>)>,
    sorted: bool,
}

impl Given {
    fn new(inputs: Vec<(Name, Input)>) -> Self {
        let mut inputs: Vec<_> = inputs.into_iter().map(|(name, input)| (name, Some(input))).collect();
        let sorted = inputs.len() > 16;
        if sorted {
            inputs.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        }
        Self { inputs, sorted }
    }

    fn iter(&self) -> impl Iterator<Item = &(Name, Option<Input>)> {
        self.inputs.iter()
    }

    fn take(&mut self, name: &Name) -> Option<Input> {
        let found = if self.sorted {
            self.inputs.binary_search_by(|(given, _)| given.cmp(name)).ok()
        } else {
            self.inputs.iter().position(|(given, _)| given == name)
        };
        self.inputs[found?].1.take()
    }
}
