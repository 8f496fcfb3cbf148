//! The facts about a driver that rules check.

use icosian_core::decorator::{BuiltIn, ConfigReads};
use icosian_core::expand::Expansion;
use icosian_core::node::{Asyncness, Placement, Role};
use icosian_core::{Name, Outline};
use icosian_diagnostics::nearest;
use icosian_driver::Preflight;
use icosian_graph::{BlockId, Graph, NodeId};
use icosian_rules::{
    ConfigKey, Doubt, ExpansionFacts, Fact, GraphFacts, NearParam, NodeVariant, PlannedNode, RemainingEffect,
    ReplacedNode, is_slip,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::declared_outputs::DeclaredOutputs;
use crate::decorator_log::DecoratorLog;
use crate::request_check::names_read;
use crate::span_table::SpanTable;

/// The outputs that will be requested.
#[derive(Clone, Copy)]
pub(crate) enum Requests<'a> {
    /// No others than these.
    Only(&'a [Name]),
    /// Of dataflows that declare outputs, no others than these.
    Declared(&'a DeclaredOutputs),
    /// Any.
    Unknown,
}

/// Returns the facts about the graph.
pub(crate) fn graph_facts(
    spans: &mut SpanTable,
    preflight: Preflight<'_>,
    log: &DecoratorLog,
    requests: Requests<'_>,
    overrides: &[Name],
) -> GraphFacts {
    GraphFacts {
        adapter: preflight.adapter().name().to_owned(),
        runs_async_nodes: preflight.adapter().runs_async_nodes(),
        nodes: nodes(spans, preflight, requests, overrides),
        expansions: expansions(spans, preflight, log, requests),
        shadowed: shadowed(spans, preflight),
        variants: variants(spans, log),
        doubts: degraded_decorators(spans, preflight, log),
        misspelt: misspelt_params(spans, preflight),
    }
}

/// Returns the config values of a driver.
pub(crate) fn config_keys(preflight: Preflight<'_>, reads: &ConfigReads) -> Vec<ConfigKey> {
    let (shape, read) = (preflight.graph().shape(), names_read(preflight));
    let reads = reads.names();
    let shadowed: FxHashSet<&Name> = preflight.shadowed().iter().map(|it| it.node().name()).collect();
    let names = preflight.config();
    let is_set = |name: &str| names.iter().any(|set| set.as_str() == name);
    let keys = names.iter().map(|name| {
        let is_read = read.contains(name) || reads.contains(name.as_str()) || shadowed.contains(name);
        let unset = || shape.inputs().chain(reads.iter().map(Name::as_str)).filter(|name| !is_set(name));
        let meant = if is_read { None } else { nearest(name, unset()).map(str::to_owned) };
        ConfigKey { name: name.to_string(), is_read, meant }
    });
    keys.collect()
}

/// Returns the inputs that are probably misspelt names of nodes or names of private functions.
fn misspelt_params(spans: &mut SpanTable, preflight: Preflight<'_>) -> Vec<NearParam> {
    let graph = preflight.graph();
    let constants: FxHashSet<&Name> = preflight.config().into_iter().chain(preflight.shared()).collect();
    let outlines = || graph.nodes().map(|node| graph.outline(node));
    let functions: Vec<_> = outlines().filter(|outline| outline.role() == Role::Function).collect();
    let mut found = Vec::new();
    for name in graph.shape().inputs().filter(|name| !constants.contains(&Name::from((*name).to_owned()))) {
        let near: Vec<_> = functions.iter().filter(|function| is_slip(name, function.name())).collect();
        let is_private = preflight.is_private(name);
        if near.is_empty() && !is_private {
            continue;
        }
        // Several nodes hardly misspell a name alike.
        let mut readers = graph.readers(name);
        let (Some((reader, param)), None) = (readers.next(), readers.next()) else { continue };
        let outline = graph.outline(reader);
        let param = &outline.params()[param];
        let fits = |node: &&&Outline| {
            node.name() != outline.name() && param.way_from(&node.output().value_type()).is_some()
        };
        let node = near.iter().find(|node| fits(node)).map(|node| node.name().to_string());
        if is_private || node.is_some() {
            found.push(NearParam {
                name: name.to_owned(),
                reader: outline.name().to_string(),
                span: spans.add(param.location()),
                node: node.filter(|_| !is_private),
            });
        }
    }
    found
}

fn nodes(
    spans: &mut SpanTable,
    preflight: Preflight<'_>,
    requests: Requests<'_>,
    overrides: &[Name],
) -> Vec<PlannedNode> {
    let graph = preflight.graph();
    let outputs = match requests {
        Requests::Only(outputs) => Some(outputs.to_vec()),
        Requests::Declared(declared) => Some(declared.requestable(preflight)),
        Requests::Unknown => None,
    };
    let needed = outputs.and_then(|outputs| needed_nodes(graph, &outputs, overrides));
    let is_known = |outline: &Outline| match requests {
        Requests::Declared(declared) => declared.covers(outline),
        _ => true,
    };
    let outlines = graph.nodes().map(|node| graph.outline(node));
    let functions = outlines.filter(|outline| outline.role() == Role::Function);
    let nodes = functions.map(|outline| PlannedNode {
        name: outline.name().to_string(),
        span: spans.add(outline.location()),
        needed: Fact::from(
            needed.as_ref().filter(|_| is_known(outline)).map(|it| it.contains(outline.name())),
        ),
        block: graph.blocks().of(outline.name()).map(|block| expander(graph, block).name().to_string()),
        is_offloaded: outline.placement() == Placement::Offload,
        has_time_limit: outline.time_limit().is_some(),
        large_future: outline.large_future(),
    });
    nodes.collect()
}

/// Returns the nodes that the outputs need, and the overrides; `None` if the outputs cannot be planned, which is an error of the
/// request.
fn needed_nodes<'a>(
    graph: &'a Graph,
    outputs: &[Name],
    overrides: &'a [Name],
) -> Option<FxHashSet<&'a Name>> {
    let mut needed: FxHashSet<&Name> = overrides.iter().collect();
    if graph.blocks().is_empty() {
        let plan = icosian_graph::plan_overriding(graph, outputs, overrides).ok()?;
        needed.extend(plan.steps().map(|step| graph.outline(plan.node(step)).name()));
        return Some(needed);
    }
    // A plan has no blocks: it would confuse the value of one item with the results of all items.
    let shape = graph.shape();
    if outputs.iter().any(|name| !shape.is_node(name) && !shape.is_input(name)) {
        return None;
    }
    let mut next: Vec<NodeId> = outputs.iter().filter_map(|name| graph.node(name)).collect();
    while let Some(node) = next.pop() {
        let outline = graph.outline(node);
        if needed.insert(outline.name()) {
            let params = outline.params().iter().filter(|param| param.constant().is_none());
            next.extend(params.filter_map(|param| graph.node(param.source())));
        }
    }
    Some(needed)
}

