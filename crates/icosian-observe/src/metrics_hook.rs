use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use icosian_adapter::{Hook, ItemEnd, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo};
use icosian_core::run::RunId;
use icosian_core::{BoxError, Name};
use icosian_graph::Graph;
use metrics::{Counter, Gauge, Histogram, Label, Unit};

const RUNS: &str = "icosian_runs_total";
const RUN_DURATION: &str = "icosian_run_duration_seconds";
const RUNS_IN_FLIGHT: &str = "icosian_runs_in_flight";
const NODES: &str = "icosian_nodes_total";
const NODE_DURATION: &str = "icosian_node_duration_seconds";
const NODE_QUEUE: &str = "icosian_node_queue_seconds";
const NODES_IN_FLIGHT: &str = "icosian_nodes_in_flight";
const RETRIES: &str = "icosian_node_retries_total";
const RECOVERIES: &str = "icosian_node_recoveries_total";
const ITEMS: &str = "icosian_items_total";

/// The values of the label `outcome`.
const OUTCOMES: [&str; 4] = ["succeeded", "failed", "cancelled", "skipped"];

/// Counts and measures executions and nodes with the crate `metrics`.
///
/// The application installs a recorder, such as `metrics-exporter-prometheus`, before it builds the driver. `build` registers the metrics
/// of all nodes, so they exist with the value zero before the first execution.
///
/// # Metrics
///
/// | name | type | labels | meaning |
/// |---|---|---|---|
/// | `icosian_runs_total` | counter | `outcome` | executions that ended |
/// | `icosian_run_duration_seconds` | histogram | `outcome` | the durations of executions |
/// | `icosian_runs_in_flight` | gauge | | executions that are running |
/// | `icosian_nodes_total` | counter | `node`, `outcome` | nodes that ended |
/// | `icosian_node_duration_seconds` | histogram | `node`, `outcome` | the times of their bodies, without queue times |
/// | `icosian_node_queue_seconds` | histogram | `node` | the times between the last input and the start of the body |
/// | `icosian_nodes_in_flight` | gauge | `node` | nodes that are running |
/// | `icosian_node_retries_total` | counter | `node` | repeated calls of a function, without the first call |
/// | `icosian_node_recoveries_total` | counter | `node` | nodes that succeeded after `retry` or `fallback` replaced an error |
/// | `icosian_items_total` | counter | `expansion`, `outcome` | items of expansions that ended |
///
/// The label `outcome` is `succeeded`, `failed`, `cancelled` or `skipped`. Executions are never skipped, and skipped nodes have no
/// duration. [`with_label`](Self::with_label) adds labels to all metrics. No label contains the number of an execution or an item, so the
/// number of time series depends only on the number of nodes.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
/// use icosian_observe::MetricsHook;
///
/// let one = Node::sync(Outline::new("one").with_output_type::<u64>(), |_| Ok(1_u64));
/// let builder = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one));
/// let driver = builder.with_hook(MetricsHook::new().with_label("pipeline", "billing")).build()?;
/// driver.execute_named(["one"], inputs! {})?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct MetricsHook {
    labels: Vec<Label>,
    runs: RwLock<Option<Arc<RunMetrics>>>,
    nodes: RwLock<HashMap<Name, Arc<NodeMetrics>>>,
    /// The starts of the running executions.
    started: Mutex<HashMap<RunId, Instant>>,
}

/// The metrics of all executions.
struct RunMetrics {
    in_flight: Gauge,
    /// By the position of the outcome.
    ended: [Counter; 3],
    duration: [Histogram; 3],
}

/// The metrics of a node.
struct NodeMetrics {
    in_flight: Gauge,
    queue: Histogram,
    /// By the position of the outcome.
    ended: [Counter; 4],
    duration: [Histogram; 3],
    retries: Counter,
    recoveries: Counter,
    /// The items of an expanding node, succeeded and failed.
    items: OnceLock<[Counter; 2]>,
}

