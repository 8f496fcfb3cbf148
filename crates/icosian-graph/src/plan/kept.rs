//! Values that are there twice: as what a node gives, and as what another passes on, or takes a part of.

use icosian_core::{Keeps, Name, ValueType};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::GraphError;
use crate::graph::{Graph, NodeId};
use crate::link::{Link, moved_value, moves};

/// Refuses to give a value away, to a node or as an output, that is kept by another and cannot be cloned.
pub(super) fn check(graph: &Graph, nodes: &[u32], wanted: &[u32]) -> Result<(), Diagnostics<GraphError>> {
    let keepers: Vec<Keeper> = nodes.iter().filter_map(|node| Keeper::of(graph, *node)).collect();
    if keepers.is_empty() {
        return Ok(());
    }
    let kept = Kept { graph, nodes, keepers: &keepers };
    let mut problems = Diagnostics::default();
    for node in nodes {
        let outline = graph.outline(NodeId(*node));
        for (param, link) in outline.params().iter().zip(graph.links(*node)) {
            if moves(param)
                && !link.is_constant()
                && let Some(other) = kept.other(link.vertex, *node)
            {
                problems.push(moved_value(outline, param, other.has, None));
            }
        }
    }
    for vertex in wanted {
        let given = graph.outlines().get(*vertex as usize).map(icosian_core::Outline::given);
        if let Some(given) = given.filter(|given| !given.is_cloneable())
            && let Some(other) = kept.other(*vertex, *vertex)
        {
            problems.push(kept_output(graph.shape().name(*vertex), given.value_type(), other));
        }
    }
    problems.into_result(())
}

/// Returns the nodes that keep what others give, and what they keep.
pub(super) fn keepers(graph: &Graph, nodes: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    nodes.iter().filter_map(|node| Keeper::of(graph, *node)).map(|keeper| (keeper.node, keeper.of))
}

fn kept_output(output: &Name, value_type: ValueType, other: Other) -> Spanned<GraphError> {
    let Other { has: other, instead } = other;
    Spanned::new(GraphError::KeptOutput { output: output.clone(), value_type, other, instead }, Vec::new())
}

/// Who else has a value.
struct Other {
    /// Who, and how: "node `b` keeps".
    has: String,
    /// What to ask for, when the value is asked for.
    instead: String,
}

/// A node whose output is the value of another, or a part of it.
struct Keeper {
    node: u32,
    of: u32,
    is_part: bool,
}

impl Keeper {
    fn of(graph: &Graph, node: u32) -> Option<Self> {
        let keeps = graph.outline(NodeId(node)).given().keeps()?;
        let (Keeps::Whole(at) | Keeps::Part(at)) = keeps;
        let link = graph.links(node).get(usize::from(at)).filter(|link| !link.is_constant())?;
        Some(Self { node, of: link.vertex, is_part: matches!(keeps, Keeps::Part(_)) })
    }
}

struct Kept<'a> {
    graph: &'a Graph,
    nodes: &'a [u32],
    keepers: &'a [Keeper],
}

impl Kept<'_> {
    /// Says who else has the value of `vertex` when it is given to `taker`.
    fn other(&self, vertex: u32, taker: u32) -> Option<Other> {
        let name = |vertex: u32| self.graph.shape().name(vertex);
        if let Some(keeper) = self.keepers.iter().find(|keeper| keeper.of == vertex && keeper.node != taker) {
            return Some(Other {
                has: format!("node `{}` keeps", name(keeper.node)),
                instead: format!("ask for it without what needs `{}`", name(keeper.node)),
            });
        }
        // Up to where the value was made: whatever reads it there must be done before it is passed on.
        let mut keeper = self.keepers.iter().find(|keeper| keeper.node == vertex)?;
        loop {
            if keeper.is_part {
                return Some(Other {
                    has: format!("`{}` has as its part", name(keeper.of)),
                    instead: format!("ask for `{}`, and take the part out of it", name(keeper.of)),
                });
            }
            let before: Vec<u32> =
                self.graph.links(keeper.node).iter().map(|link: &Link| link.vertex).collect();
            let reads = |node: &u32| self.graph.links(*node).iter().any(|link| link.vertex == keeper.of);
            let is_other = |node: &&u32| **node != keeper.node && !before.contains(node) && reads(node);
            if let Some(other) = self.nodes.iter().find(is_other) {
                return Some(Other {
                    has: format!("node `{}` reads as `{}`", name(*other), name(keeper.of)),
                    instead: format!("ask for it without what needs `{}`", name(*other)),
                });
            }
            keeper = self.keepers.iter().find(|above| above.node == keeper.of)?;
        }
    }
}
