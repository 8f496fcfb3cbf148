//! The cost of decorators.

use std::fmt;

use icosian::Asyncness;
use serde_json::{Value, json};

use crate::contenders::FLOOR;
use crate::decorated::{Case, DECORATED, FUNCTIONS, Variant, expected};
use crate::stopwatch::{Effort, Timing, compare};

/// The cost of a decorator compared with equivalent hand-written code.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The decorator.
    pub decorator: &'static str,
    /// The asyncness of the functions.
    pub asyncness: Asyncness,
    /// The number of nodes that the decorator creates from a function.
    pub nodes: usize,
    /// The time of a hand-written function.
    pub by_hand: Timing,
    /// The time of hand-written functions, one for each node.
    pub as_nodes: Option<Timing>,
    /// The time of all nodes of a decorated function.
    pub decorated: Timing,
}

impl Cost {
    /// Measures a decorator and the equivalent hand-written code. Returns `None` if the case does not support `asyncness`.
    ///
    /// # Panics
    /// Panics if the results differ.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    ///
    /// use icosian::Asyncness;
    /// use icosian_benches::decorated::CASES;
    /// use icosian_benches::report::costs::Cost;
    /// use icosian_benches::stopwatch::Effort;
    ///
    /// let effort = Effort { rounds: 1, min_time: Duration::ZERO };
    /// let cost = Cost::measure(&CASES[0], Asyncness::Async, effort).expect("sync and async functions can have a tag");
    /// assert_eq!(cost.nodes, 1);
    /// ```
    #[must_use]
    pub fn measure(case: &Case, asyncness: Asyncness, effort: Effort) -> Option<Self> {
        let mut runners = case.runners(asyncness);
        let nodes = case.nodes(asyncness, Variant::Decorated)?.len() / FUNCTIONS;
        let timings = compare(&mut runners, expected(), effort);
        let timing = |name| {
            let index = runners.iter().position(|(it, _)| *it == name)?;
            Some(timings[index].split(FUNCTIONS))
        };
        Some(Self {
            decorator: case.name,
            asyncness,
            nodes,
            by_hand: timing(FLOOR)?,
            as_nodes: timing("as nodes"),
            decorated: timing(DECORATED)?,
        })
    }

    /// Returns the extra time of the decorated function, in nanoseconds.
    #[must_use]
    pub fn overhead(&self) -> f64 {
        self.decorated.median - self.by_hand.median
    }

    /// Returns the cost as a JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "bench": format!("decorated {}, {}", self.decorator, label(self.asyncness)),
            "contender": "icosian",
            "nodes": self.nodes,
            "ns_by_hand": self.by_hand.median,
            "ns_as_nodes": self.as_nodes.map(|timing| timing.median),
            "ns_decorated": self.decorated.median,
            "ratio": self.decorated.median / self.by_hand.median,
            "ns_more": self.overhead(),
        })
    }

    /// The header of the Markdown table. A cost displays as a line of this table.
    pub const HEAD: &'static str = "\
| bench | nodes | by hand, ns a function | the same nodes by hand | decorated | least .. most | by hand = 1 | ns more |
|---|--:|--:|--:|--:|--:|--:|--:|";
}

fn label(asyncness: Asyncness) -> &'static str {
    match asyncness {
        Asyncness::Sync => "sync",
        Asyncness::Async => "async",
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Timing { median, least, most } = self.decorated;
        let as_nodes = self.as_nodes.map(|timing| format!("{:.1}", timing.median)).unwrap_or_default();
        write!(f, "| decorated {}, {} | {} ", self.decorator, label(self.asyncness), self.nodes)?;
        write!(f, "| {:.1} | {as_nodes} | {median:.1} | {least:.1} .. {most:.1} ", self.by_hand.median)?;
        write!(f, "| {:.2} | {:+.1} |", median / self.by_hand.median, self.overhead())
    }
}
