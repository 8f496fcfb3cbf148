use std::io::{self, Write};

use crate::Report;
use crate::plain::plain_lines;

/// A suite for each file with findings, a failed case for each finding; what could not be looked at is an error.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (failures, errors) = (report.diagnoses().len(), report.notices().len());
    let tests = (failures + errors).max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"icosian\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    for suite in report.diagnoses().chunk_by(|a, b| a.file() == b.file()) {
        let (file, count) = (escaped(suite[0].file()), suite.len());
        writeln!(out, "  <testsuite name=\"{file}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">")?;
        for found in suite {
            let ((line, column), code) = (found.place().start(), found.code());
            let name = found.rule().name;
            writeln!(out, "    <testcase name=\"{code} {name}:{line}:{column}\" classname=\"{file}\">")?;
            let message = escaped(found.message());
            write!(out, "      <failure type=\"{}\" message=\"{message}\">", found.level())?;
            write!(out, "{file}:{line}:{column}: {message}")?;
            if let Some(help) = found.help_text() {
                write!(out, "&#10;help: {}", escaped(help))?;
            }
            writeln!(out, "</failure>")?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    for notice in report.notices() {
        let (file, message) = (escaped(notice.file()), escaped(notice.message()));
        writeln!(out, "  <testsuite name=\"{file}\" tests=\"1\" failures=\"0\" errors=\"1\">")?;
        writeln!(out, "    <testcase name=\"readable\" classname=\"{file}\">")?;
        writeln!(out, "      <error message=\"{message}\">{}</error>", escaped(&notice.to_string()))?;
        writeln!(out, "    </testcase>")?;
        writeln!(out, "  </testsuite>")?;
    }
    if failures + errors == 0 {
        writeln!(out, "  <testsuite name=\"icosian\" tests=\"1\" failures=\"0\" errors=\"0\">")?;
        writeln!(out, "    <testcase name=\"lint\" classname=\"icosian\"/>")?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Escapes text for XML, and leaves out what XML cannot have.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in plain_lines(text).chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\n' => written.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            other => written.push(other),
        }
    }
    written
}
