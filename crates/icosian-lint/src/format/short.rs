use std::io::{self, Write};

use crate::Report;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for found in report.diagnoses() {
        let (line, column) = found.place().start();
        let (file, level, code, name) = (found.file(), found.level(), found.code(), found.rule().name);
        let text = format!("{file}:{line}:{column}: {level} {code} {name}: {}", found.message());
        writeln!(out, "{}", in_one_line(&text))?;
    }
    for notice in report.notices() {
        writeln!(out, "{}", in_one_line(&notice.to_string()))?;
    }
    Ok(())
}

/// File names and types may have line ends in them.
fn in_one_line(text: &str) -> String {
    text.replace('\r', "\\r").replace('\n', "\\n")
}
