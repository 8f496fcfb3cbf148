//! The report as one JSON object.
//!
//! - `version`: 1;
//! - `files`, `dataflows`, `nodes`: their numbers;
//! - `judged`, `source_only`, `behind_cfg`: the numbers of dataflows that were checked as a driver checks them, that were checked as
//!   source only, and that a `#[cfg(..)]` disables in the linked crates;
//! - `findings`: for each `code`, `name`, `level`, `message`, `help` (or null), `place`, `label`, `others` (each a `place` and a
//!   `label`, which may be in another file), `fix` (or null: `title`, `safe`, and `edits`, each a `place` and a `text`);
//! - `notices`: the inputs that could not be checked, each a `file`, `line` and `column` (or null), and `message`;
//! - `lacks_config`: the modules of dataflows that were checked in part, because their nodes depend on config that is not set;
//! - `foreign`: the folders of packages that were skipped because no workspace includes them;
//! - `skipped`: the codes of rules that did not run.
//!
//! A `place` has `file`, `line`, `column`, `end_line`, `end_column` (from 1, columns in characters, the end after the last
//! character), and `start` and `end` in bytes of the file, including a byte order mark.

use std::io::{self, Write};

use serde::Serialize;

use crate::{Diagnosis, FileRange, Report};

#[derive(Serialize)]
struct JsonReport<'a> {
    version: u32,
    files: usize,
    dataflows: usize,
    nodes: usize,
    judged: usize,
    source_only: usize,
    behind_cfg: usize,
    findings: Vec<JsonFinding<'a>>,
    notices: Vec<JsonNotice<'a>>,
    lacks_config: Vec<&'a str>,
    foreign: &'a [String],
    skipped: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    code: &'a str,
    name: &'a str,
    level: String,
    message: &'a str,
    help: Option<&'a str>,
    place: JsonPosition<'a>,
    label: &'a str,
    others: Vec<JsonLabel<'a>>,
    fix: Option<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonPosition<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    place: JsonPosition<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    place: JsonPosition<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonNotice<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let notices = report.notices().iter().map(|notice| JsonNotice {
        file: notice.file(),
        line: notice.line_column().map(|(line, _)| line),
        column: notice.line_column().map(|(_, column)| column),
        message: notice.message(),
    });
    let lacking = report.linked().iter().filter(|it| it.lacks_config);
    let json = JsonReport {
        version: 1,
        files: report.files(),
        dataflows: report.dataflows(),
        nodes: report.nodes(),
        judged: report.checked(),
        source_only: report.source_only(),
        behind_cfg: report.behind_cfg(),
        findings: report.diagnoses().iter().map(finding).collect(),
        notices: notices.collect(),
        lacks_config: lacking.map(|it| it.module.as_str()).collect(),
        foreign: report.foreign(),
        skipped: report.skipped().iter().map(|metadata| metadata.code).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)
}

fn finding(found: &Diagnosis) -> JsonFinding<'_> {
    let file = found.file();
    let secondary = found.secondary_labels().iter().map(|label| (file, label));
    let external = found.external_labels().iter().map(|it| (it.file(), it.label()));
    JsonFinding {
        code: found.code(),
        name: found.rule().name,
        level: found.level().to_string(),
        message: found.message(),
        help: found.help_text(),
        place: position(file, found.location()),
        label: found.label(),
        others: secondary
            .chain(external)
            .map(|(file, label)| JsonLabel { place: position(file, label.location()), label: label.text() })
            .collect(),
        fix: found.patch().map(|patch| JsonFix {
            title: patch.title(),
            safe: patch.is_safe(),
            edits: patch
                .edits()
                .iter()
                .map(|(location, text)| JsonEdit { place: position(file, location), text })
                .collect(),
        }),
    }
}

fn position<'a>(file: &'a str, location: &FileRange) -> JsonPosition<'a> {
    let ((line, column), (end_line, end_column)) = (location.start(), location.end());
    let bytes = location.file_bytes();
    JsonPosition { file, line, column, end_line, end_column, start: bytes.start, end: bytes.end }
}
