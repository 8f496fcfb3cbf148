//! Aliases: outputs that share the value of another node, or a part of it.

use icosian_core::Name;
use icosian_core::value::{Alias, ValueType};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::error::GraphError;
use crate::graph::Graph;
use crate::link::{Link, moved_value, moves_value};
use crate::node_id::NodeId;

/// Refuses plans that move a value which another node shares, if the value is not `Clone`.
pub(super) fn check(graph: &Graph, nodes: &[u32], wanted: &[u32]) -> Result<(), Diagnostics<GraphError>> {
    let aliases: Vec<AliasNode> = nodes.iter().filter_map(|node| AliasNode::of(graph, *node)).collect();
    if aliases.is_empty() {
        return Ok(());
    }
    let sharing = Sharing { graph, nodes, aliases: &aliases };
    let mut problems = Diagnostics::default();
    for node in nodes {
        let outline = graph.outline(NodeId(*node));
        for (param, link) in outline.params().iter().zip(graph.links(*node)) {
            if moves_value(param)
                && !link.is_constant()
                && let Some(other) = sharing.other(link.vertex, *node)
            {
                problems.push(moved_value(outline, param, other.has, None));
            }
        }
    }
    for vertex in wanted {
        let given = graph.outlines().get(*vertex as usize).map(icosian_core::Outline::output);
        if let Some(given) = given.filter(|given| !given.is_cloneable())
            && let Some(other) = sharing.other(*vertex, *vertex)
        {
            problems.push(shared_output(graph.shape().name(*vertex), given.value_type(), other));
        }
    }
    problems.into_result(())
}

/// Returns the nodes whose outputs are aliases, with the nodes whose values they share.
pub(super) fn aliases(graph: &Graph, nodes: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    nodes.iter().filter_map(|node| AliasNode::of(graph, *node)).map(|alias| (alias.node, alias.of))
}

fn shared_output(output: &Name, value_type: ValueType, other: OtherOwner) -> Spanned<GraphError> {
    let OtherOwner { has: other, instead } = other;
    Spanned::new(GraphError::KeptOutput { output: output.clone(), value_type, other, instead }, Vec::new())
}

/// Another owner of a value.
struct OtherOwner {
    /// The owner and its use, as in "node `b` keeps".
    has: String,
    /// The help, if the value is an output.
    instead: String,
}

/// A node whose output shares the value of another node.
struct AliasNode {
    node: u32,
    of: u32,
    is_part: bool,
}

impl AliasNode {
    fn of(graph: &Graph, node: u32) -> Option<Self> {
        let alias = graph.outline(NodeId(node)).output().alias()?;
        let (Alias::Whole(at) | Alias::Part(at)) = alias;
        let link = graph.links(node).get(usize::from(at)).filter(|link| !link.is_constant())?;
        Some(Self { node, of: link.vertex, is_part: matches!(alias, Alias::Part(_)) })
    }
}

struct Sharing<'a> {
    graph: &'a Graph,
    nodes: &'a [u32],
    aliases: &'a [AliasNode],
}

impl Sharing<'_> {
    /// Returns another owner of the value of `vertex` when `taker` consumes it.
    fn other(&self, vertex: u32, taker: u32) -> Option<OtherOwner> {
        let name = |vertex: u32| self.graph.shape().name(vertex);
        if let Some(alias) = self.aliases.iter().find(|alias| alias.of == vertex && alias.node != taker) {
            return Some(OtherOwner {
                has: format!("which node `{}` shares", name(alias.node)),
                instead: format!("request it without outputs that need `{}`", name(alias.node)),
            });
        }
        // Follow the aliases to the node that produced the value. Its other readers must end before the value is forwarded.
        let mut alias = self.aliases.iter().find(|alias| alias.node == vertex)?;
        loop {
            if alias.is_part {
                return Some(OtherOwner {
                    has: format!("which is a part of `{}`", name(alias.of)),
                    instead: format!("request `{}`, and extract the part from it", name(alias.of)),
                });
            }
            let before: Vec<u32> =
                self.graph.links(alias.node).iter().map(|link: &Link| link.vertex).collect();
            let reads = |node: &u32| self.graph.links(*node).iter().any(|link| link.vertex == alias.of);
            let is_other = |node: &&u32| **node != alias.node && !before.contains(node) && reads(node);
            if let Some(other) = self.nodes.iter().find(is_other) {
                return Some(OtherOwner {
                    has: format!("which node `{}` reads as `{}`", name(*other), name(alias.of)),
                    instead: format!("request it without outputs that need `{}`", name(*other)),
                });
            }
            alias = self.aliases.iter().find(|above| above.node == alias.of)?;
        }
    }
}
