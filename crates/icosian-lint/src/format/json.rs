//! The report as one JSON object.
//!
//! - `version`: 1;
//! - `files`, `dataflows`, `nodes`: how many were looked at;
//! - `judged`, `source_only`, `behind_cfg`: how many of the dataflows were judged as a driver would, of how many only the source was
//!   looked at, and how many a `#[cfg(..)]` left out of what was linked;
//! - `findings`: for each `code`, `name`, `level`, `message`, `help` (or null), `place`, `label`, `others` (each a `place` and a
//!   `label`, perhaps in another file), `fix` (or null: `title`, `safe`, and `edits`, each a `place` and a `text`);
//! - `notices`: what could not be looked at, each a `file`, `line` and `column` (or null), and `message`;
//! - `lacks_config`: the modules of dataflows that were not judged in full, because config decides what they have and none was given;
//! - `foreign`: the folders of packages that were skipped because no workspace includes them;
//! - `skipped`: the codes of rules that did not run.
//!
//! A `place` has `file`, `line`, `column`, `end_line`, `end_column` (from 1, columns in characters, the end after the last
//! character), and `start` and `end` in bytes of the file, including a byte order mark.

use std::io::{self, Write};

use serde::Serialize;

use crate::{Diagnosis, Place, Report};

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    files: usize,
    dataflows: usize,
    nodes: usize,
    judged: usize,
    source_only: usize,
    behind_cfg: usize,
    findings: Vec<Finding<'a>>,
    notices: Vec<Unread<'a>>,
    lacks_config: Vec<&'a str>,
    foreign: &'a [String],
    skipped: Vec<&'a str>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    level: String,
    message: &'a str,
    help: Option<&'a str>,
    place: Position<'a>,
    label: &'a str,
    others: Vec<Label<'a>>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Position<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Label<'a> {
    place: Position<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    place: Position<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let notices = report.notices().iter().map(|notice| Unread {
        file: notice.file(),
        line: notice.line_column().map(|(line, _)| line),
        column: notice.line_column().map(|(_, column)| column),
        message: notice.message(),
    });
    let lacking = report.linked().iter().filter(|it| it.lacks_config);
    let written = Written {
        version: 1,
        files: report.files(),
        dataflows: report.dataflows(),
        nodes: report.nodes(),
        judged: report.judged(),
        source_only: report.source_only(),
        behind_cfg: report.behind_cfg(),
        findings: report.diagnoses().iter().map(finding).collect(),
        notices: notices.collect(),
        lacks_config: lacking.map(|it| it.module.as_str()).collect(),
        foreign: report.foreign(),
        skipped: report.skipped().iter().map(|card| card.code).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &written)?;
    writeln!(out)
}

fn finding(found: &Diagnosis) -> Finding<'_> {
    let file = found.file();
    let others = found.others().iter().map(|spot| (file, spot));
    let elsewhere = found.elsewhere().iter().map(|it| (it.file(), it.spot()));
    Finding {
        code: found.code(),
        name: found.rule().name,
        level: found.level().to_string(),
        message: found.message(),
        help: found.help_text(),
        place: position(file, found.place()),
        label: found.label(),
        others: others
            .chain(elsewhere)
            .map(|(file, spot)| Label { place: position(file, spot.place()), label: spot.text() })
            .collect(),
        fix: found.patch().map(|patch| Fix {
            title: patch.title(),
            safe: patch.is_safe(),
            edits: patch
                .edits()
                .iter()
                .map(|(place, text)| Edit { place: position(file, place), text })
                .collect(),
        }),
    }
}

fn position<'a>(file: &'a str, place: &Place) -> Position<'a> {
    let ((line, column), (end_line, end_column)) = (place.start(), place.end());
    let bytes = place.file_bytes();
    Position { file, line, column, end_line, end_column, start: bytes.start, end: bytes.end }
}
