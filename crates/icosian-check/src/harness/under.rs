//! The adapters that can be named.

use async_trait::async_trait;
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Refusal, RunAbort};
use icosian_core::{AdapterSpec, Config, Dataflow, Outline};
use icosian_driver::{AsyncDriver, Builder, Driver};
use icosian_rayon::RayonAdapter;
use icosian_rules::Told;
use icosian_tokio::TokioAdapter;

use crate::{Candidate, Check};

/// Returns what is wrong with one driver of all `flows` under the adapter of this name.
pub(super) fn told(adapter: &str, flows: Vec<Dataflow>, config: Config) -> Result<Vec<Told>, String> {
    fn filled<A: ?Sized>(builder: Builder<A>, flows: Vec<Dataflow>, config: Config) -> Builder<A> {
        flows.into_iter().fold(builder, Builder::with_dataflow).with_config(config)
    }
    /// Config may be meant for another dataflow, and may stand for a node of this one.
    fn check(builder: impl Candidate) -> Vec<Told> {
        let reason = "the same config is given to every dataflow";
        Check::new(builder).allowing("shadowed-node", reason).told()
    }
    match adapter {
        "sync" => Ok(check(filled(Driver::builder(), flows, config))),
        "rayon" => {
            let builder = Driver::builder().with_adapter(RayonAdapter::default());
            Ok(check(filled(builder, flows, config)))
        }
        "tokio" => Ok(check(filled(AsyncDriver::under(Tokio(TokioAdapter::default())), flows, config))),
        _ => Err(format!("cannot be looked at under `{adapter}`, which is no adapter of icosian's own")),
    }
}

/// tokio's adapter as a program may set it up: which groups that gives a limit, only the program knows.
#[derive(Debug)]
struct Tokio(TokioAdapter);

#[async_trait]
impl AsyncGraphAdapter for Tokio {
    fn spec(&self) -> AdapterSpec {
        self.0.spec()
    }

    fn refuse(&self, _: &Outline) -> Option<Refusal> {
        // It refuses groups without a limit, and nothing else.
        None
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        self.0.run(run).await
    }
}
