use crate::node_row::NodeRow;
use crate::recorded_run::{ExecutionStatus, NodeExecution};
use crate::text::TextStyle;
use crate::text::style::{DIM, status_style};

/// The scale of the bars: microseconds to columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    span: u64,
    columns: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BarCell {
    Empty,
    Queue,
    Run,
}

impl Scale {
    pub(crate) fn new(span: u64, columns: usize) -> Self {
        Self { span: span.max(1), columns: columns.max(1) }
    }

    /// Returns the column that contains a time. Times outside of the scale belong to the first or the last column.
    fn column(self, time: u64) -> usize {
        let columns = self.columns as u128;
        let column = u128::from(time.min(self.span)) * columns / u128::from(self.span);
        usize::try_from(column).unwrap_or(self.columns).min(self.columns - 1)
    }

    /// Returns the bar of executions, exactly as wide as the scale. Each execution that ran has at least one column.
    pub(crate) fn bar<'a>(
        self,
        executions: impl Iterator<Item = &'a NodeExecution>,
        status: ExecutionStatus,
        style: &TextStyle,
    ) -> String {
        let mut cells = vec![BarCell::Empty; self.columns];
        for execution in executions.filter(|it| it.status != ExecutionStatus::Skipped) {
            let (ready, start) = (self.column(execution.ready_at), self.column(execution.started_at));
            let end = self.column(execution.ended_at.saturating_sub(1)).max(start);
            for cell in cells[ready..start].iter_mut().filter(|cell| **cell == BarCell::Empty) {
                *cell = BarCell::Queue;
            }
            cells[start..=end].fill(BarCell::Run);
        }
        let mut bar = String::new();
        for part in cells.chunk_by(|left, right| left == right) {
            match part[0] {
                BarCell::Empty => bar.push_str(&" ".repeat(part.len())),
                BarCell::Queue => bar.push_str(&style.paint(DIM, &style.select("░", ".").repeat(part.len()))),
                BarCell::Run => {
                    let block = style.select("█", "#").repeat(part.len());
                    bar.push_str(&style.paint(status_style(status), &block));
                }
            }
        }
        bar
    }

    /// Returns the bar of all executions of a row.
    pub(crate) fn row_bar(self, row: &NodeRow<'_>, style: &TextStyle) -> String {
        self.bar(row.executions.iter().copied(), row.status, style)
    }

    /// Returns a line with times at round distances, as wide as the scale.
    pub(crate) fn axis(self, style: &TextStyle) -> String {
        const LABEL_COLUMNS: usize = 12;
        let labels = (self.columns / LABEL_COLUMNS).max(1);
        let step = round_step(self.span / labels as u64);
        let mut line = String::new();
        let mut used = 0;
        let mut time = 0_u64;
        while time <= self.span {
            let (at, label) = (self.column(time), tick_label(time, style));
            let length = label.chars().count();
            if at >= used && at + length <= self.columns {
                line.push_str(&" ".repeat(at - used));
                line.push_str(&label);
                used = at + length;
            }
            let Some(next) = time.checked_add(step) else { break };
            time = next;
        }
        line.push_str(&" ".repeat(self.columns - used));
        line
    }
}

/// Returns the smallest of 1, 2, 5, 10, 20, .. that is not below `minimum`.
pub(crate) fn round_step(minimum: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            match unit.checked_mul(factor) {
                Some(step) if step >= minimum => return step,
                Some(_) => {}
                None => return minimum.max(1),
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return minimum.max(1),
        }
    }
}

/// Returns a time without zeros after the decimal point.
fn tick_label(time: u64, style: &TextStyle) -> String {
    shorten_zeros(&style.duration(time))
}

/// Removes zeros after the decimal point of a duration.
pub(crate) fn shorten_zeros(duration: &str) -> String {
    match duration.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => duration.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Scale, round_step, shorten_zeros};
    use crate::text::TextStyle;

    #[test]
    fn axis_has_round_times() {
        let style = TextStyle::default();
        assert_eq!(Scale::new(1_250_000, 40).axis(&style), "0 ms            500 ms          1 s     ");
        assert_eq!(Scale::new(1, 5).axis(&style), "0 ms ");
        assert_eq!(Scale::new(u64::MAX, 12).axis(&style).chars().count(), 12);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([0, 1, 3, 6, 11, 70, 400_000].map(round_step), [1, 1, 5, 10, 20, 100, 500_000]);
        assert_eq!(round_step(u64::MAX), u64::MAX);
        assert_eq!(
            ["1.00 s", "1.50 s", "10.0 ms", "2m 05s"].map(shorten_zeros),
            ["1 s", "1.5 s", "10 ms", "2m 05s"]
        );
    }
}
