use std::any::Any;
use std::fmt;
use std::sync::Arc;

use icosian_adapter::{Program, Values};
use icosian_core::{Name, Output, Outputs, TakeOutput, Value};

use crate::bind::{self, Bound};
use crate::engine::Engine;
use crate::key::{Key, Wanted};
use crate::{ExecuteError, Inputs, Refused, run_error};

pub(crate) fn wanted<O: Outputs>() -> Vec<Wanted> {
    let handles = O::handles().into_iter();
    handles.map(|(name, value_type)| Wanted { name: Name::new(name), value_type: Some(value_type) }).collect()
}

/// Plans the outputs `O` and binds the inputs.
pub(crate) fn bound<O: Outputs>(engine: &Engine, inputs: Inputs) -> Result<(Arc<Program>, Bound), Refused> {
    bind::planned(engine, Key::typed::<O>(&inputs), wanted::<O>, inputs)
}

/// Binds the inputs to a program that was made for the outputs `O`.
pub(crate) fn bound_to<O: Outputs>(
    engine: &Engine,
    program: &Program,
    inputs: Inputs,
) -> Result<Bound, Refused> {
    bind::bind(engine, program, wanted::<O>, inputs)
}

pub(crate) fn collected<O: Outputs>(run: &mut Taker<'_, '_>) -> Result<O::Values, ExecuteError> {
    run_error::collected(|| O::collect(run))
}

/// Takes the outputs of a run, one after the other.
pub(crate) struct Taker<'run, 'program> {
    run: &'run mut Values<'program>,
    inputs: &'run [Option<Output>],
    next: usize,
}

impl<'run, 'program> Taker<'run, 'program> {
    /// `inputs` describes the outputs that are inputs, by position.
    pub(crate) fn new(run: &'run mut Values<'program>, inputs: &'run [Option<Output>]) -> Self {
        Self { run, inputs, next: 0 }
    }

    pub(crate) fn take_value(&mut self) -> Option<Value> {
        let position = self.next;
        self.next += 1;
        self.run.take_value(position, self.inputs.get(position).and_then(Option::as_ref))
    }
}

impl TakeOutput for Taker<'_, '_> {
    fn take_next<T: Any>(&mut self) -> Option<T> {
        // An input may have another owner, as config values have, and is cloned then. Only its own description can clone it.
        if matches!(self.inputs.get(self.next), Some(Some(_))) {
            return take_input(self);
        }
        self.next += 1;
        self.run.take(self.next - 1)
    }
}

/// Takes an output that is an input. A separate function: without optimization its copies would add to those of outputs.
fn take_input<T: Any>(taker: &mut Taker<'_, '_>) -> Option<T> {
    taker.take_value()?.into_inner().ok()
}

impl fmt::Debug for Taker<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Taker(at {})", self.next)
    }
}
