use std::any::Any;
use std::fmt;
use std::sync::Arc;

use icosian_adapter::{AsyncRun, Program, Run};
use icosian_core::{Name, Output, Outputs, TakeOutput, Value};

use crate::bind::{self, Bound};
use crate::engine::{Engine, Key, Wanted};
use crate::{Inputs, Refused};

pub(crate) fn wanted<O: Outputs>() -> Vec<Wanted> {
    let handles = O::handles().into_iter();
    handles.map(|(name, value_type)| Wanted { name: Name::new(name), value_type: Some(value_type) }).collect()
}

/// Plans the outputs `O` and binds the inputs.
pub(crate) fn bound<O: Outputs>(engine: &Engine, inputs: Inputs) -> Result<(Arc<Program>, Bound), Refused> {
    engine.bound(Key::typed::<O>(&inputs), wanted::<O>, inputs)
}

/// Binds the inputs to a program that was made for the outputs `O`.
pub(crate) fn bound_to<O: Outputs>(
    engine: &Engine,
    program: &Program,
    inputs: Inputs,
) -> Result<Bound, Refused> {
    bind::bind(engine, program, wanted::<O>, inputs)
}

pub(crate) fn collected<O: Outputs>(run: &mut Taker<'_, '_>) -> O::Values {
    O::collect(run).expect("a complete run has every wanted output, and planning has checked its type")
}

/// Takes the outputs of a run, one after the other.
pub(crate) struct Taker<'run, 'program> {
    run: Ended<'run, 'program>,
    inputs: &'run [Option<Output>],
    next: usize,
}

enum Ended<'run, 'program> {
    Sync(&'run mut Run<'program>),
    Async(&'run mut AsyncRun<'program>),
}

impl<'run, 'program> Taker<'run, 'program> {
    pub(crate) fn sync(run: &'run mut Run<'program>, inputs: &'run [Option<Output>]) -> Self {
        Self { run: Ended::Sync(run), inputs, next: 0 }
    }

    pub(crate) fn of_async(run: &'run mut AsyncRun<'program>, inputs: &'run [Option<Output>]) -> Self {
        Self { run: Ended::Async(run), inputs, next: 0 }
    }

    pub(crate) fn take_value(&mut self) -> Option<Value> {
        let position = self.next;
        self.next += 1;
        let input = self.inputs.get(position).and_then(Option::as_ref);
        match &mut self.run {
            Ended::Sync(run) => run.take_value(position, input),
            Ended::Async(run) => run.take_value(position, input),
        }
    }
}

impl TakeOutput for Taker<'_, '_> {
    fn take_next<T: Any>(&mut self) -> Option<T> {
        let position = self.next;
        // An input may be kept elsewhere, as config values are, and must then be cloned; the program cannot say how.
        if matches!(self.inputs.get(position), Some(Some(_))) {
            return self.take_value()?.into_inner().ok();
        }
        self.next += 1;
        match &mut self.run {
            Ended::Sync(run) => run.take(position),
            Ended::Async(run) => run.take(position),
        }
    }
}

impl fmt::Debug for Taker<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Taker(at {})", self.next)
    }
}