impl MetricsHook {
    /// Creates a hook without additional labels.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a label to all metrics, such as the name of the pipeline.
    #[must_use]
    pub fn with_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.push(Label::new(name.into(), value.into()));
        self
    }

    fn labels<const N: usize>(&self, labels: [(&'static str, &str); N]) -> Vec<Label> {
        let added = labels.into_iter().map(|(name, value)| Label::new(name, value.to_owned()));
        self.labels.iter().cloned().chain(added).collect()
    }

    fn run_metrics(&self) -> Arc<RunMetrics> {
        if let Some(metrics) = &*self.runs.read().unwrap_or_else(PoisonError::into_inner) {
            return Arc::clone(metrics);
        }
        describe();
        let ended = |position: usize| metrics::counter!(RUNS, self.labels([("outcome", OUTCOMES[position])]));
        let duration = |position: usize| {
            metrics::histogram!(RUN_DURATION, self.labels([("outcome", OUTCOMES[position])]))
        };
        let metrics = Arc::new(RunMetrics {
            in_flight: metrics::gauge!(RUNS_IN_FLIGHT, self.labels([])),
            ended: std::array::from_fn(ended),
            duration: std::array::from_fn(duration),
        });
        let mut runs = self.runs.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(runs.get_or_insert(metrics))
    }

    fn node_metrics(&self, node: &Name) -> Arc<NodeMetrics> {
        if let Some(metrics) = self.nodes.read().unwrap_or_else(PoisonError::into_inner).get(node) {
            return Arc::clone(metrics);
        }
        let labels = || self.labels([("node", node)]);
        let outcome =
            |position: usize| self.labels([("node", node.as_str()), ("outcome", OUTCOMES[position])]);
        let metrics = Arc::new(NodeMetrics {
            in_flight: metrics::gauge!(NODES_IN_FLIGHT, labels()),
            queue: metrics::histogram!(NODE_QUEUE, labels()),
            ended: std::array::from_fn(|position| metrics::counter!(NODES, outcome(position))),
            duration: std::array::from_fn(|position| metrics::histogram!(NODE_DURATION, outcome(position))),
            retries: metrics::counter!(RETRIES, labels()),
            recoveries: metrics::counter!(RECOVERIES, labels()),
            items: OnceLock::new(),
        });
        let mut nodes = self.nodes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(nodes.entry(node.clone()).or_insert(metrics))
    }

    /// Registers the counters of items of an expanding node.
    fn count_items<'a>(&self, metrics: &'a NodeMetrics, expansion: &Name) -> &'a [Counter; 2] {
        metrics.items.get_or_init(|| {
            std::array::from_fn(|position| {
                let labels = [("expansion", expansion.as_str()), ("outcome", OUTCOMES[position])];
                metrics::counter!(ITEMS, self.labels(labels))
            })
        })
    }

    fn started(&self) -> MutexGuard<'_, HashMap<RunId, Instant>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hook for MetricsHook {
    fn name(&self) -> &'static str {
        "MetricsHook"
    }

    fn after_build(&self, graph: &Graph) -> Result<(), BoxError> {
        self.run_metrics();
        for node in graph.nodes() {
            let outline = graph.outline(node);
            let metrics = self.node_metrics(outline.name());
            if outline.expansion().is_some() {
                self.count_items(&metrics, outline.name());
            }
        }
        Ok(())
    }

    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        self.run_metrics().in_flight.increment(1);
        self.started().insert(run.id(), Instant::now());
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        let metrics = self.node_metrics(node.outline().name());
        metrics.in_flight.increment(1);
        metrics.queue.record(node.queue_time());
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let metrics = self.node_metrics(node.outline().name());
        let position = match end.outcome() {
            NodeOutcome::Succeeded => 0,
            NodeOutcome::Failed(_) => 1,
            NodeOutcome::Cancelled => 2,
            NodeOutcome::Skipped => 3,
        };
        metrics.ended[position].increment(1);
        // A skipped node has not begun.
        if let Some(duration) = metrics.duration.get(position) {
            metrics.in_flight.decrement(1);
            duration.record(end.time());
        }
        let retries = end.attempts().saturating_sub(1);
        if retries > 0 {
            metrics.retries.increment(retries as u64);
        }
        if end.recovered_from().is_some() {
            metrics.recoveries.increment(1);
        }
        Ok(())
    }

    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        if let Some(last) = item.items().last() {
            let metrics = self.node_metrics(last.expansion());
            let counters = self.count_items(&metrics, last.expansion());
            counters[usize::from(item.error().is_some())].increment(1);
        }
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let metrics = self.run_metrics();
        metrics.in_flight.decrement(1);
        let position = match end {
            RunEnd::Succeeded => 0,
            RunEnd::Failed => 1,
            RunEnd::Cancelled => 2,
        };
        metrics.ended[position].increment(1);
        let started = self.started().remove(&run.id());
        if let Some(started) = started {
            metrics.duration[position].record(started.elapsed());
        }
        Ok(())
    }
}

impl fmt::Debug for MetricsHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsHook").field("labels", &self.labels).finish_non_exhaustive()
    }
}

fn describe() {
    metrics::describe_counter!(RUNS, Unit::Count, "Executions that ended.");
    metrics::describe_histogram!(RUN_DURATION, Unit::Seconds, "The durations of executions.");
    metrics::describe_gauge!(RUNS_IN_FLIGHT, Unit::Count, "Executions that are running.");
    metrics::describe_counter!(NODES, Unit::Count, "Nodes that ended.");
    metrics::describe_histogram!(NODE_DURATION, Unit::Seconds, "The times of the bodies of nodes.");
    metrics::describe_histogram!(
        NODE_QUEUE,
        Unit::Seconds,
        "The times that nodes waited after their last input."
    );
    metrics::describe_gauge!(NODES_IN_FLIGHT, Unit::Count, "Nodes that are running.");
    metrics::describe_counter!(RETRIES, Unit::Count, "Calls of functions after their first one.");
    metrics::describe_counter!(
        RECOVERIES,
        Unit::Count,
        "Nodes that succeeded although an error was replaced."
    );
    metrics::describe_counter!(ITEMS, Unit::Count, "Items of expansions that ended.");
}
