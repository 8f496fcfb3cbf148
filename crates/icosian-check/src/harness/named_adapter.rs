use async_trait::async_trait;
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Refusal, RunAbort};
use icosian_core::{AdapterSpec, Config, Dataflow, Outline};
use icosian_driver::{AsyncDriver, Builder, Driver};
use icosian_rayon::RayonAdapter;
use icosian_rules::RemoteFinding;
use icosian_schema::graph::GraphDescription;
use icosian_tokio::TokioAdapter;

use crate::{Candidate, Check};

/// The result of a check under one adapter.
pub(super) struct AdapterCheck {
    pub(super) findings: Vec<RemoteFinding>,
    /// The graph of the driver, if the driver could be built.
    pub(super) graph: Option<GraphDescription>,
}

/// Checks one driver of all `flows` under the adapter of this name.
pub(super) fn check_under(
    adapter: &str,
    flows: Vec<Dataflow>,
    config: Config,
) -> Result<AdapterCheck, String> {
    fn fill<A: ?Sized>(builder: Builder<A>, flows: Vec<Dataflow>, config: Config) -> Builder<A> {
        flows.into_iter().fold(builder, Builder::with_dataflow).with_config(config)
    }
    /// Config of another dataflow may have the name of a node of this dataflow.
    fn check(builder: impl Candidate) -> AdapterCheck {
        let reason = "the same config is given to every dataflow";
        let check = Check::new(builder).with_allowed("shadowed-node", reason);
        let (findings, graph) = check.inspect(|preflight| preflight.describe());
        AdapterCheck { findings, graph }
    }
    match adapter {
        "sync" => Ok(check(fill(Driver::builder(), flows, config))),
        "rayon" => {
            let builder = Driver::builder().with_adapter(RayonAdapter::default());
            Ok(check(fill(builder, flows, config)))
        }
        "tokio" => Ok(check(fill(AsyncDriver::under(Tokio(TokioAdapter::default())), flows, config))),
        _ => Err(format!("cannot be checked under `{adapter}`, which is not a built-in adapter")),
    }
}

/// A `TokioAdapter` that accepts all groups. Only the program knows the groups to which it gives a limit.
#[derive(Debug)]
struct Tokio(TokioAdapter);

#[async_trait]
impl AsyncGraphAdapter for Tokio {
    fn spec(&self) -> AdapterSpec {
        self.0.spec()
    }

    fn refuse(&self, _: &Outline) -> Option<Refusal> {
        // `TokioAdapter` refuses only groups without a limit.
        None
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        self.0.run(run).await
    }
}
