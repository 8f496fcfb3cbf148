//! Splits links into segments between neighboring ranks.

use std::collections::{HashMap, HashSet};

use super::model::{LayoutGraph, Size};
use super::ranks::Ranks;

/// Further links are drawn as one curve, without items in the ranks between.
const MAX_ITEMS: usize = 200_000;

/// The boxes and bends of all ranks.
#[derive(Debug)]
pub(super) struct Layers {
    /// The boxes come first, in their order.
    pub(super) items: Vec<LayerItem>,
    pub(super) segments: Vec<Segment>,
    /// The items of each link, from the lower to the higher rank.
    pub(super) routes: Vec<Vec<usize>>,
    pub(super) rank_count: usize,
    /// The first and the last rank of each group.
    pub(super) spans: Vec<(usize, usize)>,
}

/// A box, a label or a bend.
#[derive(Clone, Copy, Debug)]
pub(super) struct LayerItem {
    pub(super) kind: ItemKind,
    pub(super) rank: usize,
    pub(super) group: Option<usize>,
    pub(super) size: Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Box,
    Label,
    Bend,
}

/// A part of a link between neighboring ranks. Links of one producer share segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Creates the items and segments. Links of one producer share the bends of their common route.
pub(super) fn split_links(graph: &LayoutGraph, ranks: &Ranks) -> Layers {
    let spans = group_spans(graph, ranks);
    let mut layers = Layers {
        items: Vec::with_capacity(graph.boxes.len()),
        segments: Vec::new(),
        routes: Vec::with_capacity(graph.links.len()),
        rank_count: ranks.ranks.iter().max().map_or(0, |it| it + 1),
        spans,
    };
    for (it, &rank) in graph.boxes.iter().zip(&ranks.ranks) {
        layers.items.push(LayerItem { kind: ItemKind::Box, rank, group: it.group, size: it.size });
    }
    let mut bends: HashMap<(usize, Option<usize>, Option<usize>), usize> = HashMap::new();
    let mut segments: HashSet<(usize, usize)> = HashSet::new();
    for (link, &is_reversed) in graph.links.iter().zip(&ranks.reversed) {
        if link.from == link.to {
            layers.routes.push(Vec::new());
            continue;
        }
        let (start, end) = if is_reversed { (link.to, link.from) } else { (link.from, link.to) };
        let mut route = vec![start];
        let (first, last) = (ranks.ranks[start] + 1, ranks.ranks[end]);
        let is_short = layers.items.len() + (last - first) <= MAX_ITEMS;
        if is_short || link.label.is_some() {
            let mut way = Way::between(graph, start, end);
            let label_rank = if is_reversed { last - 1 } else { first };
            for rank in first..last {
                let group = way.group_at(graph, &layers.spans, rank);
                let label = link.label.filter(|_| rank == label_rank);
                if label.is_none() && !is_short {
                    continue;
                }
                let previous = *route.last().unwrap_or(&start);
                let key = (previous, group, label.map(|it| it.text));
                let item = *bends.entry(key).or_insert_with(|| {
                    let (kind, size) = match label {
                        Some(label) => (ItemKind::Label, label.size),
                        None => (ItemKind::Bend, Size::default()),
                    };
                    layers.items.push(LayerItem { kind, rank, group, size });
                    layers.items.len() - 1
                });
                route.push(item);
            }
        }
        route.push(end);
        for pair in route.windows(2) {
            let is_adjacent = layers.items[pair[0]].rank + 1 == layers.items[pair[1]].rank;
            if is_adjacent && segments.insert((pair[0], pair[1])) {
                layers.segments.push(Segment { from: pair[0], to: pair[1] });
            }
        }
        layers.routes.push(route);
    }
    layers
}

fn group_spans(graph: &LayoutGraph, ranks: &Ranks) -> Vec<(usize, usize)> {
    let mut spans = vec![(usize::MAX, 0); graph.groups.len()];
    for (it, &rank) in graph.boxes.iter().zip(&ranks.ranks) {
        if let Some(group) = it.group {
            let span = &mut spans[group];
            *span = (span.0.min(rank), span.1.max(rank));
        }
    }
    for group in (0..graph.groups.len()).rev() {
        if let Some(parent) = graph.groups[group].parent {
            let own = spans[group];
            let span = &mut spans[parent];
            *span = (span.0.min(own.0), span.1.max(own.1));
        }
    }
    spans
}

/// The groups that a link passes: out of the groups of its start, then into the groups of its end.
///
/// The link remains in a group of its start up to the last rank of the group. It enters a group of its end at the first rank of the group.
struct Way {
    current: Option<usize>,
    common: Option<usize>,
    /// The groups to enter, innermost first.
    inward: Vec<usize>,
}

impl Way {
    fn between(graph: &LayoutGraph, start: usize, end: usize) -> Self {
        let chain =
            |node: usize| std::iter::successors(graph.boxes[node].group, |group| graph.groups[*group].parent);
        let outward: Vec<usize> = chain(start).collect();
        let mut inward: Vec<usize> = chain(end).collect();
        let mut common = None;
        let mut shared = outward.len();
        while shared > 0 && inward.last() == Some(&outward[shared - 1]) {
            common = inward.pop();
            shared -= 1;
        }
        Self { current: graph.boxes[start].group, common, inward }
    }

    fn group_at(&mut self, graph: &LayoutGraph, spans: &[(usize, usize)], rank: usize) -> Option<usize> {
        while let Some(group) = self.current
            && self.current != self.common
            && spans[group].1 < rank
        {
            self.current = graph.groups[group].parent;
        }
        if self.current == self.common {
            while let Some(&group) = self.inward.last()
                && spans[group].0 <= rank
            {
                self.inward.pop();
                (self.current, self.common) = (Some(group), Some(group));
            }
        }
        self.current
    }
}
