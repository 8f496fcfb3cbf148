use std::fmt::{self, Write};

use crate::node_failure::{NodeFailure, SourceFiles};
use crate::page::markup::Escaped;
use crate::page::{failures, graph, node_table, overview, timeline, values};
use crate::record_file::LineFault;
use crate::run_report::RunReport;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// The SHA-256 hash of the script, for the policy of the page. A test checks it.
const SCRIPT_HASH: &str = "sha256-wMkTMZZ4VKjKYUJtamacOx7gnIOGV6a3zlVVlDK4rbk=";
/// The number of errors with all details. The table of nodes contains all of them.
const MAX_ERRORS: usize = 20;

/// The page of a run. It is displayed as HTML.
///
/// # Examples
/// ```
/// use icosian_runs::page::RunPage;
/// use icosian_runs::{RecordFile, RunReport};
///
/// let text = r#"{"event":"node_ended","run":"7f3a","node":"<b>","outcome":"succeeded"}"#;
/// let file = RecordFile::parse("runs.jsonl", text.as_bytes());
/// let html = RunPage::new(&RunReport::new(&file.runs[0])).to_string();
/// assert!(html.starts_with("<!doctype html>") && html.contains("&lt;b&gt;"));
/// ```
#[derive(Debug)]
pub struct RunPage<'a> {
    report: &'a RunReport<'a>,
    files: SourceFiles,
    faults: &'a [LineFault],
}

impl<'a> RunPage<'a> {
    /// Creates the page of a report, without source files.
    #[must_use]
    pub fn new(report: &'a RunReport<'a>) -> Self {
        Self { report, files: SourceFiles::none(), faults: &[] }
    }

    /// Sets the source files for excerpts.
    #[must_use]
    pub fn with_sources(self, files: SourceFiles) -> Self {
        Self { files, ..self }
    }

    /// Sets the unreadable lines of the record.
    #[must_use]
    pub fn with_faults(self, faults: &'a [LineFault]) -> Self {
        Self { faults, ..self }
    }

    fn write_sections(&self, out: &mut impl Write) -> fmt::Result {
        let report = self.report;
        let shown = report.failures.iter().take(MAX_ERRORS);
        let errors: Vec<_> = shown.map(|it| NodeFailure::new(report.run, it, &self.files)).collect();
        failures::write(report, &errors, out)?;
        overview::write_facts(report, out)?;
        timeline::write(report, out)?;
        graph::write(report, out)?;
        node_table::write(report, out)?;
        values::write(report, out)?;
        self.write_faults(out)
    }

    fn write_faults(&self, out: &mut impl Write) -> fmt::Result {
        if self.faults.is_empty() {
            return Ok(());
        }
        out.write_str("<section id=\"record\" aria-labelledby=\"record-title\"><h2 id=\"record-title\">Unreadable lines</h2>\n")?;
        out.write_str("<p>The page does not contain the events of these lines.</p>\n<ul>\n")?;
        for fault in self.faults {
            writeln!(out, "<li>{}</li>", Escaped(&fault.to_string()))?;
        }
        out.write_str("</ul></section>\n")
    }

    fn write_navigation(&self, out: &mut impl Write) -> fmt::Result {
        let sections = [
            ("errors", "Errors", !self.report.failures.is_empty()),
            ("timeline", "Timeline", !self.report.rows.is_empty()),
            ("graph", "Graph", graph::exists(self.report)),
            ("nodes", "Nodes", !self.report.rows.is_empty()),
            ("values", "Values", true),
            ("record", "Unreadable lines", !self.faults.is_empty()),
        ];
        out.write_str("<nav aria-label=\"Sections\"><ul>")?;
        for (id, title, _) in sections.into_iter().filter(|(.., exists)| *exists) {
            write!(out, "<li><a href=\"#{id}\">{title}</a></li>")?;
        }
        out.write_str("</ul></nav>\n")
    }
}

impl fmt::Display for RunPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = overview::title(self.report);
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src '{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n\
             <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to content</a>\n",
            Escaped(&title)
        )?;
        overview::write_header(self.report, f)?;
        self.write_navigation(f)?;
        f.write_str("<main id=\"main\" tabindex=\"-1\">\n")?;
        self.write_sections(f)?;
        write!(f, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, SCRIPT_HASH};

    #[test]
    fn policy_has_the_hash_of_the_script() {
        use base64::Engine;
        use sha2::Digest;

        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(SCRIPT));
        assert_eq!(SCRIPT_HASH, format!("sha256-{hash}"));
    }
}
