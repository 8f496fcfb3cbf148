//! The errors of requests to a driver that was built.

use icosian_core::{Name, Param};
use icosian_diagnostics::Spanned;
use icosian_driver::{Preflight, RequestError, RequestErrorKind};
use icosian_graph::GraphError;
use rustc_hash::FxHashSet;

use crate::declared_outputs::DeclaredOutputs;

/// Validates a request for `outputs`, or if there are none, for each declared output, and for each node that no other node reads in
/// dataflows that declare no outputs.
pub(crate) fn check_outputs(
    preflight: Preflight<'_>,
    outputs: Option<&[Name]>,
    declared: &DeclaredOutputs,
    overrides: &[Name],
    inputs: Option<&[Name]>,
) -> Vec<Spanned<RequestErrorKind>> {
    let check = |outputs: &[Name]| preflight.check_request(outputs, overrides, inputs).err();
    if let Some(outputs) = outputs {
        check(outputs).into_iter().flatten().collect()
    } else {
        let mut outputs = declared.nodes(preflight);
        outputs.extend(unread_nodes(preflight, declared));
        check_separately(preflight, outputs, check)
    }
}

/// Returns the nodes that no other node reads, of dataflows that declare no outputs.
fn unread_nodes(preflight: Preflight<'_>, declared: &DeclaredOutputs) -> Vec<Name> {
    let (graph, read) = (preflight.graph(), names_read(preflight));
    let outlines = graph.nodes().map(|node| graph.outline(node));
    let unread = outlines.filter(|node| !read.contains(node.name()) && !declared.covers(node));
    unread.map(|node| node.name().clone()).collect()
}

/// Returns the nodes, inputs and config values that nodes read.
pub(crate) fn names_read(preflight: Preflight<'_>) -> FxHashSet<&Name> {
    let graph = preflight.graph();
    let params = graph.nodes().flat_map(|node| graph.outline(node).params());
    params.filter(|param| param.constant().is_none()).map(Param::source).collect()
}

/// Validates a request for each output alone.
///
/// Fewer outputs need fewer nodes, so outputs that are valid together are valid alone. Only outputs that compete for a value
/// depend on each other; those are validated one by one.
fn check_separately(
    preflight: Preflight<'_>,
    outputs: Vec<Name>,
    check: impl Fn(&[Name]) -> Option<RequestError>,
) -> Vec<Spanned<RequestErrorKind>> {
    let shape = preflight.graph().shape();
    let mut found = Vec::new();
    let mut together = outputs;
    while !together.is_empty() {
        let Some(error) = check(&together) else { break };
        let contested: FxHashSet<Name> = error.kinds().filter_map(contested_value).collect();
        if contested.is_empty() {
            found.extend(error);
            break;
        }
        let mut competing: FxHashSet<&str> = contested.iter().map(Name::as_str).collect();
        competing.extend(contested.iter().flat_map(|name| shape.downstream(name)));
        let (one_by_one, rest): (Vec<_>, Vec<_>) =
            together.into_iter().partition(|output| competing.contains(output.as_str()));
        if one_by_one.is_empty() {
            // Without progress the loop would not end.
            found.extend(error);
            break;
        }
        found.extend(one_by_one.iter().filter_map(|output| check(std::slice::from_ref(output))).flatten());
        together = rest;
    }
    found
}

/// Returns the node that consumes or returns a value that other nodes need too, or the output of a block that another node streams, if
/// this is the error.
fn contested_value(kind: &RequestErrorKind) -> Option<Name> {
    match kind {
        RequestErrorKind::Graph(GraphError::MovedValue { taker, .. }) => Some(taker.clone()),
        RequestErrorKind::Graph(
            GraphError::KeptOutput { output, .. } | GraphError::StreamedAndRequested { output, .. },
        ) => Some(output.clone()),
        _ => None,
    }
}
