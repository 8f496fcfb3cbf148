use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use icosian_adapter::{Hook, ItemEnd, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo};
use icosian_core::BoxError;
use icosian_core::run::RunId;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bar of an execution.
const TEMPLATE: &str = "{prefix} [{bar:24}] {pos}/{len} nodes {elapsed} {wide_msg}";

/// The interval at which the elapsed time is drawn.
const TICK: Duration = Duration::from_millis(200);

/// The number of running nodes that a bar names.
const MAX_NAMES: usize = 3;

/// Shows the progress of executions: bars in a terminal, and lines elsewhere.
///
/// A bar shows how many of the required nodes have ended, how many items have ended and failed, and the names of running nodes. The hook is
/// for programs that run one or a few executions, such as batch jobs.
///
/// Without a terminal, the hook writes a line when an execution starts and ends, and when a node ends. It also writes a line at the item
/// counts 1, 2, 5, 10, 20, 50 and so on. Nodes of items have no lines. `NO_COLOR` disables colours.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
/// use icosian_observe::ProgressHook;
/// use indicatif::ProgressDrawTarget;
///
/// let one = Node::sync(Outline::new("one").with_output_type::<u64>(), |_| Ok(1_u64));
/// let builder = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one));
/// let progress = ProgressHook::new(ProgressDrawTarget::stderr(), std::io::stderr());
/// let driver = builder.with_hook(progress.with_name("report")).build()?;
/// driver.execute_named(["one"], inputs! {})?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ProgressHook {
    name: Option<String>,
    display: ProgressDisplay,
    runs: Mutex<HashMap<RunId, RunProgress>>,
}

/// The form of the output.
enum ProgressDisplay {
    Bars(MultiProgress),
    Lines(Mutex<Box<dyn Write + Send>>),
}

/// The progress of an execution.
struct RunProgress {
    name: String,
    started: Instant,
    /// The nodes that the outputs need and that run once.
    nodes: u64,
    ended: u64,
    items: u64,
    failed_items: u64,
    /// The running nodes, in the order of their starts. A node that runs for several items has one entry.
    running: Vec<(String, usize)>,
    bar: Option<ProgressBar>,
}

impl ProgressHook {
    /// Creates a hook that draws bars to a target of `indicatif`, or writes lines if the target is hidden.
    ///
    /// [`ProgressDrawTarget::stderr`] is hidden if stderr is not a terminal.
    #[must_use]
    pub fn new(target: ProgressDrawTarget, writer: impl Write + Send + 'static) -> Self {
        if target.is_hidden() { Self::to_writer(writer) } else { Self::to_target(target) }
    }

    /// Creates a hook that draws bars only. A hidden target shows nothing.
    #[must_use]
    pub fn to_target(target: ProgressDrawTarget) -> Self {
        Self::with_display(ProgressDisplay::Bars(MultiProgress::with_draw_target(target)))
    }

    /// Creates a hook that writes lines only. Errors of the writer are ignored.
    #[must_use]
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Self::with_display(ProgressDisplay::Lines(Mutex::new(Box::new(writer))))
    }

    fn with_display(display: ProgressDisplay) -> Self {
        Self { name: None, display, runs: Mutex::default() }
    }

    /// Sets the name of the executions. The default is the requested outputs.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the bars, or `None` if the hook writes lines.
    ///
    /// Programs that print while executions run use [`MultiProgress::println`], which prints above the bars.
    #[must_use]
    pub fn bars(&self) -> Option<&MultiProgress> {
        match &self.display {
            ProgressDisplay::Bars(bars) => Some(bars),
            ProgressDisplay::Lines(_) => None,
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<RunId, RunProgress>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_line(&self, line: fmt::Arguments<'_>) {
        if let ProgressDisplay::Lines(writer) = &self.display {
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            writeln!(writer, "{line}").and_then(|()| writer.flush()).ok();
        }
    }
}

impl RunProgress {
    /// Returns the items and the names of running nodes.
    fn message(&self) -> String {
        let mut parts = Vec::new();
        if self.items > 0 {
            parts.push(self.item_counts());
        }
        let names: Vec<_> = self.running.iter().take(MAX_NAMES).map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            let more = self.running.len() - names.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            parts.push(format!("{}{more}", names.join(", ")));
        }
        parts.join(", ")
    }

    fn item_counts(&self) -> String {
        let failed =
            if self.failed_items > 0 { format!(" ({} failed)", self.failed_items) } else { String::new() };
        let items = if self.items == 1 { "item" } else { "items" };
        format!("{} {items}{failed}", self.items)
    }

    fn start_node(&mut self, name: &str) {
        match self.running.iter_mut().find(|(running, _)| running == name) {
            Some((_, count)) => *count += 1,
            None => self.running.push((name.to_owned(), 1)),
        }
    }

    fn end_node(&mut self, name: &str) {
        if let Some(at) = self.running.iter().position(|(running, _)| running == name) {
            self.running[at].1 -= 1;
            if self.running[at].1 == 0 {
                self.running.remove(at);
            }
        }
    }

    fn draw(&self) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.ended);
            bar.set_message(self.message());
        }
    }
}

