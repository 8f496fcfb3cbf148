//! The planning of a request and the resolution of its inputs.

use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::{Name, Output, RunContext};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::Engine;
use crate::input::{Input, InputSource};
use crate::input_checker::InputChecker;
use crate::inputs::{InputRole, Inputs};
use crate::plan_key::{PlanKey, RequestedOutput};
use crate::request_error::{RequestError, RequestErrorKind};

/// The resolved inputs of one execution.
#[derive(Debug, Default)]
pub(crate) struct BoundInputs {
    /// The values and futures, with the cells of the run that they fill.
    pub(crate) cells: Vec<(usize, InputSource)>,
    /// The descriptions of inputs that are also outputs, by the positions of the outputs; empty if there are none.
    pub(crate) outputs: Vec<Option<Output>>,
    pub(crate) context: Option<RunContext>,
}

/// Returns the program of `key`, which identifies `outputs`, and the resolved inputs.
///
/// If an output cannot be planned, the error also has the errors of the inputs and of the remaining outputs.
pub(crate) fn plan_and_bind(
    engine: &Engine,
    key: PlanKey,
    outputs: impl Fn() -> Vec<RequestedOutput>,
    inputs: Inputs,
) -> Result<(Arc<Program>, BoundInputs), RequestError> {
    let program = match engine.programs.get(&key) {
        Some(program) => program,
        None => match engine.plan(&outputs(), key.overrides()) {
            Ok(program) => engine.programs.insert(key, program),
            Err(errors) => return Err(add_input_errors(engine, errors, &outputs(), inputs)),
        },
    };
    let inputs = bind_inputs(engine, &program, &outputs, inputs)?;
    Ok((program, inputs))
}

/// Adds the errors that `inputs` have for the known outputs to `errors`.
fn add_input_errors(
    engine: &Engine,
    mut errors: RequestError,
    outputs: &[RequestedOutput],
    mut inputs: Inputs,
) -> RequestError {
    let shape = engine.graph.shape();
    inputs.retain_overrides(|name| shape.is_node(name) || engine.constants.contains_key(name));
    let overrides: Vec<_> = inputs.names(InputRole::Override).cloned().collect();
    if let Some(program) = engine.plan_known(outputs, &overrides) {
        let is_known = |name: &Name| shape.is_node(name) || shape.is_input(name);
        let known = || outputs.iter().filter(|output| is_known(&output.name)).cloned().collect();
        errors.extend(bind_inputs(engine, &program, known, inputs).err().into_iter().flatten());
    }
    errors
}

/// Reports all missing and unread inputs of a request whose inputs have these names.
pub(crate) fn check_names(engine: &Engine, program: &Program, names: &[Name]) -> Result<(), RequestError> {
    let mut checker = InputChecker::new(engine, program);
    checker.find_unread(names);
    let passed: FxHashSet<_> = names.iter().collect();
    for input in program.plan().inputs() {
        let name = input.name();
        let is_provided = input.is_override()
            || *name == RunContext::INPUT
            || passed.contains(name)
            || engine.constants.contains_key(name);
        if input.is_required() && !is_provided {
            checker.report_missing(input);
        }
    }
    checker.report_unread();
    checker.errors.into_result(())
}

/// Resolves every input of `program`, and reports all missing, mistyped and unread inputs.
pub(crate) fn bind_inputs(
    engine: &Engine,
    program: &Program,
    outputs: impl Fn() -> Vec<RequestedOutput>,
    mut inputs: Inputs,
) -> Result<BoundInputs, RequestError> {
    let plan = program.plan();
    let mut checker = InputChecker::new(engine, program);
    checker.find_unread(inputs.names(InputRole::Input));
    let returns_inputs = plan.wanted().iter().any(|cell| *cell as usize >= plan.steps().len());
    let requested = if returns_inputs { outputs() } else { Vec::new() };
    let typed: Vec<_> =
        requested.iter().filter_map(|output| Some((&output.name, output.value_type?))).collect();
    let mut descriptions: FxHashMap<usize, Output> = FxHashMap::default();
    let mut bound = BoundInputs {
        cells: Vec::with_capacity(plan.inputs().len()),
        outputs: Vec::new(),
        context: inputs.context.take(),
    };
    // The adapter fills the run's context.
    for input in plan.inputs().iter().filter(|input| *input.name() != RunContext::INPUT) {
        let constant = engine.constants.get(input.name());
        let is_override = input.is_override() || constant.is_some();
        let role = if is_override { InputRole::Override } else { InputRole::Input };
        let (output, source) = match (inputs.take(role, input.name()), constant) {
            (Some(value), _) => {
                let Input { output, source, .. } = value.read_as(|value_type| input.accepts(value_type));
                checker.check_type(role, input, output.value_type(), &typed);
                (output, source)
            }
            // `build` has compared the types of constants with their readers.
            (None, Some(constant)) => (constant.output.clone(), InputSource::Value(constant.cell())),
            (None, None) => {
                if input.is_required() {
                    checker.report_missing(input);
                }
                continue;
            }
        };
        if matches!(source, InputSource::Future(_)) && !engine.adapter.runs_async_nodes() {
            let (name, adapter) = (input.name().clone(), engine.adapter.name());
            checker.report(RequestErrorKind::FutureInput { name, adapter });
        }
        if returns_inputs {
            descriptions.insert(input.cell(), checker.describe(input, output));
        }
        bound.cells.push((input.cell(), source));
    }
    if returns_inputs {
        let description = |cell: &u32| descriptions.get(&(*cell as usize)).cloned();
        bound.outputs = plan.wanted().iter().map(description).collect();
        checker.check_repeated_outputs(&requested, &bound.outputs);
    }
    checker.report_unread();
    checker.errors.into_result(bound)
}
