use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use icosian_adapter::{Hook, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo, SpanSource};
use icosian_core::expand::ItemIndex;
use icosian_core::run::RunId;
use icosian_core::{BoxError, NodeError, Outline};
use icosian_driver::RunError;
use tracing::field::Empty;
use tracing::{Span, error, info_span};

/// The number of requested outputs that the name of an execution contains.
const MAX_NAMED_OUTPUTS: usize = 3;

/// Creates a `tracing` span for each execution, each item of an expansion and each node.
///
/// The span of an execution is a child of the caller's span. The span of a node is a child of the span of its execution or item. It is
/// current whenever the body of the node runs: in each poll of an async function, on the threads of `RayonAdapter`, and in offloaded and
/// spawned nodes. Spans and events inside of a node therefore belong to its span.
///
/// # Fields
///
/// The fields follow the semantic conventions of OpenTelemetry. Create the layer of `tracing-opentelemetry` with `with_location(false)`:
/// otherwise it also exports the location of this hook as `code.file.path`. Fields without a value are absent.
///
/// | field | span | meaning |
/// |---|---|---|
/// | `otel.name` | all | the requested outputs or the [name](Self::with_name), the expanding node, the node |
/// | `otel.kind` | all | `internal` |
/// | `otel.status_code`, `otel.status_description` | execution, node | `ERROR` and the error of a failure |
/// | `error.type` | execution, node | the code of the error, such as `ICO1101` |
/// | `code.function.name`, `code.file.path`, `code.line.number`, `code.column.number` | node | the function |
/// | `icosian.run` | all | the number of the execution |
/// | `icosian.outputs` | execution | the requested outputs |
/// | `icosian.node` | node | the name of the node |
/// | `icosian.item` | item, node | the items of expansions, such as `url[3]` |
/// | `icosian.outcome` | execution, node | `succeeded`, `failed`, `cancelled` or `skipped` |
/// | `icosian.attempts` | node | the number of calls of the function |
/// | `icosian.queue_time` | node | the seconds between the last input and the start of the body |
/// | `icosian.recovered_from` | node | the last error that `retry` or `fallback` replaced |
///
/// A failed node also has an event `exception` with `exception.type` and `exception.message`. The span of a skipped node has no duration.
///
/// # Filters
///
/// All spans have the level INFO and one of the targets `icosian::run`, `icosian::item` and `icosian::node`. If a filter disables the
/// spans of items, the spans of their nodes become children of the execution.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
/// use icosian_observe::TracingHook;
///
/// let one = Node::sync(Outline::new("one").with_output_type::<u64>(), |_| {
///     // This event belongs to the span of the node.
///     tracing::info!("computing");
///     Ok(1_u64)
/// });
/// let builder = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one));
/// let driver = builder.with_hook(TracingHook::new().with_name("billing")).build()?;
/// driver.execute_named(["one"], inputs! {})?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct TracingHook {
    name: Option<String>,
    /// The first failure of each running execution.
    failures: Mutex<HashMap<RunId, FirstFailure>>,
}

/// The first failure of an execution.
struct FirstFailure {
    code: &'static str,
    description: String,
}

impl TracingHook {
    /// Creates a hook that names executions after the requested outputs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name of the spans of executions, such as the name of a pipeline.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<RunId, FirstFailure>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record_failure(&self, node: &NodeInfo<'_>, span: &Span, error: &NodeError) {
        let code = short_code(error);
        let message = error.to_string();
        span.record("otel.status_code", "ERROR");
        span.record("otel.status_description", message.as_str());
        span.record("error.type", code);
        error!(
            target: "icosian::node",
            parent: span,
            { "exception.type" = code, "exception.message" = message.as_str() },
            "exception"
        );
        // An item that fails does not always fail the execution, but then the execution needs no description.
        let description = || format!("node `{}` failed: {message}", node.id());
        self.failures()
            .entry(node.run())
            .or_insert_with(|| FirstFailure { code, description: description() });
    }
}

