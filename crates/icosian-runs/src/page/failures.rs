use std::fmt::{self, Write};

use crate::node_failure::NodeFailure;
use crate::page::markup::{Escaped, duration};
use crate::recorded_run::{ExecutionStatus, RunOutcome};
use crate::run_report::RunReport;

/// The number of lines of an excerpt before and after the location.
const EXCERPT: (usize, usize) = (1, 6);

/// Writes the errors: the first one of a failed run in full, the others collapsed.
pub(super) fn write(report: &RunReport<'_>, errors: &[NodeFailure], out: &mut impl Write) -> fmt::Result {
    if errors.is_empty() {
        return Ok(());
    }
    let total = report.failures.len();
    let title = if total == 1 { "1 error".to_owned() } else { format!("{total} errors") };
    writeln!(
        out,
        "<section id=\"errors\" aria-labelledby=\"errors-title\"><h2 id=\"errors-title\">{title}</h2>"
    )?;
    for (at, (error, execution)) in errors.iter().zip(&report.failures).enumerate() {
        let row = report.rows.iter().position(|row| row.name == execution.node).unwrap_or_default();
        let is_open = at == 0 && report.outcome != RunOutcome::Succeeded;
        let open = if is_open { " open" } else { "" };
        writeln!(
            out,
            "<details class=\"error\"{open}><summary><strong>{}</strong> {}</summary>",
            Escaped(error.node()),
            Escaped(error.message().lines().next().unwrap_or_default())
        )?;
        write_error(error, out)?;
        write!(out, "<p class=\"where\"><a href=\"#n{row}\">Details of the node</a>: ")?;
        write!(out, "failed after {}", duration(execution.run_time))?;
        if execution.attempts > 1 {
            write!(out, " in {} attempts", execution.attempts)?;
        }
        writeln!(out, ", {} after the start of the run</p></details>", duration(execution.ended_at))?;
    }
    if total > errors.len() {
        writeln!(out, "<p>{} more errors are in the table of nodes.</p>", total - errors.len())?;
    }
    write_consequences(report, out)?;
    out.write_str("</section>\n")
}

fn write_error(error: &NodeFailure, out: &mut impl Write) -> fmt::Result {
    if error.message().contains('\n') {
        writeln!(out, "<pre class=\"message\">{}</pre>", Escaped(error.message()))?;
    }
    let causes = error.causes();
    if !causes.is_empty() {
        out.write_str("<p class=\"label\">Caused by</p><ol class=\"causes\">\n")?;
        for cause in causes {
            writeln!(out, "<li>{}</li>", Escaped(cause))?;
        }
        out.write_str("</ol>\n")?;
    }
    if let Some(location) = error.location() {
        writeln!(out, "<p class=\"where\">Function at <code>{}</code></p>", Escaped(&location))?;
    }
    let lines = error.excerpt(EXCERPT.0, EXCERPT.1);
    if !lines.is_empty() {
        out.write_str("<pre class=\"source\" tabindex=\"0\" aria-label=\"Source\"><code>")?;
        for line in lines {
            let class = if line.is_location { " class=\"at\"" } else { "" };
            write!(out, "<span{class}><b>{:>4}</b> {}\n</span>", line.number, Escaped(line.text))?;
        }
        out.write_str("</code></pre>\n")?;
    }
    if error.is_stale() {
        out.write_str("<p class=\"notice\">The source file changed after the run.</p>\n")?;
    }
    if let Some(help) = error.error_help() {
        writeln!(out, "<p class=\"help\"><strong>Help</strong> {}</p>", Escaped(help))?;
    }
    if let Some(code) = error.error_code() {
        let code = Escaped(code);
        writeln!(
            out,
            "<p class=\"where\">Code <code>{code}</code>, explained by <code>cargo icosian explain {code}</code></p>"
        )?;
    }
    Ok(())
}

/// Writes the outputs that are missing, and the number of nodes that did not run.
fn write_consequences(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    if report.outcome == RunOutcome::Succeeded {
        return Ok(());
    }
    let missing: Vec<_> = report.outputs().into_iter().filter(|(_, output)| output.is_none()).collect();
    let counts = [ExecutionStatus::Skipped, ExecutionStatus::Cancelled]
        .map(|status| (report.count(status), status.word()));
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} nodes {word}"))
        .collect();
    if missing.is_empty() && counts.is_empty() {
        return Ok(());
    }
    out.write_str("<p class=\"consequences\"><strong>Consequences</strong> ")?;
    out.write_str(&counts.join(", "))?;
    if !missing.is_empty() {
        let names: Vec<_> =
            missing.iter().take(8).map(|(name, _)| format!("<code>{}</code>", Escaped(name))).collect();
        let more = missing.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let separator = if counts.is_empty() { "" } else { "; " };
        write!(out, "{separator}outputs without a value: {}{more}", names.join(", "))?;
    }
    out.write_str("</p>\n")
}
