use unicode_width::UnicodeWidthStr;

use crate::run_report::RunReport;
use crate::text::TextStyle;
use crate::text::style::{BOLD, pad_left, pad_right};

const SLOWEST: usize = 5;
const TIME: usize = 10;
const SHARE: usize = 7;

/// Renders the critical path, the parallelism and the slowest nodes. Returns no text for a run without nodes.
#[must_use]
pub fn render_summary(report: &RunReport<'_>, style: &TextStyle) -> String {
    let slowest = report.slowest(SLOWEST);
    if slowest.is_empty() {
        return String::new();
    }
    let names: Vec<_> = report.critical_path.iter().map(|it| it.label()).collect();
    let path = names.join(style.select(" → ", " > "));
    let time = style.duration(report.critical_time());
    let path = style.shorten(&path, style.width().saturating_sub("critical path  ".len() + time.width() + 2));
    let mut lines = vec![format!("{} {path}: {time}", style.paint(BOLD, "critical path"))];
    let run_time = style.duration(report.run_time);
    let parallelism = format!("{:.1} (sum of run times: {run_time})", report.parallelism());
    let parallelism = style.cut(&parallelism, style.width() - "parallelism ".len());
    lines.push(format!("{} {parallelism}", style.paint(BOLD, "parallelism")));
    let names = slowest.iter().map(|row| style.shorten(row.name, usize::MAX).width());
    let room = style.width() - 2 - TIME - SHARE;
    let name = names.max().unwrap_or_default().clamp("slowest nodes".len(), room.max("slowest nodes".len()));
    let head = format!("{}{}", pad_right("slowest nodes", name + 2), pad_left("run time", TIME));
    lines.push(style.paint(BOLD, &head));
    for row in slowest {
        let share = u128::from(row.run_time) * 100 / u128::from(report.run_time.max(1));
        lines.push(format!(
            "  {}{}{}",
            pad_right(&style.shorten(row.name, name), name),
            pad_left(&style.duration(row.run_time), TIME),
            pad_left(&format!("{share} %"), SHARE)
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}
