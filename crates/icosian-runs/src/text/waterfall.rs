use unicode_width::UnicodeWidthStr;

use crate::node_row::{ItemStatistics, NodeRow};
use crate::recorded_run::{ExecutionStatus, NodeExecution};
use crate::run_report::RunReport;
use crate::text::TextStyle;
use crate::text::bar::Scale;
use crate::text::style::{BOLD, CRITICAL, DIM, pad_left, pad_right, status_style};

/// The options of a waterfall.
///
/// # Examples
/// ```
/// use icosian_runs::text::{ItemDisplay, WaterfallOptions};
///
/// let options = WaterfallOptions::default().with_items(ItemDisplay::Each).with_all_rows();
/// assert_ne!(options, WaterfallOptions::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaterfallOptions {
    items: ItemDisplay,
    max_rows: Option<usize>,
}

/// The display of nodes that run once for each item of an expansion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ItemDisplay {
    /// A line with the number of items and their run times.
    #[default]
    Statistics,
    /// Also a line for each item.
    Each,
}

impl Default for WaterfallOptions {
    fn default() -> Self {
        Self { items: ItemDisplay::Statistics, max_rows: Some(40) }
    }
}

impl WaterfallOptions {
    /// Sets the display of items.
    #[must_use]
    pub fn with_items(self, items: ItemDisplay) -> Self {
        Self { items, ..self }
    }

    /// Shows all nodes instead of the 40 most relevant ones.
    #[must_use]
    pub fn with_all_rows(self) -> Self {
        Self { max_rows: None, ..self }
    }
}

/// The columns of a waterfall: a mark, the name, the bar, the duration, the outcome and the attempts.
struct Columns<'a> {
    name: usize,
    attempts: usize,
    scale: Scale,
    style: &'a TextStyle,
}

const MARK: usize = 2;
const DURATION: usize = 8;
const OUTCOME: usize = 2;

/// Renders a line for each node: its queue time and run time as a bar, and its duration, outcome and attempts.
///
/// Nodes are in the order in which they were ready. Returns no text for a run without nodes.
#[must_use]
pub fn render_waterfall(report: &RunReport<'_>, options: &WaterfallOptions, style: &TextStyle) -> String {
    let rows = report.relevant_rows(options.max_rows.unwrap_or(usize::MAX));
    if rows.is_empty() {
        return String::new();
    }
    let columns = Columns::new(report, &rows, options.items, style);
    let mut text = columns.head();
    for row in &rows {
        columns.write_row(row, options.items, &mut text);
    }
    let left_out = report.rows.len() - rows.len();
    if left_out > 0 {
        let note = format!("{left_out} more nodes; `--all` shows them");
        text.push_str(&style.paint(DIM, &style.cut(&note, style.width())));
        text.push('\n');
    }
    text.push_str(&legend(&rows, style));
    text
}

