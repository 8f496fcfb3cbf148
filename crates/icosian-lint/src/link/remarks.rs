//! Imports the diagnostics of clippy about nodes.

use std::ops::Range;
use std::path::Path;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use icosian_rules::{Remark, SpanId};
use proc_macro2::LineColumn;

use crate::file_analysis::FileAnalysis;

/// Returns the diagnostics of `lints` about the nodes in `file`, and the spans of the file with those of the diagnostics.
///
/// `root` is the folder that file names of diagnostics are relative to.
pub(super) fn remarks(
    diagnostics: &[Diagnostic],
    lints: &[&str],
    root: &Path,
    file: &Path,
    analysis: &FileAnalysis,
) -> (Vec<Remark>, Vec<Range<usize>>) {
    let mut spans = analysis.spans.clone();
    let mut add_span = |bytes: Range<usize>| {
        let id = u32::try_from(spans.len()).map_or(SpanId::NOWHERE, SpanId::new);
        spans.push(bytes);
        id
    };
    let mut remarks = Vec::new();
    let mut seen = Vec::new();
    for diagnostic in diagnostics {
        let lint = diagnostic.code.as_ref().and_then(|it| it.code.strip_prefix("clippy::"));
        let Some(lint) = lint.filter(|lint| lints.contains(lint)) else { continue };
        let mut primary = diagnostic.spans.iter().filter(|it| it.is_primary);
        let Some((node, body, place)) = primary.find_map(|span| node_at(span, root, file, analysis)) else {
            continue;
        };
        // A file may be part of a library and of a program.
        if seen.contains(&(lint, place.clone())) {
            continue;
        }
        seen.push((lint, place.clone()));
        let is_note = |it: &&Diagnostic| {
            it.level == DiagnosticLevel::Note && !it.message.starts_with("the lint level is defined here")
        };
        let notes = diagnostic.children.iter().filter(is_note).flat_map(|note| &note.spans);
        let notes: Vec<_> = notes
            .filter_map(|span| node_at(span, root, file, analysis))
            .filter(|(_, other, at)| *other == body && *at != place)
            .map(|(.., place)| place)
            .collect();
        remarks.push(Remark {
            lint: lint.to_owned(),
            message: diagnostic.message.clone(),
            span: add_span(place),
            others: notes.into_iter().map(&mut add_span).collect(),
            node,
        });
    }
    (remarks, spans)
}

/// Returns the node whose block contains `span`, the block, and the bytes. Generated code is located at the call of its macro.
fn node_at(
    span: &DiagnosticSpan,
    root: &Path,
    file: &Path,
    analysis: &FileAnalysis,
) -> Option<(String, Range<usize>, Range<usize>)> {
    let outward =
        std::iter::successors(Some(span), |span| span.expansion.as_ref().map(|expansion| &expansion.span));
    outward.filter(|span| root.join(&span.file_name).canonicalize().is_ok_and(|it| it == file)).find_map(
        |span| {
            let place = bytes(span, analysis)?;
            let blocks = analysis.facts.functions().map(|it| (it, analysis.bytes(it.block_span)));
            let around = blocks.filter(|(_, block)| block.start <= place.start && place.end <= block.end);
            let (function, block) = around.max_by_key(|(_, block)| block.start)?;
            Some((function.name.clone(), block, place))
        },
    )
}

fn bytes(span: &DiagnosticSpan, analysis: &FileAnalysis) -> Option<Range<usize>> {
    let at = |line, column: usize| LineColumn { line, column: column.saturating_sub(1) };
    let (start, end) = (at(span.line_start, span.column_start), at(span.line_end, span.column_end));
    Some(analysis.source.as_ref()?.bytes(start, end))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use cargo_metadata::diagnostic::Diagnostic;

    use super::remarks;
    use crate::Settings;
    use crate::analysis::analyze;
    use crate::rule_set::RuleSet;

    const LINTS: [&str; 3] = ["await_holding_lock", "await_holding_refcell_ref", "large_futures"];

    /// Returns a line for each remark on the nodes in the file: the node, the line, the lint, and the lines of the notes.
    fn describe(messages: &[Diagnostic], lints: &[&str]) -> Vec<String> {
        let root = Path::new("tests/clippy").canonicalize().unwrap();
        let file = root.join("nodes.rs");
        let sources = analyze(&RuleSet::new(Settings::default()), std::slice::from_ref(&file));
        let analysis = &sources.files[0];
        let (remarks, spans) = remarks(messages, lints, &root, &file, analysis);
        let source = analysis.source.as_ref().unwrap();
        let bytes = |span: icosian_rules::SpanId| spans[span.position()].clone();
        let line = |span| source.line_column(bytes(span).start).0;
        let lines = remarks.iter().map(|it| {
            let (text, others) = (&source.text()[bytes(it.span)], it.others.iter().map(|it| line(*it)));
            let (line, others) = (line(it.span), others.collect::<Vec<_>>());
            format!("{}: {line} `{text}` {}: {} {others:?}", it.node, it.lint, it.message)
        });
        lines.collect()
    }

    #[test]
    fn clippy_diagnostics_in_nodes_are_remarks() {
        let messages: Vec<Diagnostic> =
            serde_json::from_str(include_str!("../../tests/clippy/messages.json")).unwrap();
        let all = describe(&messages, &LINTS);
        insta::assert_snapshot!(all.join("\n"));

        let twice = [messages.as_slice(), &messages].concat();
        assert_eq!(describe(&twice, &LINTS), all, "a file may be part of two targets");
        assert_eq!(describe(&messages, &["unwrap_used"]), [""; 0]);

        let mut elsewhere = messages;
        elsewhere
            .iter_mut()
            .flat_map(|it| &mut it.spans)
            .for_each(|it| it.file_name = "messages.json".into());
        // Code that a macro of another file generates is still located at the call.
        let macros = describe(&elsewhere, &LINTS);
        assert!(macros.len() == 1 && macros[0].starts_with("of_a_macro"), "{macros:?}");
    }
}
