use super::part::{BadgeKind, Emphasis, NodeLook, SceneEdge, SceneGroup, SceneNode, StatusTone};
use crate::change::ChangeKind;
use crate::group_kind::GroupKind;

/// A sample with its meaning.
#[derive(Clone, Debug)]
pub(crate) struct LegendEntry {
    pub(crate) sample: LegendSample,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegendSample {
    Node(NodeLook),
    Badge(BadgeKind),
    Group(GroupKind),
    OptionalEdge,
    Change(ChangeKind),
    Status(StatusTone),
    Highlight,
}

/// Lists what occurs in the scene and is not obvious.
pub(super) fn build_legend(
    nodes: &[SceneNode],
    edges: &[SceneEdge],
    groups: &[SceneGroup],
) -> Vec<LegendEntry> {
    let mut entries = Vec::new();
    let mut add = |sample, occurs: bool, text: &str| {
        if occurs {
            entries.push(LegendEntry { sample, text: text.to_owned() });
        }
    };
    let has_look = |look| nodes.iter().any(|node| node.look == look);
    let is_simple = has_look(NodeLook::Function)
        && !has_look(NodeLook::Derived)
        && !has_look(NodeLook::Input)
        && !has_look(NodeLook::Config)
        && !has_look(NodeLook::Shared);
    add(LegendSample::Node(NodeLook::Function), has_look(NodeLook::Function) && !is_simple, "function");
    add(LegendSample::Node(NodeLook::Derived), has_look(NodeLook::Derived), "added by a decorator");
    add(LegendSample::Node(NodeLook::Input), has_look(NodeLook::Input), "input");
    add(LegendSample::Node(NodeLook::Config), has_look(NodeLook::Config), "config value");
    add(LegendSample::Node(NodeLook::Shared), has_look(NodeLook::Shared), "shared input");
    let has_group = |kind| groups.iter().any(|group| group.kind == kind);
    add(LegendSample::Group(GroupKind::Block), has_group(GroupKind::Block), "runs once for each item");
    let has_badge = |kind| nodes.iter().flat_map(|node| &node.badges).any(|badge| badge.kind == kind);
    add(LegendSample::Badge(BadgeKind::Decorator), has_badge(BadgeKind::Decorator), "decorator");
    add(LegendSample::Badge(BadgeKind::Limit), has_badge(BadgeKind::Limit), "concurrency limit");
    add(LegendSample::Badge(BadgeKind::Tag), has_badge(BadgeKind::Tag), "tag");
    add(LegendSample::OptionalEdge, edges.iter().any(|edge| edge.is_optional), "optional parameter");
    for kind in [ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed] {
        let of_nodes = nodes.iter().any(|node| node.change.as_ref().is_some_and(|it| it.0 == kind));
        let occurs = of_nodes || edges.iter().any(|edge| edge.change == Some(kind));
        add(LegendSample::Change(kind), occurs, kind.word());
    }
    for tone in [
        StatusTone::Succeeded,
        StatusTone::Failed,
        StatusTone::Cancelled,
        StatusTone::Skipped,
        StatusTone::Running,
    ] {
        let occurs = nodes.iter().any(|node| node.status.as_ref().is_some_and(|it| it.tone == tone));
        add(LegendSample::Status(tone), occurs, tone.word());
    }
    let is_highlighted = nodes.iter().any(|node| node.emphasis == Emphasis::Highlighted);
    add(LegendSample::Highlight, is_highlighted, "highlighted");
    entries
}
