//! The steps of an execution: plan → resolve inputs → run → collect outputs.
//!
//! [`ExecutionRequest::resolve`] plans and resolves inputs, [`start`] fills the cells of a run, the driver's adapter executes it, and
//! [`finish`] collects the outputs. `Driver` and `AsyncDriver` differ only in the call of the adapter.

use icosian_adapter::{Program, RunAbort};

use crate::bind::BoundInputs;
use crate::driver_run::DriverRun;
use crate::engine::Engine;
use crate::execute_error::ExecuteError;
use crate::request::ExecutionRequest;
use crate::run_failure;

/// Starts a run and moves the inputs to its cells. The result is an error if a hook fails.
pub(crate) fn start<'p, R: DriverRun<'p>>(
    engine: &Engine,
    program: &'p Program,
    inputs: &mut BoundInputs,
) -> (R, Result<(), RunAbort>) {
    let mut run = R::start(program);
    for (cell, source) in std::mem::take(&mut inputs.cells) {
        run.fill(cell, source);
    }
    let started = engine.options.apply(run.values(), inputs.context.take());
    (run, started)
}

/// Collects the outputs of a run after its adapter has returned `ran`.
pub(crate) fn finish<'p, R: DriverRun<'p>, Q: ExecutionRequest>(
    engine: &Engine,
    request: &Q,
    mut run: R,
    ran: Result<(), RunAbort>,
    inputs: &BoundInputs,
) -> Result<Q::Result, ExecuteError> {
    match run_failure::check_complete(engine.adapter.name(), run.values(), ran) {
        Ok(()) => request.collect(run, inputs),
        Err(error) => {
            run_failure::drop_failed(run);
            Err(error)
        }
    }
}
