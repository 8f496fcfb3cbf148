use std::any::Any;
use std::fmt;

use icosian_adapter::Values;
use icosian_core::node::TakeOutput;
use icosian_core::{Output, Value};

/// Moves the outputs out of a complete run, in the order of the request.
pub(crate) struct OutputReader<'run, 'program> {
    run: &'run mut Values<'program>,
    inputs: &'run [Option<Output>],
    next: usize,
}

impl<'run, 'program> OutputReader<'run, 'program> {
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

impl TakeOutput for OutputReader<'_, '_> {
    fn take_next<T: Any>(&mut self) -> Option<T> {
        // An input may have a second owner, as config values do. Then it is cloned, and only its own description can clone it.
        if matches!(self.inputs.get(self.next), Some(Some(_))) {
            return take_input(self);
        }
        self.next += 1;
        self.run.take(self.next - 1)
    }
}

/// Takes an output that is an input. A separate function: without optimization its copies would add to those of outputs.
fn take_input<T: Any>(reader: &mut OutputReader<'_, '_>) -> Option<T> {
    reader.take_value()?.into_inner().ok()
}

impl fmt::Debug for OutputReader<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutputReader(at {})", self.next)
    }
}
