use std::collections::HashMap;

use crate::change::{ChangeKind, GraphChange, GraphPart};

/// The changes of the nodes and edges of a picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct DiffMarks {
    nodes: HashMap<String, GraphChange>,
    edges: HashMap<(String, String, String), GraphChange>,
}

impl DiffMarks {
    pub(crate) fn new(changes: &[GraphChange]) -> Self {
        let mut marks = Self::default();
        for change in changes {
            match change.part() {
                GraphPart::Node { name } => {
                    marks.nodes.insert(name.clone(), change.clone());
                }
                GraphPart::Edge { from, to, parameter } => {
                    marks.edges.insert((from.clone(), to.clone(), parameter.clone()), change.clone());
                }
            }
        }
        marks
    }

    pub(crate) fn node(&self, name: &str) -> Option<&GraphChange> {
        self.nodes.get(name)
    }

    pub(crate) fn edge(&self, from: &str, to: &str, parameter: &str) -> Option<ChangeKind> {
        let key = (from.to_owned(), to.to_owned(), parameter.to_owned());
        self.edges.get(&key).map(GraphChange::kind)
    }
}
