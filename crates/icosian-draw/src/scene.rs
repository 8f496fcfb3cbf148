//! The content of a picture, which all formats share.

mod direction;
mod edges;
mod groups;
mod legend;
mod nesting;
mod nodes;
mod part;

use std::collections::HashMap;

use icosian_schema::graph::GraphDescription;

pub(crate) use legend::{LegendEntry, LegendSample};
pub(crate) use nesting::NestedPart;
pub(crate) use part::{BadgeKind, Emphasis, NodeLook, SceneEdge, SceneGroup, SceneNode, StatusTone};

use crate::layout::Axis;
use crate::options::PictureOptions;

/// The content of a picture.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) title: Option<String>,
    pub(crate) subtitle: Option<String>,
    pub(crate) axis: Axis,
    pub(crate) nodes: Vec<SceneNode>,
    pub(crate) edges: Vec<SceneEdge>,
    /// Parents precede their children.
    pub(crate) groups: Vec<SceneGroup>,
}

impl Scene {
    /// Selects and formats the content of a picture. A second node with the same name and edges of unknown nodes are omitted.
    pub(crate) fn new(graph: &GraphDescription, options: &PictureOptions) -> Self {
        let mut indices: HashMap<&str, usize> = HashMap::new();
        let mut shown = Vec::new();
        for (index, node) in graph.nodes.iter().enumerate() {
            let is_kept = options.kept.as_ref().is_none_or(|kept| kept[index]);
            if is_kept && !indices.contains_key(node.name.as_str()) {
                indices.insert(&node.name, shown.len());
                shown.push(index);
            }
        }
        let (groups, group_of) = groups::build_groups(graph, &shown, options);
        let nodes: Vec<SceneNode> = shown
            .iter()
            .zip(group_of)
            .map(|(&index, group)| nodes::build_node(graph, index, group, options))
            .collect();
        let edges = edges::build_edges(graph, &indices, &nodes, options);
        let axis = direction::choose_axis(options.direction, &nodes, &edges);
        let subtitle = options.run.as_ref().map(crate::run_overlay::RunOverlay::summary);
        let mut scene = Self {
            title: options.title.clone(),
            subtitle: subtitle.filter(|it| !it.is_empty()),
            axis,
            nodes,
            edges,
            groups,
        };
        scene.dim_groups();
        scene
    }

    /// Returns the looks and marks that occur, for a legend.
    pub(crate) fn legend(&self) -> Vec<LegendEntry> {
        legend::build_legend(&self.nodes, &self.edges, &self.groups)
    }

    /// Dims groups whose nodes are all dimmed.
    fn dim_groups(&mut self) {
        let mut is_visible = vec![false; self.groups.len()];
        for node in &self.nodes {
            if let Some(group) = node.group {
                is_visible[group] |= node.emphasis != Emphasis::Dimmed;
            }
        }
        for index in (0..self.groups.len()).rev() {
            if let Some(parent) = self.groups[index].parent {
                is_visible[parent] |= is_visible[index];
            }
            if !is_visible[index] {
                self.groups[index].emphasis = Emphasis::Dimmed;
            }
        }
    }
}