impl<'a> Columns<'a> {
    fn new(report: &RunReport<'_>, rows: &[&NodeRow<'_>], items: ItemDisplay, style: &'a TextStyle) -> Self {
        let item_names = rows.iter().filter(|_| items == ItemDisplay::Each).flat_map(|row| &row.executions);
        let item_names = item_names.map(|it| item_label(it).width());
        let names = rows.iter().map(|row| style.shorten(row.name, usize::MAX).width());
        let longest = names.chain(item_names).max().unwrap_or_default().max("node".len());
        let name = longest.min(style.width() * 3 / 10);
        let attempts = rows.iter().map(|row| attempts(row.attempts, style).width()).max().unwrap_or_default();
        let attempts = if attempts == 0 { 0 } else { attempts + 1 };
        let used = MARK + name + 1 + 1 + DURATION + OUTCOME + attempts;
        let scale = Scale::new(report.span, style.width().saturating_sub(used));
        Self { name, attempts, scale, style }
    }

    fn head(&self) -> String {
        let head = format!(
            "{:MARK$}{} {} {}",
            "",
            pad_right("node", self.name),
            self.scale.axis(self.style),
            pad_left("time", DURATION)
        );
        format!("{}\n", self.style.paint(BOLD, &head))
    }

    fn write_row(&self, row: &NodeRow<'_>, items: ItemDisplay, text: &mut String) {
        let style = self.style;
        let mark =
            if row.is_critical { style.paint(CRITICAL, style.select("◆", "*")) } else { " ".to_owned() };
        let bar = self.scale.row_bar(row, style);
        let duration = match row.status {
            ExecutionStatus::Skipped => String::new(),
            _ => style.duration(row.ended_at - row.started_at),
        };
        self.write_line(&mark, row.name, &bar, &duration, (row.status, row.attempts), text);
        if let Some(statistics) = &row.items {
            let room = style.width() - MARK - 2;
            let line = style.cut(&describe_items(statistics, style), room);
            let line = format!("{:MARK$}  {}\n", "", style.paint(DIM, &line));
            text.push_str(&line);
            if items == ItemDisplay::Each {
                for execution in &row.executions {
                    let bar = self.scale.bar(std::iter::once(*execution), execution.status, style);
                    let status = (execution.status, execution.attempts);
                    self.write_line(
                        " ",
                        &item_label(execution),
                        &bar,
                        &style.duration(execution.run_time),
                        status,
                        text,
                    );
                }
            }
        }
    }

    fn write_line(
        &self,
        mark: &str,
        name: &str,
        bar: &str,
        duration: &str,
        (status, calls): (ExecutionStatus, u64),
        text: &mut String,
    ) {
        let style = self.style;
        let name = pad_right(&style.shorten(name, self.name), self.name);
        let name =
            if status == ExecutionStatus::Failed { style.paint(status_style(status), &name) } else { name };
        let mut line = format!(
            "{mark} {name} {bar} {} {}",
            pad_left(duration, DURATION),
            style.paint(status_style(status), &style.mark(status).to_string())
        );
        let attempts = attempts(calls, style);
        if self.attempts > 0 && !attempts.is_empty() {
            line.push(' ');
            line.push_str(&attempts);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Returns the name of the innermost item, indented.
fn item_label(execution: &NodeExecution) -> String {
    format!("  {}", execution.items.last().map_or("", String::as_str))
}

/// Returns the number of attempts if there are several. Large numbers are not shown exactly.
fn attempts(count: u64, style: &TextStyle) -> String {
    let sign = style.select("×", "x");
    match count {
        0 | 1 => String::new(),
        2..=999 => format!("{sign}{count}"),
        _ => format!("{sign}999+"),
    }
}

fn describe_items(items: &ItemStatistics, style: &TextStyle) -> String {
    let ItemStatistics { count, failed, skipped, total, median, max } = *items;
    let noun = if count == 1 { "item" } else { "items" };
    let mut text = format!("{count} {noun}");
    for (count, status) in [(failed, ExecutionStatus::Failed), (skipped, ExecutionStatus::Skipped)] {
        if count > 0 {
            text = format!("{text}, {count} {}", status.word());
        }
    }
    let [total, median, max] = [total, median, max].map(|time| style.duration(time));
    format!("{text}, median {median}, max {max}, sum {total}")
}

/// Explains the characters that occur in the rows.
fn legend(rows: &[&NodeRow<'_>], style: &TextStyle) -> String {
    let mut parts = Vec::new();
    if rows.iter().any(|row| row.is_critical) {
        parts.push(format!("{} critical path", style.select("◆", "*")));
    }
    parts.push(format!("{} queue", style.select("░", ".")));
    parts.push(format!("{} run", style.select("█", "#")));
    for status in ExecutionStatus::ALL {
        if status != ExecutionStatus::Succeeded && rows.iter().any(|row| row.status == status) {
            parts.push(format!("{} {}", style.mark(status), status.word()));
        }
    }
    if rows.iter().any(|row| row.attempts > 1) {
        parts.push(format!("{}N attempts", style.select("×", "x")));
    }
    format!("{}\n", style.paint(DIM, &style.cut(&parts.join("  "), style.width())))
}
