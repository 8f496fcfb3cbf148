use std::collections::BTreeSet;

use icosian_core::value::ValueType;
use icosian_core::{Name, Outline, Param};
use icosian_diagnostics::Diagnostics;
use icosian_graph::{Graph, GraphError};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::random::{Random, any_graph, name};

/// The type of an output or a borrowed parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    String,
    /// Only parameters have this type.
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

    /// Returns the set of types that the kind can read, as bits: numbers, `String`, other texts.
    fn reads(self) -> u8 {
        match self {
            Self::Number => 0b001,
            Self::String => 0b010,
            Self::Text => 0b110,
        }
    }
}

/// Random outlines, most of them with faults.
#[derive(Clone, Debug)]
struct Faulty {
    random: Random,
    gives: Vec<Kind>,
    /// The kind of each parameter in `reads`.
    asks: Vec<Vec<Kind>>,
    /// Indices of nodes that are defined twice.
    again: Vec<usize>,
    /// The type of the first input, if known.
    given: Option<Kind>,
}

fn faulty() -> impl Strategy<Value = Faulty> {
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
            Faulty { random, gives, asks, again, given }
        })
    })
}

impl Faulty {
    fn outline(&self, node: usize) -> Outline {
        let outline = match self.gives[node] {
            Kind::Number => Outline::new(name(node)).with_output_type::<u64>(),
            _ => Outline::new(name(node)).with_output_type::<String>(),
        };
        let params = self.random.reads[node].iter().zip(&self.asks[node]);
        params.fold(outline, |outline, (read, kind)| outline.with_param(kind.param(name(*read))))
    }

    fn build(&self) -> Result<Graph, Diagnostics<GraphError>> {
        let nodes = 0..self.random.reads.len();
        let outlines = nodes.clone().chain(self.again.iter().copied()).map(|node| self.outline(node));
        let mut builder = Graph::builder().with_outlines(outlines);
        if let Some(given) = self.given {
            builder = builder.with_given(name(nodes.end), given.given());
        }
        builder.build()
    }

    /// Returns the faults as messages, sorted.
    fn expected_faults(&self) -> Vec<String> {
        let nodes = self.random.reads.len();
        let mut expected_faults: Vec<_> =
            self.again.iter().map(|node| format!("{} twice", name(*node))).collect();
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
                    // The read node is ambiguous.
                    Some(_) if self.again.contains(read) => {}
                    Some(known) if kind.reads() & known.reads() == 0 => {
                        expected_faults.push(format!("{} asks for {}", name(node), name(*read)));
                    }
                    Some(_) => {}
                    None if *readable & kind.reads() == 0 => {
                        expected_faults.push(format!("{} conflicts on {}", name(node), name(*read)));
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
        // A cycle through an ambiguous node is not reported.
        let is_sure = |first: &&usize| {
            let mut again = self.again.iter();
            !again.any(|node| reaches[**first][*node] && reaches[*node][**first])
        };
        let sure = knots.iter().filter(is_sure);
        expected_faults.extend(sure.map(|first| format!("{} needs itself", name(*first))));
        expected_faults.sort();
        expected_faults
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn build_reports_all_faults(faulty in faulty()) {
        let report = faulty.build().map_or_else(|problems| problems.iter().map(|problem| report(problem.kind())).collect(), |_| Vec::new());
        let mut report: Vec<String> = report;
        report.sort();
        let expected_faults = faulty.expected_faults();
        if !faulty.again.is_empty() {
            report.retain(|report| expected_faults.contains(report) || !report.ends_with("needs itself"));
        }
        prop_assert_eq!(report, expected_faults);
    }
}

fn report(error: &GraphError) -> String {
    match error {
        GraphError::DuplicateNode { name } => format!("{name} twice"),
        GraphError::TypeMismatch { consumer, param, .. } => format!("{consumer} asks for {param}"),
        GraphError::ConflictingInput { input, second, .. } => format!("{second} conflicts on {input}"),
        GraphError::Cycle { path } => format!("{} needs itself", path.first().map_or("", Name::as_str)),
        other => panic!("{other}"),
    }
}
