use std::collections::HashSet;
use std::sync::Arc;

use icosian_adapter::Program;
use icosian_core::{BoxError, Name, Placed, Value};

use crate::bind::Bound;
use crate::engine::{Engine, Key, Wanted};
use crate::outputs::Taker;
use crate::{ExecuteError, Inputs, Problem, Refused, ResultBuilder, RunError};

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
        match engine.bound(Key::named(&self.0, &inputs), wanted, inputs) {
            Ok(bound) => refused.none_or(bound),
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
            let problem = Problem::OutputRefused { output: output.clone(), reason };
            refused.push(Placed::new(problem, engine.mark(output, "this output")));
        }
        refused
    }

    /// Takes the outputs of a run; `inputs` describes those that are inputs.
    pub(crate) fn collected(&self, run: &mut Taker<'_, '_>) -> Vec<(Name, Value)> {
        let taken = self.0.iter().map(|name| {
            let value = run.take_value().expect("a complete run has every wanted output");
            (name.clone(), value)
        });
        taken.collect()
    }
}

/// Lets `builder` make a result of the outputs.
pub(crate) fn built<B: ResultBuilder>(
    builder: &B,
    outputs: Vec<(Name, Value)>,
) -> Result<B::Result, ExecuteError> {
    let failed = |source: BoxError| Placed::new(RunError::ResultFailed { source }, Vec::new());
    builder.build(outputs).map_err(|source| ExecuteError::Failed(Box::new(failed(source))))
}
