//! The inputs that all executions of a driver share.

use icosian_core::{Dataflow, Name, Outline, RunContext};
use icosian_diagnostics::{Spanned, nearest};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::build_error::{BuildError, BuildErrorKind};
use crate::input::{Input, InputSource};
use crate::inputs::{InputRole, Inputs};
use crate::shared_value::{SharedValue, SharedValueKind};

/// Returns the names that parameters of `dataflows` read, if `shared` has inputs.
///
/// The names come from the functions as written: a function that config drops may be the only reader of a shared input.
pub(crate) fn names_read(shared: &Inputs, dataflows: &[Dataflow]) -> FxHashSet<Name> {
    if shared.names(InputRole::Input).next().is_none() {
        return FxHashSet::default();
    }
    let params = dataflows.iter().flat_map(Dataflow::nodes).flat_map(|node| node.outline().params());
    params.map(|param| param.source().clone()).collect()
}

/// Moves the inputs in `shared` to `constants`, and reports the inputs that a driver cannot share.
///
/// `read` are the names that functions read, `outlines` the nodes of the graph.
pub(crate) fn add_shared(
    constants: &mut FxHashMap<Name, SharedValue>,
    shared: Inputs,
    read: &FxHashSet<Name>,
    outlines: &[Outline],
) -> BuildError {
    let mut errors = BuildError::default();
    let mut report = |kind| errors.push(Spanned::new(kind, Vec::new()));
    for name in shared.names(InputRole::Override) {
        report(BuildErrorKind::SharedOverride { name: name.clone() });
    }
    if shared.context.is_some() {
        report(BuildErrorKind::SharedContext);
    }
    let nodes: FxHashSet<&Name> = outlines.iter().map(Outline::name).collect();
    let mut params: FxHashMap<&Name, Vec<_>> = FxHashMap::default();
    if shared.names(InputRole::Input).next().is_some() {
        for param in outlines.iter().flat_map(Outline::params).filter(|param| param.constant().is_none()) {
            params.entry(param.source()).or_default().push(param);
        }
    }
    for (name, input) in shared.into_values() {
        if nodes.contains(&name) {
            report(BuildErrorKind::SharedInputIsNode { name });
            continue;
        }
        if constants.contains_key(&name) {
            report(BuildErrorKind::SharedInputIsConfig { name });
            continue;
        }
        let readers = params.get(&name).map(Vec::as_slice).unwrap_or_default();
        if readers.is_empty() && !read.contains(&name) {
            let candidates = params.keys().map(|name| name.as_str()).chain(read.iter().map(Name::as_str));
            let candidates =
                candidates.filter(|candidate| !nodes.contains(&Name::from((*candidate).to_owned())));
            let nearest = nearest(&name, candidates.filter(|candidate| *candidate != RunContext::INPUT));
            let nearest = nearest.map(|near| near.to_owned().into());
            report(BuildErrorKind::UnreadSharedInput { name, nearest });
            continue;
        }
        let is_read_as = |value_type: &_| readers.iter().all(|param| param.way_from(value_type).is_some());
        let Input { output, source, .. } = input.read_as(is_read_as);
        let InputSource::Value(mut cell) = source else {
            report(BuildErrorKind::SharedFuture { name });
            continue;
        };
        let Some(value) = cell.share() else { continue };
        constants.insert(name, SharedValue { kind: SharedValueKind::Shared, value, output });
    }
    errors
}
