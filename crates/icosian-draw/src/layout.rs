//! A layered layout with nested groups.
//!
//! The layout has the phases of Sugiyama, Tagawa and Toda (1981): ranks, crossing reduction and coordinates. The modules name the sources
//! of their algorithms. Existing crates do not arrange nested groups, which a dataflow needs.
//!
//! - Ranks and coordinates: the network simplex method of Gansner, Koutsofios, North and Vo (1993).
//! - Groups: their items are contiguous in each rank, and sibling groups have one order in all ranks. Each group has two variables for
//!   its borders, as in Graphviz.
//! - Links of one producer share bends, so a value with many readers is drawn as one line with branches. The number of bends is therefore
//!   at most ranks times nodes, not ranks times links.
//!
//! Every phase has a work limit, and no phase is recursive. The result depends only on the input.

mod assemble;
mod coordinates;
mod layers;
mod model;
mod order;
mod rank_tree;
mod ranks;
mod simplex;

pub(crate) use model::{
    Axis, BoxSpec, GraphLayout, GroupSpec, LayoutGraph, LayoutLink, LinkLabel, PADDING, Point, Rect, Route,
    Size, TITLE_HEIGHT,
};

/// Arranges the boxes and groups of a graph, and routes its links.
pub(crate) fn arrange(graph: &LayoutGraph) -> GraphLayout {
    let ranks = ranks::assign_ranks(graph);
    let layers = layers::split_links(graph, &ranks);
    let order = order::order_ranks(&layers, &graph.groups);
    let across = coordinates::assign_positions(graph.axis, &layers, &graph.groups, &order);
    assemble::assemble(graph, &layers, &across)
}

#[cfg(test)]
mod tests;
