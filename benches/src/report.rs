//! Results of the benchmarks, as Markdown tables and JSON.

use std::fmt;

use serde_json::{Value, json};

use crate::contenders::{FLOOR, FUTURES_UNORDERED};
use crate::stopwatch::Timing;

pub mod comparisons;
pub mod costs;
pub mod glance;

/// The result of one contender.
#[derive(Debug, Clone)]
pub struct Row {
    /// The name of the comparison.
    pub bench: String,
    /// The name of the contender.
    pub contender: &'static str,
    /// The number of nodes in the graph.
    pub n: usize,
    /// The time per node.
    pub timing: Timing,
    /// The ratio to the floor. `None` if the comparison has no floor.
    pub to_floor: Option<f64>,
    /// The ratio to the contender `futures_unordered`. `None` for sync contenders.
    pub to_futures_unordered: Option<f64>,
}

impl Row {
    /// Returns the rows of a comparison. Each result is a name, whether the contender is async, and the time of a run.
    #[must_use]
    pub fn of_comparison(bench: &str, n: usize, results: &[(&'static str, bool, Timing)]) -> Vec<Self> {
        let median = |name| results.iter().find(|(it, ..)| *it == name).map(|(.., timing)| timing.median);
        let (floor, unordered) = (median(FLOOR), median(FUTURES_UNORDERED));
        let row = |&(contender, is_async, timing): &(&'static str, bool, Timing)| Self {
            bench: bench.to_owned(),
            contender,
            n,
            timing: timing.split(n),
            to_floor: floor.map(|floor| timing.median / floor),
            to_futures_unordered: unordered.filter(|_| is_async).map(|other| timing.median / other),
        };
        results.iter().map(row).collect()
    }

    /// Returns the row as a JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "bench": self.bench,
            "contender": self.contender,
            "n": self.n,
            "ns_per_node": self.timing.median,
            "ns_per_node_least": self.timing.least,
            "ns_per_node_most": self.timing.most,
            "ratio_to_floor": self.to_floor,
            "ratio_to_futures_unordered": self.to_futures_unordered,
        })
    }

    /// The header of the Markdown table. A row displays as a line of this table.
    pub const HEAD: &'static str = "\
| bench | n | contender | ns a node | least .. most | floor = 1 | FuturesUnordered = 1 |
|---|--:|---|--:|--:|--:|--:|";
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Timing { median, least, most } = self.timing;
        let ratio = |of: Option<f64>| of.map(|of| format!("{of:.3}")).unwrap_or_default();
        write!(
            f,
            "| {} | {} | {} | {median:.1} | {least:.1} .. {most:.1} ",
            self.bench, self.n, self.contender
        )?;
        write!(f, "| {} | {} |", ratio(self.to_floor), ratio(self.to_futures_unordered))
    }
}
