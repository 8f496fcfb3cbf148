//! Adapters that break the contract: each violation is an error, never a wrong result.

use std::sync::Mutex;

use icosian::AdapterSpec;
use icosian::adapter::{
    AsyncGraphAdapter, AsyncRun, GraphAdapter, JobResult, JobStart, Run, RunAbort, async_trait,
};
use icosian::prelude::*;

/// A secret that no other run may read.
#[dataflow]
pub(crate) mod secrets {
    pub fn secret(user: &str) -> String {
        format!("secret of {user}")
    }

    pub fn told(secret: Option<&str>) -> String {
        secret.unwrap_or("nothing").to_owned()
    }

    pub async fn later(user: &str) -> String {
        user.to_owned()
    }
}

/// The violation of the contract.
#[derive(Clone, Copy, Debug)]
enum Slip {
    Backwards,
    Twice,
    SkipFirst,
    Swallow,
}

impl GraphAdapter for Slip {
    fn spec(&self) -> AdapterSpec {
        // The declared capabilities do not change the contract.
        AdapterSpec::new("slip").polls_futures()
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        let steps: Vec<_> = run.steps().collect();
        match self {
            Self::Backwards => steps.into_iter().rev().try_for_each(|step| run.execute(step)),
            Self::Twice => steps.iter().chain(&steps).try_for_each(|step| run.execute(*step)),
            Self::SkipFirst => steps.into_iter().skip(1).try_for_each(|step| run.execute(step)),
            Self::Swallow => {
                for step in steps {
                    drop(run.execute(step));
                }
                Ok(())
            }
        }
    }
}

#[test]
fn invalid_step_order_is_an_error_and_runs_are_isolated() {
    for slip in [Slip::Backwards, Slip::Twice, Slip::SkipFirst] {
        let driver = Driver::builder().with_dataflow(secrets::dataflow()).with_adapter(slip).build().unwrap();
        for user in ["ada", "bob"] {
            let error = driver.execute::<secrets::told>(inputs! { user: user.to_owned() }).unwrap_err();
            assert!(error.to_string().contains("the `slip` adapter failed"), "{slip:?}: {error:?}");
        }
    }
}

#[test]
fn declared_capabilities_do_not_enable_async_nodes() {
    let adapter = Slip::Swallow;
    let driver = Driver::builder().with_dataflow(secrets::dataflow()).with_adapter(adapter).build().unwrap();
    let later = driver.execute::<secrets::later>(inputs! { user: "ada" }).unwrap_err();
    assert!(matches!(later, ExecuteError::Refused(_)), "an async node is refused whatever the spec says");
    let user = Input::future(async { "ada".to_owned() });
    let future = driver.execute::<secrets::secret>(inputs! { user }).unwrap_err();
    assert!(matches!(future, ExecuteError::Refused(_)), "so is a future");
    assert_eq!(driver.execute::<secrets::told>(inputs! { user: "ada" }).unwrap(), "secret of ada");
}

/// Passes the result of the first job to the next run.
#[derive(Debug, Default)]
struct MixesUp {
    kept: Mutex<Option<JobResult>>,
}

#[async_trait]
impl AsyncGraphAdapter for MixesUp {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("mixes-up")
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let job = run.next_ready().ok_or_else(|| RunAbort::adapter("nothing is ready"))?;
        let JobStart::Pending(running) = run.begin(job)? else {
            return Err(RunAbort::adapter("it is async"));
        };
        let done = running.await;
        let other = self.kept.lock().unwrap().replace(done);
        other.map_or(Ok(()), |other| run.finish(other))
    }
}

#[tokio::test]
async fn job_of_another_run_is_refused() {
    let driver = AsyncDriver::under(MixesUp::default()).with_dataflow(secrets::dataflow()).build().unwrap();
    let first = driver.execute::<secrets::later>(inputs! { user: "ada" }).await.unwrap_err();
    assert!(first.to_string().contains("ended before it produced output `later`"), "{first:?}");
    let second = driver.execute::<secrets::later>(inputs! { user: "bob" }).await.unwrap_err();
    assert!(format!("{second:?}").contains("it returned a job of another run"), "{second:?}");
}
