use std::io::{self, Write};

use crate::{Report, escape_controls};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for found in report.diagnoses() {
        let (line, column) = found.location().start();
        let (file, level, code, name) = (found.file(), found.level(), found.code(), found.rule().name);
        let text = format!("{file}:{line}:{column}: {level} {code} {name}: {}", found.message());
        writeln!(out, "{}", escape_controls(&text))?;
    }
    for notice in report.notices() {
        writeln!(out, "{notice}")?;
    }
    Ok(())
}
