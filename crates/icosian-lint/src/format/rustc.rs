//! A line of JSON for each finding, in the form of the compiler's own diagnostics
//! (<https://doc.rust-lang.org/rustc/json.html>), which editors understand. An input that
//! could not be checked is an error without a code.
//!
//! The types of `cargo_metadata` have no constructors except for builders that check at run time; a test parses the lines with them.

use std::io::{self, Write};

use icosian_rules::Level;
use serde_json::{Value, json};

use crate::location::LabelRole;
use crate::{Diagnosis, FileRange, Notice, Patch, Report, escape_controls};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for line in report.diagnoses().iter().map(finding).chain(report.notices().iter().map(notice)) {
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}

fn finding(found: &Diagnosis) -> Value {
    let file = found.file();
    let (level, code) = (level(found.level()), found.code());
    let (line, column) = found.location().start();
    let label = |location, text: &str, role| span(found, location, (!text.is_empty()).then_some(text), role);
    let secondary =
        found.secondary_labels().iter().map(|it| label(it.location(), it.text(), LabelRole::Secondary));
    let primary = label(found.location(), found.label(), LabelRole::Primary);
    let spans: Vec<_> = std::iter::once(primary).chain(secondary).collect();
    let is_fix = |help: &&str| found.patch().is_some_and(|patch| patch.title() == *help);
    let help = found.help_text().filter(|help| !is_fix(help)).map(|help| child("help", help, &[]));
    let note = child("note", &format!("run `cargo icosian explain {code}` for details"), &[]);
    let children: Vec<_> =
        help.into_iter().chain([note]).chain(found.patch().map(|patch| fix(found, patch))).collect();
    json!({
        "$message_type": "diagnostic",
        "message": found.message(),
        "code": {"code": code, "explanation": null},
        "level": level,
        "spans": spans,
        "children": children,
        "rendered": format!("{level}[{code}]: {found}\n --> {}:{line}:{column}\n", escape_controls(file)),
    })
}

/// Returns a fix as a suggestion of the compiler.
fn fix(found: &Diagnosis, patch: &Patch) -> Value {
    let applicability = if patch.is_safe() { "MachineApplicable" } else { "MaybeIncorrect" };
    let spans = patch.edits().iter().map(|(location, text)| {
        let mut span = span(found, location, None, LabelRole::Primary);
        span["suggested_replacement"] = json!(text);
        span["suggestion_applicability"] = json!(applicability);
        span
    });
    child("help", patch.title(), &spans.collect::<Vec<_>>())
}

fn child(level: &str, message: &str, spans: &[Value]) -> Value {
    json!({"message": message, "code": null, "level": level, "spans": spans, "children": [], "rendered": null})
}

fn span(found: &Diagnosis, location: &FileRange, label: Option<&str>, role: LabelRole) -> Value {
    let ((line, column), (end_line, end_column)) = (location.start(), location.end());
    let bytes = location.file_bytes();
    let text = found.lines(line..=end_line).map(|(number, text)| {
        let start = if number == line { column } else { 1 };
        let end = if number == end_line { end_column } else { text.chars().count() + 1 };
        json!({"text": text, "highlight_start": start, "highlight_end": end})
    });
    json!({
        "file_name": found.file(),
        "byte_start": bytes.start,
        "byte_end": bytes.end,
        "line_start": line,
        "line_end": end_line,
        "column_start": column,
        "column_end": end_column,
        "is_primary": role == LabelRole::Primary,
        "text": text.collect::<Vec<_>>(),
        "label": label,
        "suggested_replacement": null,
        "suggestion_applicability": null,
        "expansion": null,
    })
}

fn notice(notice: &Notice) -> Value {
    let (line, column) = notice.line_column().unwrap_or((1, 1));
    let span = json!({
        "file_name": notice.file(),
        "byte_start": 0,
        "byte_end": 0,
        "line_start": line,
        "line_end": line,
        "column_start": column,
        "column_end": column,
        "is_primary": true,
        "text": [],
        "label": null,
        "suggested_replacement": null,
        "suggestion_applicability": null,
        "expansion": null,
    });
    json!({
        "$message_type": "diagnostic",
        "message": notice.message(),
        "code": null,
        "level": "error",
        "spans": [span],
        "children": [],
        "rendered": format!("error: {notice}\n"),
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    }
}
