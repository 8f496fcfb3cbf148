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
        program.start()
    }

    fn fill(&mut self, cell: usize, source: InputSource) {
        match source {
            InputSource::Value(value) => self.fill_cell(cell, value),
            InputSource::Future(_) => unreachable!("binding refuses futures where the adapter awaits none"),
        }
    }

    fn values(&mut self) -> &mut Values<'p> {
        self
    }

    fn end(self) {
        Self::end(self);
    }
}

impl<'p> DriverRun<'p> for AsyncRun<'p> {
    fn start(program: &'p Program) -> Self {
        program.start_async()
    }

    fn fill(&mut self, cell: usize, source: InputSource) {
        match source {
            InputSource::Value(value) => self.fill_cell(cell, value),
            InputSource::Future(task) => self.fill_later(cell, task),
        }
    }

    fn values(&mut self) -> &mut Values<'p> {
        self
    }

    fn end(self) {
        Self::end(self);
    }
}
