//! The table at the top of a report: the contenders of Icosian beside the floor and the best alternative.

use std::fmt;

use crate::contenders::FLOOR;
use crate::report::Row;

/// A line of the table: one contender of Icosian in one comparison.
#[derive(Debug, Clone)]
pub struct Glance {
    bench: String,
    n: usize,
    contender: &'static str,
    ours: f64,
    floor: Option<f64>,
    best: Option<(&'static str, f64)>,
}

impl Glance {
    /// The header of the Markdown table. A `Glance` displays as a line of this table.
    pub const HEAD: &'static str = "\
| bench | n | contender | ns a node | floor | to floor | best alternative | ns a node | to alternative |
|---|--:|---|--:|--:|--:|---|--:|--:|";

    /// Returns a line for each contender of Icosian in each comparison.
    ///
    /// The best alternative is the fastest other contender that is not the floor. Sync contenders are compared with all others, because
    /// a loop could await each future.
    ///
    /// # Examples
    /// ```
    /// use icosian_benches::report::Row;
    /// use icosian_benches::report::glance::Glance;
    /// use icosian_benches::stopwatch::Timing;
    ///
    /// let timing = |ns| Timing { median: ns, least: ns, most: ns };
    /// let results = [("floor", false, timing(2.0)), ("icosian", false, timing(8.0)), ("levels", true, timing(16.0))];
    /// let rows = Row::of_comparison("run chain", 1, &results);
    /// let lines: Vec<_> = Glance::of(&rows).iter().map(ToString::to_string).collect();
    /// assert_eq!(lines, ["| run chain | 1 | icosian | 8.0 | 2.0 | 4.00 | levels | 16.0 | 0.50 |"]);
    /// ```
    #[must_use]
    pub fn of(rows: &[Row]) -> Vec<Self> {
        let comparisons = rows.chunk_by(|a, b| (&a.bench, a.n) == (&b.bench, b.n));
        comparisons.flat_map(Self::of_comparison).collect()
    }

    fn of_comparison(rows: &[Row]) -> Vec<Self> {
        let median = |row: &Row| row.timing.median;
        let floor = rows.iter().find(|row| row.contender == FLOOR).map(median);
        let alternatives = rows.iter().filter(|row| !is_ours(row) && row.contender != FLOOR);
        let best = alternatives.min_by(|a, b| median(a).total_cmp(&median(b)));
        let best = best.map(|row| (row.contender, median(row)));
        let ours = rows.iter().filter(|row| is_ours(row));
        ours.map(|row| Self {
            bench: row.bench.clone(),
            n: row.n,
            contender: row.contender,
            ours: median(row),
            floor,
            best,
        })
        .collect()
    }
}

fn is_ours(row: &Row) -> bool {
    row.contender.starts_with("icosian")
}

impl fmt::Display for Glance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bench, n, contender, ours, floor, best } = self;
        let number = |value: Option<f64>| value.map(|value| format!("{value:.1}")).unwrap_or_default();
        let ratio = |to: Option<f64>| to.map(|to| format!("{:.2}", ours / to)).unwrap_or_default();
        let best_name = best.map_or("", |(name, _)| name);
        let best = best.map(|(_, median)| median);
        write!(f, "| {bench} | {n} | {contender} | {ours:.1} | {} | {} ", number(*floor), ratio(*floor))?;
        write!(f, "| {best_name} | {} | {} |", number(best), ratio(best))
    }
}
