//! Deterministic records of invented runs.

use std::collections::BTreeMap;

use icosian_schema::graph::{
    EdgeDescription, EdgeKind, Execution, ExpansionDescription, GraphDescription, NodeDescription, NodeKind,
    SourceLocation,
};
use icosian_schema::run::{
    ErrorSummary, ItemEnded, NodeEnded, NodeStarted, NodeStatus, RunEnded, RunEvent, RunStarted, RunStatus,
    VERSION, ValueSummary,
};

/// The events of a run, sorted by time when they are written.
pub(crate) struct Sample {
    id: String,
    start: RunStarted,
    events: Vec<(u64, RunEvent)>,
}

/// The times of an execution of a node.
#[derive(Clone, Copy)]
pub(crate) struct Timing {
    pub(crate) ready: u64,
    pub(crate) queue: u64,
    pub(crate) run: u64,
}

impl Sample {
    pub(crate) fn new(id: &str, name: &str, graph: GraphDescription) -> Self {
        let start = RunStarted {
            version: VERSION,
            run: id.to_owned(),
            name: name.to_owned(),
            started_at: 1_790_000_000_000_000,
            process_id: 4242,
            adapter: "tokio".to_owned(),
            graph,
            ..RunStarted::default()
        };
        Self { id: id.to_owned(), start, events: Vec::new() }
    }

    pub(crate) fn with_start(mut self, change: impl FnOnce(&mut RunStarted)) -> Self {
        change(&mut self.start);
        self
    }

    /// Adds the beginning and the end of an execution. Returns the time at which it ended.
    pub(crate) fn node(
        &mut self,
        name: &str,
        items: &[String],
        timing: Timing,
        change: impl FnOnce(&mut NodeEnded),
    ) -> u64 {
        let Timing { ready, queue, run } = timing;
        let (at, end) = (ready + queue, ready + queue + run);
        let (id, node, items) = (self.id.clone(), name.to_owned(), items.to_vec());
        let mut ended = NodeEnded {
            run: id.clone(),
            node: node.clone(),
            items: items.clone(),
            at: end,
            queue_time: queue,
            run_time: run,
            attempts: 1,
            ..NodeEnded::default()
        };
        change(&mut ended);
        if ended.outcome != NodeStatus::Skipped {
            let started = NodeStarted { run: id, node, items, at, queue_time: queue };
            self.events.push((at, RunEvent::NodeStarted(started)));
        }
        self.events.push((end, RunEvent::NodeEnded(Box::new(ended))));
        end
    }

    pub(crate) fn start_node(&mut self, name: &str, at: u64) {
        let started =
            NodeStarted { run: self.id.clone(), node: name.to_owned(), at, ..NodeStarted::default() };
        self.events.push((at, RunEvent::NodeStarted(started)));
    }

    pub(crate) fn item(&mut self, item: &str, at: u64, error: Option<ErrorSummary>) {
        let ended = ItemEnded { run: self.id.clone(), items: vec![item.to_owned()], at, error };
        self.events.push((at, RunEvent::ItemEnded(ended)));
    }

    /// Returns the record as JSON lines, with an end.
    pub(crate) fn ended(mut self, at: u64, outcome: RunStatus) -> String {
        let ended = RunEnded { run: self.id.clone(), at, outcome, ..RunEnded::default() };
        self.events.push((at, RunEvent::RunEnded(ended)));
        self.crashed()
    }

    /// Returns the record as JSON lines, without an end.
    pub(crate) fn crashed(mut self) -> String {
        self.events.sort_by_key(|(at, _)| *at);
        let first = (0, RunEvent::RunStarted(Box::new(self.start)));
        let mut text = String::new();
        for (_, event) in std::iter::once(first).chain(self.events) {
            text.push_str(&serde_json::to_string(&event).expect("events contain only text and numbers"));
            text.push('\n');
        }
        text
    }
}

pub(crate) fn value(value_type: &str, value: &str) -> ValueSummary {
    let length = value.starts_with('[').then(|| value.split(',').count() as u64);
    ValueSummary { value_type: value_type.to_owned(), value: Some(value.to_owned()), length }
}

/// A location in a fixture of this crate, so that reports can show an excerpt.
pub(crate) fn location() -> SourceLocation {
    SourceLocation { file: "crates/icosian-runs/tests/it/fixtures/orders.rs".to_owned(), line: 8, column: 14 }
}