/// Returns the expanding node of a block.
fn expander(graph: &Graph, block: BlockId) -> &Outline {
    graph.outline(graph.blocks().expander(block))
}

fn expansions(
    spans: &mut SpanTable,
    preflight: Preflight<'_>,
    log: &DecoratorLog,
    requests: Requests<'_>,
) -> Vec<ExpansionFacts> {
    let graph = preflight.graph();
    let blocks = graph.blocks();
    if blocks.is_empty() {
        return Vec::new();
    }
    let around = |inner| std::iter::successors(Some(inner), |inner| blocks.parent(*inner));
    let outputs = match requests {
        Requests::Only(outputs) => outputs.to_vec(),
        Requests::Declared(_) | Requests::Unknown => {
            log.with_records(|records| records.declared.nodes(preflight))
        }
    };
    let requested: FxHashSet<BlockId> =
        outputs.iter().filter_map(|output| blocks.of_value(output)).flat_map(around).collect();
    let (mut collected, mut limited) = (FxHashSet::default(), FxHashSet::default());
    let mut async_nodes: FxHashMap<BlockId, &Outline> = FxHashMap::default();
    for outline in graph.nodes().map(|node| graph.outline(node)) {
        let collections = outline.params().iter().filter(|param| param.collection().is_some());
        collected.extend(collections.filter_map(|param| blocks.of_value(param.source())));
        let Some(block) = blocks.of(outline.name()) else { continue };
        if outline.limits().any(|limits| limits.group().is_some() || limits.rate_limit().is_some()) {
            limited.extend(around(block));
        }
        if outline.asyncness() == Asyncness::Async {
            async_nodes.entry(block).or_insert(outline);
        }
    }
    let facts = blocks.iter().map(|block| {
        let outline = expander(graph, block);
        let concurrency = outline.expansion().and_then(Expansion::concurrency);
        ExpansionFacts {
            node: outline.name().to_string(),
            span: spans.add(outline.location()),
            is_collected: collected.contains(&block),
            is_requested: requested.contains(&block),
            is_limited: concurrency.is_some() || limited.contains(&block),
            async_node: async_nodes.get(&block).map(|outline| outline.name().to_string()),
        }
    });
    facts.collect()
}

fn shadowed(spans: &mut SpanTable, preflight: Preflight<'_>) -> Vec<ReplacedNode> {
    let shadowed = preflight.shadowed().iter().map(|shadowed| ReplacedNode {
        name: shadowed.node().name().to_string(),
        span: spans.add(shadowed.node().location()),
        by: shadowed.by().map(|by| spans.add(by.location())),
    });
    shadowed.collect()
}

fn variants(spans: &mut SpanTable, log: &DecoratorLog) -> Vec<NodeVariant> {
    log.with_records(|records| {
        let variants = records.variants.iter().map(|variant| NodeVariant {
            dataflow: variant.dataflow,
            node: variant.node.to_string(),
            function: variant.function.name().to_string(),
            span: spans.add(variant.function.location()),
            asyncness: variant.function.asyncness(),
        });
        variants.collect()
    })
}

fn degraded_decorators(spans: &mut SpanTable, preflight: Preflight<'_>, log: &DecoratorLog) -> Vec<Doubt> {
    let degraded = log.with_records(|records| records.find_degraded(preflight.adapter())).into_iter();
    let degraded = degraded.map(|degraded| Doubt {
        node: degraded.function.to_string(),
        decorator: degraded.decorator,
        span: spans.add(degraded.location),
        missing: degraded.missing,
        // Only adapters with other machines read the metadata of `remote`.
        does: match BuiltIn::named(degraded.decorator) {
            Some(BuiltIn::Remote) => RemainingEffect::Nothing,
            _ => RemainingEffect::Less,
        },
    });
    degraded.collect()
}
