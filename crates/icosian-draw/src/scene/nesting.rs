use crate::scene::Scene;

/// A line of a text format: a node, or the start or the end of a group. Numbers are indices into the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NestedPart {
    Node(usize),
    GroupBegin(usize),
    GroupEnd,
}

impl Scene {
    /// Returns the nodes and groups as formats write them, each with its depth. The nodes of a group precede its inner groups.
    pub(crate) fn nested_parts(&self) -> Vec<(usize, NestedPart)> {
        // Index 0 is the whole picture.
        let mut inner = vec![Vec::new(); self.groups.len() + 1];
        for (index, group) in self.groups.iter().enumerate() {
            inner[group.parent.map_or(0, |it| it + 1)].push(index);
        }
        let mut members = vec![Vec::new(); self.groups.len() + 1];
        for (index, node) in self.nodes.iter().enumerate() {
            members[node.group.map_or(0, |it| it + 1)].push(index);
        }
        let mut parts = Vec::with_capacity(self.nodes.len() + 2 * self.groups.len());
        // The groups with the number of inner groups that are already listed.
        let mut stack = vec![(0, 0)];
        while let Some((group, next)) = stack.pop() {
            let depth = stack.len() + 1;
            if next == 0 {
                parts.extend(members[group].iter().map(|node| (depth, NestedPart::Node(*node))));
            }
            if let Some(&child) = inner[group].get(next) {
                stack.push((group, next + 1));
                parts.push((depth, NestedPart::GroupBegin(child)));
                stack.push((child + 1, 0));
            } else if group > 0 {
                parts.push((depth - 1, NestedPart::GroupEnd));
            }
        }
        parts
    }
}