fn input(name: &str, output: &str) -> NodeDescription {
    let (kind, output) = (NodeKind::Input, Some(output.to_owned()));
    NodeDescription { kind, output, ..NodeDescription::new(name) }
}

/// A run of seven nodes that succeeds.
pub(crate) fn small() -> String {
    let nodes = [
        ("spend_mean", "f64", 20, 140),
        ("spend_zero_mean", "Vec<f64>", 30, 90),
        ("spend_std_dev", "f64", 10, 210),
        ("spend_zero_mean_unit_variance", "Vec<f64>", 40, 120),
        ("avg_3wk_spend", "Vec<f64>", 15, 640),
        ("spend_per_signup", "Vec<f64>", 25, 310),
        ("report", "Report", 5, 85),
    ];
    let edges = [
        ("spend", "spend_mean"),
        ("spend", "spend_zero_mean"),
        ("spend_mean", "spend_zero_mean"),
        ("spend_zero_mean", "spend_std_dev"),
        ("spend_zero_mean", "spend_zero_mean_unit_variance"),
        ("spend_std_dev", "spend_zero_mean_unit_variance"),
        ("spend", "avg_3wk_spend"),
        ("spend", "spend_per_signup"),
        ("signups", "spend_per_signup"),
        ("avg_3wk_spend", "report"),
        ("spend_per_signup", "report"),
        ("spend_zero_mean_unit_variance", "report"),
    ];
    let describe = |(name, output, ..): &(&str, &str, u64, u64)| NodeDescription {
        output: Some((*output).to_owned()),
        execution: if *name == "avg_3wk_spend" { Execution::Async } else { Execution::Sync },
        documentation: format!("Computes `{name}`.\n\nThe unit is dollars per week."),
        dataflow: Some("marketing".to_owned()),
        location: Some(location()),
        ..NodeDescription::new(*name)
    };
    let mut graph = GraphDescription {
        nodes: nodes.iter().map(describe).collect(),
        edges: edges.iter().map(|(from, to)| EdgeDescription::new(*from, *to)).collect(),
    };
    graph.nodes.extend([input("spend", "Vec<f64>"), input("signups", "Vec<u64>")]);
    let mut sample = Sample::new("01k9-3f7a", "marketing", graph).with_start(|start| {
        start.outputs = vec!["report".to_owned()];
        start.inputs = BTreeMap::from([
            ("spend".to_owned(), value("Vec<f64>", "[10.0,10.0,20.0,40.0,40.0,50.0]")),
            ("signups".to_owned(), value("Vec<u64>", "[1,10,50,100,200,400]")),
        ]);
    });
    let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, output, queue, run) in nodes {
        let before =
            edges.iter().filter(|(_, to)| *to == name).filter_map(|(from, _)| ends.get(from).copied());
        let ready = before.max().unwrap_or(15);
        let timing = Timing { ready, queue: queue * 10, run: run * 100 };
        let end = sample.node(name, &[], timing, |ended| {
            ended.output = Some(value(output, if output == "f64" { "28.33" } else { "[1.5,2.5,3.25]" }));
            if name == "avg_3wk_spend" {
                ended.attempts = 3;
                ended.recovered_from = Some("connection reset by peer".to_owned());
            }
        });
        ends.insert(name, end);
    }
    sample.ended(ends["report"] + 40, RunStatus::Succeeded)
}

/// The nodes of `failing`: layers of six nodes, each of which reads two nodes of the layer before.
const LAYERS: usize = 10;
const LAYER_WIDTH: usize = 6;

/// A run of sixty nodes in which one fails; the nodes that need it are skipped.
pub(crate) fn failing() -> String {
    layered("01k9-77c2", LAYERS, Some((4, 2)))
}

