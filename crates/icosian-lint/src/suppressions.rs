//! Applies `allow(..)`, and finds those without effect.

use std::ops::Range;

use icosian_core::decorator::Phase;
use icosian_rules::{Allow, DecoratorFacts, Fact, Level, RuleMetadata, Stage};

use crate::Diagnosis;
use crate::file_analysis::FileAnalysis;
use crate::linked_file::LinkedFile;
use crate::rule_set::{BLOCKING_INLINE, RuleSet, UNUSED_ALLOW};

/// `unlinked-node`, the rule on dataflows that the harness does not contain.
const UNLINKED_NODE: &str = "ICO1005";

/// The prefix of the codes of rules on config.
const CONFIG_PREFIX: &str = "ICO05";

/// Returns the findings of `file` that are reported, sorted by location.
///
/// An `allow(..)` with a reason suppresses the findings of its rule in its scope. Whether it has an effect is only known if the
/// rule ran on all code in the scope; then an `allow(..)` without effect becomes a finding.
pub(crate) fn apply_suppressions(rules: &RuleSet, file: LinkedFile) -> Vec<Diagnosis> {
    let LinkedFile { mut analysis, is_external, .. } = file;
    let scopes: Vec<_> = analysis.facts.allows.iter().map(|allow| analysis.bytes(allow.scope)).collect();
    let mut diagnoses = std::mem::take(&mut analysis.diagnoses);
    let is_used = suppress(&mut diagnoses, &analysis.facts.allows, &scopes);
    let used: Vec<_> = (0..scopes.len())
        .map(|at| {
            let is_certain = ran(rules, &analysis, &analysis.facts.allows[at], &scopes[at])
                && (is_used[at] || !hides_function(&analysis, &scopes[at]));
            if is_certain { Fact::Known(is_used[at]) } else { Fact::Unknown }
        })
        .collect();
    for (allow, used) in analysis.facts.allows.iter_mut().zip(used) {
        allow.used = used;
    }
    if let Some(source) = analysis.source.as_ref().filter(|_| !is_external) {
        let is_selected = |metadata: &RuleMetadata| metadata.code == UNUSED_ALLOW;
        diagnoses.extend(rules.check(&analysis.facts, source, &analysis.spans, is_selected));
    }
    diagnoses.retain(|found| found.level != Level::Allow);
    diagnoses.sort_by_key(|found| (found.location().bytes().start, found.code()));
    diagnoses
}

/// Removes suppressed findings. Returns which of `allows` match a finding.
fn suppress(diagnoses: &mut Vec<Diagnosis>, allows: &[Allow], scopes: &[Range<usize>]) -> Vec<bool> {
    let mut is_used = vec![false; scopes.len()];
    diagnoses.retain(|found| {
        let place = found.location().bytes();
        let mut is_suppressed = false;
        for (at, (allow, scope)) in allows.iter().zip(scopes).enumerate() {
            let is_inside = scope.start <= place.start && place.end <= scope.end;
            if is_inside && found.metadata.is_called(&allow.rule) {
                is_used[at] = true;
                is_suppressed |= allow.reason.is_some();
            }
        }
        !is_suppressed
    });
    is_used
}

/// Returns whether a rule that `allow` names ran on all code in `scope`.
fn ran(rules: &RuleSet, analysis: &FileAnalysis, allow: &Allow, scope: &Range<usize>) -> bool {
    let is_linked = has_linked_dataflow(analysis, scope);
    let has_clippy = analysis.facts.clippy.known().is_some();
    let ran = |metadata: &RuleMetadata| match metadata.stage {
        // The harness has the selected features only; another build may contain other dataflows.
        _ if metadata.code == UNLINKED_NODE => false,
        // The finding may exist under another adapter.
        _ if metadata.code == BLOCKING_INLINE => false,
        Stage::Clippy => is_linked && has_clippy,
        // The finding may exist with other config.
        Stage::Plan if metadata.code.starts_with(CONFIG_PREFIX) => false,
        Stage::Linked | Stage::Plan => {
            is_linked && is_config_independent(analysis, scope) && metadata.stage <= analysis.facts.stage
        }
        Stage::Macro | Stage::Source => true,
    };
    rules.all_metadata().any(|metadata| metadata.is_called(&allow.rule) && ran(metadata))
}

/// Returns whether a decorator in the wrong place hides from other rules that a function in `scope` is a node.
fn hides_function(analysis: &FileAnalysis, scope: &Range<usize>) -> bool {
    let mut hidden = analysis.facts.functions().filter(|it| it.has_misplaced_decorators);
    hidden.any(|it| scope.contains(&analysis.bytes(it.name_span).start))
}

/// Returns whether the code in `scope` is known to be compiled, because it contains a linked dataflow or a node of one.
fn has_linked_dataflow(analysis: &FileAnalysis, scope: &Range<usize>) -> bool {
    let linked = analysis.facts.dataflows.iter().filter(|dataflow| dataflow.linked.is(&true));
    let mut names =
        linked.flat_map(|flow| flow.functions.iter().map(|it| it.name_span).chain([flow.name_span]));
    names.any(|span| scope.contains(&analysis.bytes(span).start))
}

/// Returns whether the dataflow around `scope`, or in it, has the same nodes with all features and all config.
fn is_config_independent(analysis: &FileAnalysis, scope: &Range<usize>) -> bool {
    let is_independent =
        |decorator: &DecoratorFacts| decorator.spec().is_some_and(|spec| spec.phase() != Phase::Resolve);
    let is_near = |span| scope.contains(&analysis.bytes(span).start);
    let flows = analysis.facts.dataflows.iter().filter(|flow| {
        is_near(flow.name_span) || flow.functions.iter().any(|function| is_near(function.name_span))
    });
    let mut functions = flows.flat_map(|flow| &flow.functions);
    functions.all(|function| function.is_there.is(&true) && function.decorators.iter().all(is_independent))
}
