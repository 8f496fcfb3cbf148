use std::collections::HashSet;
use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::{BoxError, Name, Value};
use icosian_diagnostics::Spanned;

use crate::bind::{self, Bound};
use crate::engine::Engine;
use crate::key::{Key, Wanted};
use crate::outputs::Taker;
use crate::{ExecuteError, Inputs, Problem, Refused, ResultBuilder, RunError, run_error};

/// Outputs that are asked for by name, each once.
pub(crate) struct Names(Vec<Name>);

impl Names {
    pub(crate) fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let mut seen = HashSet::new();
        let names = names.into_iter().map(|name| Name::from(name.as_ref().to_owned()));
        Self(names.filter(|name| seen.insert(name.clone())).collect())
    }

    /// Plans the outputs and binds the inputs, and asks `builder` whether it can take the outputs.
    pub(crate) fn bound<B: ResultBuilder>(
        &self,
        engine: &Engine,
        builder: &B,
        inputs: Inputs,
    ) -> Result<(Arc<Program>, Bound), Refused> {
        let wanted = || self.0.iter().map(|name| Wanted { name: name.clone(), value_type: None }).collect();
        let mut refused = self.refused_by(builder, engine);
        match bind::planned(engine, Key::named(&self.0, &inputs), wanted, inputs) {
            Ok(bound) => {
                for (output, input) in self.0.iter().zip(&bound.1.outputs) {
                    let known = input.as_ref().filter(|_| engine.output(output).is_none());
                    if let Some(reason) = known.and_then(|known| builder.refuse(known)) {
                        let help = format!(
                            "write the input with `inputs!`, which looks at what its type can do; or leave `{output}` out"
                        );
                        let problem = Problem::OutputRefused { output: output.clone(), reason, help };
                        refused.push(Spanned::new(problem, Vec::new()));
                    }
                }
                refused.none_or(bound)
            }
            Err(problems) => {
                refused.extend(problems);
                Err(refused)
            }
        }
    }

    fn refused_by<B: ResultBuilder>(&self, builder: &B, engine: &Engine) -> Refused {
        let mut refused = Refused::default();
        for output in &self.0 {
            let Some(reason) = engine.output(output).and_then(|known| builder.refuse(known)) else {
                continue;
            };
            let help = format!("leave `{output}` out, or build the result another way");
            let problem = Problem::OutputRefused { output: output.clone(), reason, help };
            refused.push(Spanned::new(problem, engine.mark(output, "this output")));
        }
        refused
    }

    /// Takes the outputs of a run; `inputs` describes the outputs that are inputs.
    pub(crate) fn collected(&self, run: &mut Taker<'_, '_>) -> Result<Vec<(Name, Value)>, ExecuteError> {
        let taken = || self.0.iter().map(|name| Some((name.clone(), run.take_value()?))).collect();
        run_error::collected(taken)
    }
}

/// Lets `builder` make a result of the outputs.
pub(crate) fn built<B: ResultBuilder>(
    builder: &B,
    outputs: Vec<(Name, Value)>,
) -> Result<B::Result, ExecuteError> {
    let failed = |source: BoxError| Spanned::new(RunError::ResultFailed { source }, Vec::new());
    builder.build(outputs).map_err(|source| run_error::failed(failed(source)))
}