/// A run of `layers * 6` nodes, in which the node at (layer, position) fails.
pub(crate) fn layered(id: &str, layers: usize, failing: Option<(usize, usize)>) -> String {
    const STEPS: [&str; LAYER_WIDTH] = ["load", "parse", "validate", "enrich", "price", "rank"];
    let name = |layer: usize, position: usize| format!("{}_{}", STEPS[position], layer + 1);
    let mut graph = GraphDescription::default();
    for layer in 0..layers {
        for position in 0..LAYER_WIDTH {
            graph.nodes.push(NodeDescription {
                output: Some("Table".to_owned()),
                execution: if position % 2 == 0 { Execution::Async } else { Execution::Sync },
                dataflow: Some("orders".to_owned()),
                location: Some(location()),
                ..NodeDescription::new(name(layer, position))
            });
            for offset in 0..2 {
                let before = |layer: usize| name(layer, (position + offset) % LAYER_WIDTH);
                let from = layer.checked_sub(1).map_or("orders".to_owned(), before);
                if layer > 0 || offset == 0 {
                    graph.edges.push(EdgeDescription::new(from, name(layer, position)));
                }
            }
        }
    }
    graph.nodes.push(input("orders", "Vec<Order>"));
    let mut sample = Sample::new(id, "nightly orders", graph).with_start(|start| {
        start.outputs = (0..LAYER_WIDTH).map(|position| name(layers - 1, position)).collect();
        start.inputs =
            BTreeMap::from([("orders".to_owned(), value("Vec<Order>", "[{\"id\":1},{\"id\":2}]"))]);
    });
    let mut ends = vec![[Some(0_u64); LAYER_WIDTH]; layers + 1];
    let mut failed_at = u64::MAX;
    for layer in 0..layers {
        for position in 0..LAYER_WIDTH {
            let before = [ends[layer][position], ends[layer][(position + 1) % LAYER_WIDTH]];
            let seed = (layer * 31 + position * 17) as u64;
            let (queue, run) = (seed % 7 * 900, 4_000 + seed * 7_919 % 46_000);
            let ready = before.iter().flatten().copied().max().unwrap_or_default();
            let is_skipped = before.contains(&None) || ready > failed_at;
            let timing = if is_skipped {
                Timing { ready: failed_at.min(ready.max(1)), queue: 0, run: 0 }
            } else {
                Timing { ready, queue, run }
            };
            let mut outcome = NodeStatus::Succeeded;
            let end = sample.node(&name(layer, position), &[], timing, |ended| {
                if is_skipped {
                    (ended.outcome, ended.attempts, ended.at) = (NodeStatus::Skipped, 0, failed_at);
                } else if failing == Some((layer, position)) {
                    ended.outcome = NodeStatus::Failed;
                    ended.attempts = 3;
                    ended.error = Some(database_error());
                } else {
                    ended.output = Some(value("Table", "{\"rows\":1204}"));
                }
                outcome = ended.outcome;
            });
            if outcome == NodeStatus::Failed {
                failed_at = end;
            }
            ends[layer + 1][position] = (outcome == NodeStatus::Succeeded).then_some(end);
        }
    }
    let end = ends.iter().flatten().flatten().copied().max().unwrap_or_default();
    match failing {
        None => sample.ended(end, RunStatus::Succeeded),
        Some(_) => sample.ended(end.max(failed_at) + 100, RunStatus::Failed),
    }
}

fn database_error() -> ErrorSummary {
    ErrorSummary {
        message: "cannot validate the orders of `EU-7`".to_owned(),
        code: Some("ICO1101".to_owned()),
        causes: vec![
            "query of table `prices` failed".to_owned(),
            "connection to db-3.internal:5432 timed out after 5 s".to_owned(),
        ],
        help: Some("the function's error is the source; `#[retry]` made 3 attempts".to_owned()),
        location: Some(location()),
    }
}

