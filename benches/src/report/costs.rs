//! What decorators cost.

use std::fmt;

use icosian::Colour;
use serde_json::{Value, json};

use crate::contenders::FLOOR;
use crate::decorated::{DECORATED, FUNCTIONS, Kind, Way, expected};
use crate::stopwatch::{Effort, Timing, race};

/// What a decorator costs, beside the same written by hand.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The decorator.
    pub decorator: &'static str,
    /// The colour of the functions.
    pub colour: Colour,
    /// How many nodes a decorated function has become.
    pub nodes: usize,
    /// How long a function takes in which all is written by hand.
    pub by_hand: Timing,
    /// How long the same takes as just as many functions as there are nodes.
    pub as_nodes: Option<Timing>,
    /// How long the decorated function takes, with all nodes that it has become.
    pub decorated: Timing,
}

impl Cost {
    /// Races a decorator against the same written by hand; `None` for a colour that it has not.
    ///
    /// # Panics
    /// When results differ.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    ///
    /// use icosian::Colour;
    /// use icosian_benches::decorated::KINDS;
    /// use icosian_benches::report::costs::Cost;
    /// use icosian_benches::stopwatch::Effort;
    ///
    /// let effort = Effort { turns: 1, turn: Duration::ZERO };
    /// let cost = Cost::of(&KINDS[0], Colour::Async, effort).expect("any function may have a tag");
    /// assert_eq!(cost.nodes, 1);
    /// ```
    #[must_use]
    pub fn of(kind: &Kind, colour: Colour, effort: Effort) -> Option<Self> {
        let mut rounds = kind.rounds(colour);
        let nodes = kind.nodes(colour, Way::Decorated)?.len() / FUNCTIONS;
        let timings = race(&mut rounds, expected(), effort);
        let of = |name| {
            let at = rounds.iter().position(|(it, _)| *it == name)?;
            Some(timings[at].split(FUNCTIONS))
        };
        Some(Self {
            decorator: kind.name,
            colour,
            nodes,
            by_hand: of(FLOOR)?,
            as_nodes: of("as nodes"),
            decorated: of(DECORATED)?,
        })
    }

    /// Returns how many nanoseconds the decorated function takes more.
    #[must_use]
    pub fn more(&self) -> f64 {
        self.decorated.median - self.by_hand.median
    }

    /// Returns the cost as a JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "bench": format!("decorated {}, {}", self.decorator, shown(self.colour)),
            "nodes": self.nodes,
            "ns_by_hand": self.by_hand.median,
            "ns_as_nodes": self.as_nodes.map(|timing| timing.median),
            "ns_decorated": self.decorated.median,
            "ratio": self.decorated.median / self.by_hand.median,
            "ns_more": self.more(),
        })
    }

    /// The head of the Markdown table whose lines costs display as.
    pub const HEAD: &'static str = "\
| bench | nodes | by hand, ns a function | the same nodes by hand | decorated | least .. most | by hand = 1 | ns more |
|---|--:|--:|--:|--:|--:|--:|--:|";
}

fn shown(colour: Colour) -> &'static str {
    match colour {
        Colour::Sync => "sync",
        Colour::Async => "async",
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Timing { median, least, most } = self.decorated;
        let as_nodes = self.as_nodes.map(|timing| format!("{:.1}", timing.median)).unwrap_or_default();
        write!(f, "| decorated {}, {} | {} ", self.decorator, shown(self.colour), self.nodes)?;
        write!(f, "| {:.1} | {as_nodes} | {median:.1} | {least:.1} .. {most:.1} ", self.by_hand.median)?;
        write!(f, "| {:.2} | {:+.1} |", median / self.by_hand.median, self.more())
    }
}
