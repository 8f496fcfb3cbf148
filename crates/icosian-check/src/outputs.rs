//! What a driver refuses when it is asked for outputs.

use icosian_core::{Name, Param};
use icosian_diagnostics::Spanned;
use icosian_driver::{Preflight, RequestError, RequestErrorKind};
use icosian_graph::GraphError;
use rustc_hash::FxHashSet;

/// Says what is wrong with asking for `outputs` together; or, when nobody said which, with asking for each node that no other
/// reads.
pub(crate) fn refused(
    preflight: Preflight<'_>,
    outputs: Option<&[Name]>,
    overrides: &[Name],
    inputs: Option<&[Name]>,
) -> Vec<Spanned<RequestErrorKind>> {
    let ask = |outputs: &[Name]| preflight.check_request(outputs, overrides, inputs).err();
    let Some(outputs) = outputs else { return alone(preflight, &ends(preflight), ask) };
    ask(outputs).into_iter().flatten().collect()
}

/// Returns the nodes that no other reads.
fn ends(preflight: Preflight<'_>) -> Vec<Name> {
    let (graph, read) = (preflight.graph(), read(preflight));
    let names = graph.nodes().map(|node| graph.outline(node).name());
    names.filter(|name| !read.contains(name)).cloned().collect()
}

/// Returns the nodes, inputs and config values that nodes read.
pub(crate) fn read(preflight: Preflight<'_>) -> FxHashSet<&Name> {
    let graph = preflight.graph();
    let params = graph.nodes().flat_map(|node| graph.outline(node).params());
    params.filter(|param| param.constant().is_none()).map(Param::source).collect()
}

/// Asks for each output alone.
///
/// To ask for fewer outputs at a time is to ask for less, so what may be asked for together may be asked for alone: only
/// where too many need one value does it matter who else asks, and only then they are asked one by one.
fn alone(
    preflight: Preflight<'_>,
    outputs: &[Name],
    ask: impl Fn(&[Name]) -> Option<RequestError>,
) -> Vec<Spanned<RequestErrorKind>> {
    let shape = preflight.graph().shape();
    let mut found = Vec::new();
    let mut together = outputs.to_vec();
    while !together.is_empty() {
        let Some(problems) = ask(&together) else { break };
        let contested: FxHashSet<Name> =
            problems.iter().filter_map(|problem| contested(problem.kind())).collect();
        if contested.is_empty() {
            found.extend(problems);
            break;
        }
        let mut concerned: FxHashSet<&str> = contested.iter().map(Name::as_str).collect();
        concerned.extend(contested.iter().flat_map(|name| shape.downstream(name)));
        let (one_by_one, rest): (Vec<_>, Vec<_>) =
            together.into_iter().partition(|output| concerned.contains(output.as_str()));
        if one_by_one.is_empty() {
            // Nobody that was asked for is concerned: that cannot be, and must not go on for ever.
            found.extend(problems);
            break;
        }
        found.extend(one_by_one.iter().filter_map(|output| ask(std::slice::from_ref(output))).flatten());
        together = rest;
    }
    found
}

/// Returns who needs a value that others need too, when that is the problem.
fn contested(problem: &RequestErrorKind) -> Option<Name> {
    match problem {
        RequestErrorKind::Graph(GraphError::MovedValue { taker, .. }) => Some(taker.clone()),
        RequestErrorKind::Graph(GraphError::KeptOutput { output, .. }) => Some(output.clone()),
        _ => None,
    }
}
