use icosian_adapter::{AsyncRun, Program, Run, Values};

use crate::input::InputSource;

/// The run of a sync or an async adapter.
pub(crate) trait DriverRun<'p>: Sized {
    fn start(program: &'p Program) -> Self;

    fn fill(&mut self, cell: usize, source: InputSource);

    fn values(&mut self) -> &mut Values<'p>;

    /// Returns the memory of a complete run to its program.
    fn end(self);
}

impl<'p> DriverRun<'p> for Run<'p> {
    fn start(program: &'p Program) -> Self {
        Self::new(program)
    }

    fn fill(&mut self, cell: usize, source: InputSource) {
        match source {
            InputSource::Value(value) => self.values_mut().fill_cell(cell, value),
            InputSource::Future(_) => unreachable!("binding refuses futures where the adapter awaits none"),
        }
    }

    fn values(&mut self) -> &mut Values<'p> {
        self.values_mut()
    }

    fn end(self) {
        Self::end(self);
    }
}

impl<'p> DriverRun<'p> for AsyncRun<'p> {
    fn start(program: &'p Program) -> Self {
        Self::new(program)
    }

    fn fill(&mut self, cell: usize, source: InputSource) {
        match source {
            InputSource::Value(value) => self.values_mut().fill_cell(cell, value),
            InputSource::Future(task) => self.fill_later(cell, task),
        }
    }

    fn values(&mut self) -> &mut Values<'p> {
        self.values_mut()
    }

    fn end(self) {
        Self::end(self);
    }
}