impl Hook for ProgressHook {
    fn name(&self) -> &'static str {
        "ProgressHook"
    }

    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let outputs = || run.outputs().iter().map(icosian_core::Name::as_str).collect::<Vec<_>>().join(", ");
        let name = self.name.clone().unwrap_or_else(outputs);
        let nodes = count_nodes(run);
        self.write_line(format_args!("{name}: started, {nodes} nodes"));
        let bar = self.bars().map(|bars| {
            let bar = bars.add(ProgressBar::new(nodes));
            // The template is a constant that a test draws.
            let style =
                ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.progress_chars("=> "));
            bar.set_prefix(name.clone());
            bar.enable_steady_tick(TICK);
            bar
        });
        let progress = RunProgress {
            name,
            started: Instant::now(),
            nodes,
            ended: 0,
            items: 0,
            failed_items: 0,
            running: Vec::new(),
            bar,
        };
        self.runs().insert(run.id(), progress);
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        if let Some(run) = self.runs().get_mut(&node.run()) {
            run.start_node(node.outline().name());
            run.draw();
        }
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let mut runs = self.runs();
        let Some(run) = runs.get_mut(&node.run()) else { return Ok(()) };
        let name = node.outline().name();
        if !matches!(end.outcome(), NodeOutcome::Skipped) {
            run.end_node(name);
        }
        if node.items().is_empty() {
            run.ended += 1;
            let outcome = match end.outcome() {
                NodeOutcome::Succeeded => "done",
                NodeOutcome::Failed(_) => "failed",
                NodeOutcome::Cancelled => "cancelled",
                NodeOutcome::Skipped => "skipped",
            };
            let (ended, nodes, time) = (run.ended, run.nodes, Seconds(end.time()));
            self.write_line(format_args!(
                "{}: {ended}/{nodes} nodes, `{name}` {outcome} after {time}",
                run.name
            ));
        }
        run.draw();
        Ok(())
    }

    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        if let Some(run) = self.runs().get_mut(&item.run()) {
            run.items += 1;
            run.failed_items += u64::from(item.error().is_some());
            if is_round(run.items) {
                self.write_line(format_args!("{}: {}", run.name, run.item_counts()));
            }
            run.draw();
        }
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let Some(progress) = self.runs().remove(&run.id()) else { return Ok(()) };
        let outcome = match end {
            RunEnd::Succeeded => "done",
            RunEnd::Failed => "failed",
            RunEnd::Cancelled => "cancelled",
        };
        let items = if progress.items > 0 { format!(", {}", progress.item_counts()) } else { String::new() };
        let time = Seconds(progress.started.elapsed());
        self.write_line(format_args!("{}: {outcome} after {time}{items}", progress.name));
        if let Some(bar) = progress.bar {
            bar.abandon_with_message(format!("{outcome}{items}"));
        }
        Ok(())
    }
}

impl fmt::Debug for ProgressHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = if self.bars().is_some() { "bars" } else { "lines" };
        f.debug_struct("ProgressHook").field("form", &form).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A duration with one decimal.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}s", self.0.as_secs_f64())
    }
}

/// Returns the number of nodes that the outputs need and that run once.
fn count_nodes(run: &RunInfo<'_>) -> u64 {
    let graph = run.graph();
    let mut needed = HashSet::new();
    // Most requests name outputs after the nodes that they depend on.
    for output in run.outputs().iter().rev() {
        if needed.insert(output.as_str()) {
            needed.extend(graph.shape().upstream(output));
        }
    }
    let runs_once = |name: &&&str| graph.shape().is_node(name) && graph.blocks().of(name).is_none();
    needed.iter().filter(runs_once).count() as u64
}

/// Returns whether a count is 1, 2 or 5 times a power of ten.
fn is_round(mut count: u64) -> bool {
    while count > 0 && count.is_multiple_of(10) {
        count /= 10;
    }
    matches!(count, 1 | 2 | 5)
}