impl SpanSource for TracingHook {
    fn run_span(&self, run: &RunInfo<'_>) -> Span {
        let outputs: Vec<&str> = run.outputs().iter().map(icosian_core::Name::as_str).collect();
        let default_name = || match outputs.len() {
            0..=MAX_NAMED_OUTPUTS => outputs.join(", "),
            more => format!("{} and {} more outputs", outputs[0], more - 1),
        };
        info_span!(
            target: "icosian::run",
            "run",
            "otel.name" = self.name.clone().unwrap_or_else(default_name),
            "otel.kind" = "internal",
            "otel.status_code" = Empty,
            "otel.status_description" = Empty,
            "error.type" = Empty,
            "icosian.run" = run.id().number(),
            "icosian.outputs" = outputs.join(", "),
            "icosian.outcome" = Empty,
        )
    }

    fn item_span(&self, run: RunId, items: &[ItemIndex]) -> Span {
        info_span!(
            target: "icosian::item",
            "item",
            "otel.name" = items.last().map(|item| format!("{} item", item.expansion())),
            "otel.kind" = "internal",
            "icosian.run" = run.number(),
            "icosian.item" = item_path(items),
        )
    }

    fn node_span(&self, node: &NodeInfo<'_>) -> Span {
        let outline = node.outline();
        let location = outline.location();
        info_span!(
            target: "icosian::node",
            "node",
            "otel.name" = outline.name().as_str(),
            "otel.kind" = "internal",
            "otel.status_code" = Empty,
            "otel.status_description" = Empty,
            "error.type" = Empty,
            "code.function.name" = function_name(outline),
            "code.file.path" = location.map(|location| location.file()),
            "code.line.number" = location.map(|location| location.line()),
            "code.column.number" = location.map(|location| location.column()),
            "icosian.run" = node.run().number(),
            "icosian.node" = outline.name().as_str(),
            "icosian.item" = item_path(node.items()),
            "icosian.outcome" = Empty,
            "icosian.attempts" = Empty,
            "icosian.queue_time" = node.queue_time().as_secs_f64(),
            "icosian.recovered_from" = Empty,
        )
    }
}

impl Hook for TracingHook {
    fn name(&self) -> &'static str {
        "TracingHook"
    }

    fn spans(&self) -> Option<&dyn SpanSource> {
        Some(self)
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let Some(span) = node.span() else { return Ok(()) };
        let outcome = match end.outcome() {
            NodeOutcome::Succeeded => "succeeded",
            NodeOutcome::Failed(error) => {
                self.record_failure(node, span, error);
                "failed"
            }
            NodeOutcome::Cancelled => "cancelled",
            NodeOutcome::Skipped => "skipped",
        };
        span.record("icosian.outcome", outcome);
        span.record("icosian.attempts", end.attempts() as u64);
        if let Some(error) = end.recovered_from() {
            span.record("icosian.recovered_from", tracing::field::display(error));
        }
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let failure = self.failures().remove(&run.id());
        let Some(span) = run.span() else { return Ok(()) };
        let outcome = match end {
            RunEnd::Succeeded => "succeeded",
            RunEnd::Cancelled => "cancelled",
            RunEnd::Failed => {
                span.record("otel.status_code", "ERROR");
                if let Some(failure) = failure {
                    span.record("otel.status_description", failure.description);
                    span.record("error.type", failure.code);
                }
                "failed"
            }
        };
        span.record("icosian.outcome", outcome);
        Ok(())
    }
}

impl fmt::Debug for TracingHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracingHook").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Returns the items, outermost first, as in `page[2].url[3]`. `None` for a node that runs once.
fn item_path(items: &[ItemIndex]) -> Option<String> {
    let parts: Vec<_> = items.iter().map(|item| format!("{}[{}]", item.expansion(), item.index())).collect();
    (!parts.is_empty()).then(|| parts.join("."))
}

/// Returns the path of a node's function. `None` if a decorator added the node.
fn function_name(outline: &Outline) -> Option<String> {
    let origin = outline.origin()?;
    Some(format!("{}::{}", origin.dataflow(), origin.function()?))
}

/// Returns the code of an error without its name.
fn short_code(error: &NodeError) -> &'static str {
    let code = RunError::node_code(error);
    code.split_once(' ').map_or(code, |(code, _)| code)
}
