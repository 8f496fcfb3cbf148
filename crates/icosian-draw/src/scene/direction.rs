use super::part::{SceneEdge, SceneNode};
use crate::appearance::FlowDirection;
use crate::layout::Axis;

/// The estimated size of a node, and of the space around it.
const COLUMN: usize = 8;
const NODE_HEIGHT: usize = 90;
const SPACE: usize = 60;

/// Selects the direction in which the graph is closer to the shape of a page.
pub(super) fn choose_axis(direction: FlowDirection, nodes: &[SceneNode], edges: &[SceneEdge]) -> Axis {
    match direction {
        FlowDirection::Down => return Axis::Down,
        FlowDirection::Right => return Axis::Right,
        FlowDirection::Automatic => {}
    }
    let ranks = ranks(nodes.len(), edges);
    let count = ranks.iter().max().map_or(0, |it| it + 1);
    let mut widths = vec![(0_usize, 0_usize, 0_usize); count];
    for (node, rank) in nodes.iter().zip(ranks) {
        let width = node.name.chars().count().max(12) * COLUMN + SPACE;
        let (sum, widest, nodes) = &mut widths[rank];
        (*sum, *widest, *nodes) = (*sum + width, (*widest).max(width), *nodes + 1);
    }
    let down_width = widths.iter().map(|it| it.0).max().unwrap_or_default();
    let right_width: usize = widths.iter().map(|it| it.1 + SPACE).sum();
    let down = fit(down_width, count * NODE_HEIGHT);
    let right = fit(right_width, widths.iter().map(|it| it.2).max().unwrap_or_default() * NODE_HEIGHT);
    if right < down { Axis::Right } else { Axis::Down }
}

/// Returns how much a page of 16 by 12 has to grow until it contains the picture.
fn fit(width: usize, height: usize) -> usize {
    (width * 12).max(height * 16)
}

/// Returns the length of the longest path to each node. Nodes of cycles have rank 0.
fn ranks(count: usize, edges: &[SceneEdge]) -> Vec<usize> {
    let mut readers = vec![Vec::new(); count];
    let mut missing = vec![0_usize; count];
    for edge in edges {
        readers[edge.from].push(edge.to);
        missing[edge.to] += 1;
    }
    let mut ranks = vec![0; count];
    let mut open: Vec<usize> = (0..count).filter(|it| missing[*it] == 0).collect();
    while let Some(node) = open.pop() {
        for &reader in &readers[node] {
            ranks[reader] = ranks[reader].max(ranks[node] + 1);
            missing[reader] -= 1;
            if missing[reader] == 0 {
                open.push(reader);
            }
        }
    }
    ranks
}
