use std::collections::BTreeSet;

use icosian_core::{Name, Outline, Param, ValueType};
use icosian_diagnostics::Diagnostics;
use icosian_graph::{Graph, GraphError};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::random::{Random, any_graph, name};

/// What a node gives, or a parameter borrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    String,
    /// Parameters only.
    Text,
}

impl Kind {
    fn param(self, name: String) -> Param {
        match self {
            Self::Number => Param::borrowed::<u64>(name),
            Self::String => Param::borrowed::<String>(name),
            Self::Text => Param::borrowed::<str>(name),
        }
    }

    fn given(self) -> ValueType {
        match self {
            Self::Number => ValueType::of::<u64>(),
            _ => ValueType::of::<String>(),
        }
    }

    /// Returns the types that it reads, as bits: what numbers can be read from, a `String`, other texts.
    fn reads(self) -> u8 {
        match self {
            Self::Number => 0b001,
            Self::String => 0b010,
            Self::Text => 0b110,
        }
    }
}

/// Outlines that may be wrong in many ways.
#[derive(Clone, Debug)]
struct Wrong {
    random: Random,
    gives: Vec<Kind>,
    /// How each node reads each of its `reads`.
    asks: Vec<Vec<Kind>>,
    /// Nodes that are there again.
    again: Vec<usize>,
    /// The type of the first input, where it is known.
    given: Option<Kind>,
}

fn wrong() -> impl Strategy<Value = Wrong> {
    any_graph().prop_flat_map(|random| {
        let nodes = random.reads.len();
        let gives = prop::collection::vec(select(vec![Kind::Number, Kind::String]), nodes);
        let asked = select(vec![Kind::Number, Kind::String, Kind::Text]);
        let asks: Vec<_> =
            random.reads.iter().map(|reads| prop::collection::vec(asked.clone(), reads.len())).collect();
        let again = prop::collection::vec(any::<Index>(), 0..3);
        let given = prop::option::of(select(vec![Kind::Number, Kind::String]));
        (Just(random), gives, asks, again, given).prop_map(move |(random, gives, asks, again, given)| {
            let again = again.iter().map(|pick| pick.index(nodes)).collect();
            Wrong { random, gives, asks, again, given }
        })
    })
}

impl Wrong {
    fn outline(&self, node: usize) -> Outline {
        let outline = match self.gives[node] {
            Kind::Number => Outline::new(name(node)).gives::<u64>(),
            _ => Outline::new(name(node)).gives::<String>(),
        };
        let params = self.random.reads[node].iter().zip(&self.asks[node]);
        params.fold(outline, |outline, (read, kind)| outline.param(kind.param(name(*read))))
    }

    fn built(&self) -> Result<Graph, Diagnostics<GraphError>> {
        let nodes = 0..self.random.reads.len();
        let outlines = nodes.clone().chain(self.again.iter().copied()).map(|node| self.outline(node));
        let mut builder = Graph::builder().with_outlines(outlines);
        if let Some(given) = self.given {
            builder = builder.with_given(name(nodes.end), given.given());
        }
        builder.build()
    }

    /// Returns the mistakes that are there, in words, sorted.
    fn mistakes(&self) -> Vec<String> {
        let nodes = self.random.reads.len();
        let mut mistakes: Vec<_> = self.again.iter().map(|node| format!("{} twice", name(*node))).collect();
        let mut readable: Vec<Option<u8>> = vec![None; self.random.vertices];
        for node in 0..nodes {
            for (read, kind) in self.random.reads[node].iter().zip(&self.asks[node]) {
                let known = if *read < nodes {
                    Some(self.gives[*read])
                } else {
                    self.given.filter(|_| *read == nodes)
                };
                let readable = readable[*read].get_or_insert(kind.reads());
                match known {
                    // Which of two nodes is meant nobody knows.
                    Some(_) if self.again.contains(read) => {}
                    Some(known) if kind.reads() & known.reads() == 0 => {
                        mistakes.push(format!("{} asks for {}", name(node), name(*read)));
                    }
                    Some(_) => {}
                    None if *readable & kind.reads() == 0 => {
                        mistakes.push(format!("{} conflicts on {}", name(node), name(*read)));
                    }
                    None => *readable &= kind.reads(),
                }
            }
        }
        let reaches = self.random.reachable();
        let knots: BTreeSet<_> = (0..nodes)
            .filter(|node| reaches[*node][*node])
            .filter_map(|node| (0..nodes).find(|first| reaches[node][*first] && reaches[*first][node]))
            .collect();
        // Nor whether there is a circle through one of them.
        let is_sure = |first: &&usize| {
            let mut again = self.again.iter();
            !again.any(|node| reaches[**first][*node] && reaches[*node][**first])
        };
        let sure = knots.iter().filter(is_sure);
        mistakes.extend(sure.map(|first| format!("{} needs itself", name(*first))));
        mistakes.sort();
        mistakes
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_mistakes_of_a_graph_come_together(wrong in wrong()) {
        let told = wrong.built().map_or_else(|problems| problems.iter().map(|problem| told(problem.kind())).collect(), |_| Vec::new());
        let mut told: Vec<String> = told;
        told.sort();
        let mistakes = wrong.mistakes();
        if !wrong.again.is_empty() {
            told.retain(|told| mistakes.contains(told) || !told.ends_with("needs itself"));
        }
        prop_assert_eq!(told, mistakes);
    }
}

fn told(error: &GraphError) -> String {
    match error {
        GraphError::DuplicateNode { name } => format!("{name} twice"),
        GraphError::TypeMismatch { consumer, param, .. } => format!("{consumer} asks for {param}"),
        GraphError::ConflictingInput { input, second, .. } => format!("{second} conflicts on {input}"),
        GraphError::Cycle { path } => format!("{} needs itself", path.first().map_or("", Name::as_str)),
        other => panic!("{other}"),
    }
}
