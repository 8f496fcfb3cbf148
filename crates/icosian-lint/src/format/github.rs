//! Reports as annotations, which are commands of GitHub workflows.

use std::io::{self, Write};

use icosian_rules::Level;

use crate::Report;
use crate::escape::escape_lines;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for found in report.diagnoses() {
        let kind = match found.level() {
            Level::Deny => "error",
            Level::Warn => "warning",
            Level::Allow => "notice",
        };
        let ((line, column), (end_line, end_column)) = (found.location().start(), found.location().end());
        let (file, title) =
            (property(found.file()), property(&format!("{} {}", found.code(), found.rule().name)));
        let mut message = found.message().to_owned();
        if let Some(help) = found.help_text() {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        write!(out, "::{kind} title={title},file={file},line={line},endLine={end_line}")?;
        // Columns only apply to a location on one line. The end column is the last one of the location.
        if line == end_line {
            write!(out, ",col={column},endColumn={}", end_column.max(column + 1) - 1)?;
        }
        writeln!(out, "::{}", data(&message))?;
    }
    for notice in report.notices() {
        write!(out, "::error file={}", property(notice.file()))?;
        if let Some((line, column)) = notice.line_column() {
            write!(out, ",line={line},col={column}")?;
        }
        writeln!(out, "::{}", data(notice.message()))?;
    }
    Ok(())
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    escape_lines(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escapes the value of a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
