//! The facts about a driver that rules check.

use icosian_core::decorator::{BuiltIn, ConfigReads};
use icosian_core::node::{Placement, Role};
use icosian_core::{Name, Outline};
use icosian_diagnostics::nearest;
use icosian_driver::Preflight;
use icosian_rules::{
    ConfigKey, Doubt, Fact, GraphFacts, NearParam, NodeVariant, PlannedNode, RemainingEffect, ReplacedNode,
    is_slip,
};
use rustc_hash::FxHashSet;

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
        nodes: nodes(spans, preflight, requests, overrides),
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
    // Outputs that cannot be planned are an error of the request, and the needed nodes are unknown.
    let plan = outputs.and_then(|outputs| icosian_graph::plan_overriding(graph, outputs, overrides).ok());
    let needed: Option<FxHashSet<&Name>> = plan.map(|plan| {
        let steps = plan.steps().map(|step| graph.outline(plan.node(step)).name());
        steps.chain(overrides).collect()
    });
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
        is_offloaded: outline.placement() == Placement::Offload,
        has_time_limit: outline.time_limit().is_some(),
        large_future: outline.large_future(),
    });
    nodes.collect()
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