/// A run with an expansion of 500 items, of which three fail.
pub(crate) fn expansion() -> String {
    const ITEMS: usize = 500;
    const CONCURRENCY: usize = 16;
    let within = |name: &str| NodeDescription {
        blocks: vec!["url".to_owned()],
        execution: Execution::Async,
        output: Some("Page".to_owned()),
        location: Some(location()),
        ..NodeDescription::new(name)
    };
    let expanding = NodeDescription {
        expansion: Some(ExpansionDescription { item: "Url".to_owned(), concurrency: Some(CONCURRENCY) }),
        output: Some("Url".to_owned()),
        ..NodeDescription::new("url")
    };
    let collect = EdgeDescription { kind: EdgeKind::Collect, ..EdgeDescription::new("score", "ranking") };
    let graph = GraphDescription {
        nodes: vec![
            expanding,
            within("page"),
            within("score"),
            NodeDescription::new("ranking"),
            input("sitemap", "String"),
        ],
        edges: vec![
            EdgeDescription::new("sitemap", "url"),
            EdgeDescription::new("url", "page"),
            EdgeDescription::new("page", "score"),
            collect,
        ],
    };
    let mut sample = Sample::new("01k9-a01e", "crawl", graph).with_start(|start| {
        start.outputs = vec!["ranking".to_owned()];
        start.inputs =
            BTreeMap::from([("sitemap".to_owned(), value("String", "\"https://example.org/sitemap.xml\""))]);
    });
    let expanded = sample.node("url", &[], Timing { ready: 0, queue: 100, run: 18_000 }, |_| {});
    let mut slots = [expanded; CONCURRENCY];
    for index in 0..ITEMS {
        let item = format!("url[{index}]");
        let items = [item.clone()];
        let slot = (0..CONCURRENCY).min_by_key(|slot| slots[*slot]).unwrap_or_default();
        let run = 20_000 + (index as u64 * 7_919) % 60_000 + if index == 137 { 900_000 } else { 0 };
        let is_failed = index % 190 == 50;
        let error = is_failed.then(|| ErrorSummary { message: "status 503".to_owned(), ..database_error() });
        let end = sample.node("page", &items, Timing { ready: slots[slot], queue: 2_000, run }, |ended| {
            if is_failed {
                ended.outcome = NodeStatus::Failed;
                ended.error.clone_from(&error);
            }
        });
        let end = sample.node(
            "score",
            &items,
            Timing { ready: end, queue: 0, run: if is_failed { 0 } else { 1_500 } },
            |ended| {
                if is_failed {
                    (ended.outcome, ended.attempts) = (NodeStatus::Skipped, 0);
                }
            },
        );
        sample.item(&item, end, error);
        slots[slot] = end;
    }
    let last = slots.into_iter().max().unwrap_or_default();
    let end = sample.node("ranking", &[], Timing { ready: last, queue: 0, run: 31_000 }, |ended| {
        ended.output = Some(value(
            "Vec<(Url, f64)>",
            "[[\"https://example.org/a\",0.98],[\"https://example.org/b\",0.97]]",
        ));
    });
    sample.ended(end, RunStatus::Succeeded)
}

/// A run whose process ended before the run.
pub(crate) fn crash() -> String {
    let graph = GraphDescription {
        nodes: vec![NodeDescription::new("rates"), NodeDescription::new("report")],
        edges: vec![EdgeDescription::new("rates", "report")],
    };
    let mut sample = Sample::new("01k9-dead", "prices", graph);
    let end = sample.node("rates", &[], Timing { ready: 0, queue: 0, run: 2_500 }, |_| {});
    sample.start_node("report", end + 500);
    format!("{}{{\"event\":\"node_en", sample.crashed())
}

/// A run whose texts contain markup and scripts.
pub(crate) fn hostile() -> String {
    let attack = "</script><script>document.title='attacked'</script><img src=x onerror=\"document.title='attacked'\">'\"&amp;";
    let node = NodeDescription {
        output: Some(attack.to_owned()),
        documentation: attack.to_owned(),
        dataflow: Some(attack.to_owned()),
        decorators: vec![attack.to_owned()],
        tags: vec![(attack.to_owned(), vec![attack.to_owned()])],
        location: Some(SourceLocation { file: attack.to_owned(), line: 1, column: 1 }),
        ..NodeDescription::new(attack)
    };
    let edges = vec![EdgeDescription::new(attack, attack)];
    let mut sample =
        Sample::new(attack, attack, GraphDescription { nodes: vec![node], edges }).with_start(|start| {
            attack.clone_into(&mut start.adapter);
            start.outputs = vec![attack.to_owned(), format!("missing {attack}")];
            start.inputs = BTreeMap::from([(attack.to_owned(), value(attack, attack))]);
        });
    let items = [attack.to_owned()];
    for items in [&items[..0], &items] {
        sample.node(attack, items, Timing { ready: 0, queue: 10, run: 1_000 }, |ended| {
            ended.outcome = NodeStatus::Failed;
            ended.recovered_from = Some(attack.to_owned());
            ended.output = Some(value(attack, attack));
            ended.error = Some(ErrorSummary {
                message: attack.to_owned(),
                code: Some(attack.to_owned()),
                causes: vec![attack.to_owned()],
                help: Some(attack.to_owned()),
                location: None,
            });
        });
    }
    sample.ended(1_100, RunStatus::Failed)
}
