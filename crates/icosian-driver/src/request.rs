use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::Name;
use icosian_core::node::Outputs;
use icosian_diagnostics::Spanned;

use crate::bind::{self, BoundInputs};
use crate::driver_run::DriverRun;
use crate::engine::Engine;
use crate::execute_error::ExecuteError;
use crate::inputs::Inputs;
use crate::output_reader::OutputReader;
use crate::plan_key::{PlanKey, RequestedOutput};
use crate::request_error::{RequestError, RequestErrorKind};
use crate::result_builder::ResultBuilder;
use crate::run_error::RunError;
use crate::run_failure;

/// The outputs of an execution, and the form of its result.
pub(crate) trait ExecutionRequest {
    type Result;

    /// Plans the outputs and resolves the inputs, and reports all errors of both.
    fn resolve(&self, engine: &Engine, inputs: Inputs) -> Result<(Arc<Program>, BoundInputs), RequestError>;

    /// Moves the outputs out of a complete run, returns its memory to the program, and builds the result.
    ///
    /// `inputs` describes the outputs that are inputs.
    fn collect<'p, R: DriverRun<'p>>(
        &self,
        run: R,
        inputs: &BoundInputs,
    ) -> Result<Self::Result, ExecuteError>;
}

/// A request for the handle or handles `O`.
pub(crate) struct TypedRequest<'a, O> {
    /// The plan that `prepare` made. It has no overrides.
    program: Option<&'a Arc<Program>>,
    outputs: PhantomData<fn() -> O>,
}

impl<'a, O: Outputs> TypedRequest<'a, O> {
    pub(crate) fn new() -> Self {
        Self { program: None, outputs: PhantomData }
    }

    pub(crate) fn prepared(program: &'a Arc<Program>) -> Self {
        Self { program: Some(program), outputs: PhantomData }
    }

    /// Plans the outputs without overrides.
    pub(crate) fn prepare(engine: &Engine) -> Result<Program, RequestError> {
        engine.plan(&Self::outputs(), &[])
    }

    fn outputs() -> Vec<RequestedOutput> {
        let handles = O::handles().into_iter();
        handles
            .map(|(name, value_type)| RequestedOutput { name: Name::new(name), value_type: Some(value_type) })
            .collect()
    }
}

impl<O: Outputs> ExecutionRequest for TypedRequest<'_, O> {
    type Result = O::Values;

    fn resolve(&self, engine: &Engine, inputs: Inputs) -> Result<(Arc<Program>, BoundInputs), RequestError> {
        match self.program.filter(|_| !inputs.has_overrides()) {
            Some(program) => {
                let inputs = bind::bind_inputs(engine, program, Self::outputs, inputs)?;
                Ok((Arc::clone(program), inputs))
            }
            None => bind::plan_and_bind(engine, PlanKey::typed::<O>(&inputs), Self::outputs, inputs),
        }
    }

    fn collect<'p, R: DriverRun<'p>>(
        &self,
        mut run: R,
        inputs: &BoundInputs,
    ) -> Result<O::Values, ExecuteError> {
        let values =
            run_failure::collect(|| O::collect(&mut OutputReader::new(run.values(), &inputs.outputs)));
        if values.is_ok() {
            run.end();
        }
        values
    }
}

/// A request for outputs by name, each once, whose result `builder` builds.
pub(crate) struct NamedRequest<'a, B> {
    names: Vec<Name>,
    builder: &'a B,
}

impl<'a, B: ResultBuilder> NamedRequest<'a, B> {
    pub(crate) fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>, builder: &'a B) -> Self {
        let mut seen = HashSet::new();
        let names = names.into_iter().map(|name| Name::from(name.as_ref().to_owned()));
        Self { names: names.filter(|name| seen.insert(name.clone())).collect(), builder }
    }

    /// Refuses the outputs that `builder` cannot include in the result. The types of inputs are not known yet.
    fn check_outputs(&self, engine: &Engine) -> RequestError {
        let mut errors = RequestError::default();
        for output in &self.names {
            let Some(reason) = engine.output(output).and_then(|known| self.builder.refuse(&known)) else {
                continue;
            };
            let help = format!("remove `{output}` from the request, or use another result builder");
            let kind = RequestErrorKind::OutputRefused { name: output.clone(), reason, help };
            errors.push(Spanned::new(kind, engine.mark(output, "this output")));
        }
        errors
    }

    /// Refuses the outputs that are inputs of this execution.
    fn check_inputs(&self, engine: &Engine, inputs: &BoundInputs, errors: &mut RequestError) {
        for (output, input) in self.names.iter().zip(&inputs.outputs) {
            let known = input.as_ref().filter(|_| engine.output(output).is_none());
            if let Some(reason) = known.and_then(|known| self.builder.refuse(known)) {
                let help = format!(
                    "write the input with `inputs!`, which detects the capabilities of its type; or remove `{output}` from the request"
                );
                let kind = RequestErrorKind::OutputRefused { name: output.clone(), reason, help };
                errors.push(Spanned::new(kind, Vec::new()));
            }
        }
    }
}

impl<B: ResultBuilder> ExecutionRequest for NamedRequest<'_, B> {
    type Result = B::Result;

    fn resolve(&self, engine: &Engine, inputs: Inputs) -> Result<(Arc<Program>, BoundInputs), RequestError> {
        let output = |name: &Name| RequestedOutput { name: name.clone(), value_type: None };
        let outputs = || self.names.iter().map(output).collect();
        let mut errors = self.check_outputs(engine);
        let key = PlanKey::named(&self.names, &inputs);
        match bind::plan_and_bind(engine, key, outputs, inputs) {
            Ok((program, inputs)) => {
                self.check_inputs(engine, &inputs, &mut errors);
                errors.into_result((program, inputs))
            }
            Err(others) => {
                errors.extend(others);
                Err(errors)
            }
        }
    }

    fn collect<'p, R: DriverRun<'p>>(
        &self,
        mut run: R,
        inputs: &BoundInputs,
    ) -> Result<B::Result, ExecuteError> {
        let mut reader = OutputReader::new(run.values(), &inputs.outputs);
        let take = || self.names.iter().map(|name| Some((name.clone(), reader.take_value()?))).collect();
        let outputs = run_failure::collect(take)?;
        run.end();
        self.builder.build(outputs).map_err(|source| {
            run_failure::single_failure(Spanned::new(RunError::ResultFailed { source }, Vec::new()))
        })
    }
}
