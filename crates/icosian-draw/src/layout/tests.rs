//! Properties of the whole layout.

use proptest::prelude::*;

use super::arrange;
use super::model::{Axis, BoxSpec, GraphLayout, GroupSpec, LayoutGraph, LayoutLink, LinkLabel, Rect, Size};

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

fn contains(outer: Rect, inner: Rect) -> bool {
    outer.x <= inner.x
        && outer.y <= inner.y
        && inner.x + inner.width <= outer.x + outer.width
        && inner.y + inner.height <= outer.y + outer.height
}

fn ancestors(graph: &LayoutGraph, group: Option<usize>) -> Vec<usize> {
    std::iter::successors(group, |group| graph.groups[*group].parent).collect()
}

fn check(graph: &LayoutGraph, placement: &GraphLayout) {
    let whole = Rect { x: 0, y: 0, width: placement.size.width, height: placement.size.height };
    for (index, rect) in placement.boxes.iter().enumerate() {
        assert!(contains(whole, *rect), "{rect:?}");
        for other in &placement.boxes[..index] {
            assert!(!overlap(*rect, *other), "{rect:?} {other:?}");
        }
        let groups = ancestors(graph, graph.boxes[index].group);
        for (group, border) in placement.groups.iter().enumerate() {
            if groups.contains(&group) {
                assert!(contains(*border, *rect), "{border:?} {rect:?}");
            } else {
                assert!(!overlap(*border, *rect), "{border:?} {rect:?}");
            }
        }
        for label in placement.routes.iter().filter_map(|it| it.label) {
            assert!(!overlap(label, *rect), "{label:?} {rect:?}");
        }
    }
    for (index, rect) in placement.groups.iter().enumerate() {
        for (other, border) in placement.groups[..index].iter().enumerate() {
            if ancestors(graph, Some(index)).contains(&other) {
                assert!(contains(*border, *rect), "{border:?} {rect:?}");
            } else {
                assert!(!overlap(*border, *rect), "{border:?} {rect:?}");
            }
        }
    }
    for (link, route) in graph.links.iter().zip(&placement.routes) {
        let Some((first, last)) = route.stops.first().zip(route.stops.last()) else {
            assert_eq!(link.from, link.to);
            continue;
        };
        let touches = |rect: Rect, point: super::Point| {
            (rect.x..=rect.x + rect.width).contains(&point.x)
                && (rect.y..=rect.y + rect.height).contains(&point.y)
        };
        assert!(touches(placement.boxes[link.from], first.enter));
        assert!(touches(placement.boxes[link.to], last.leave));
    }
}

fn graphs() -> impl Strategy<Value = LayoutGraph> {
    (1..24usize, 0..6usize, any::<bool>()).prop_flat_map(|(boxes, groups, is_down)| {
        let sizes = proptest::collection::vec((30..200i64, 20..80i64, 0..=groups), boxes);
        let links = proptest::collection::vec((0..boxes, 0..boxes, 0..4usize), 0..boxes * 2);
        let parents = proptest::collection::vec(0..=groups.max(1), groups);
        (sizes, links, parents).prop_map(move |(sizes, links, parents)| {
            let boxes: Vec<BoxSpec> = sizes
                .into_iter()
                .map(|(width, height, group)| BoxSpec {
                    size: Size { width: width * 2, height: height * 2 },
                    group: group.checked_sub(1),
                })
                .collect();
            let mut groups: Vec<GroupSpec> = parents
                .iter()
                .enumerate()
                .map(|(index, parent)| GroupSpec {
                    parent: (*parent < index).then_some(*parent),
                    title_width: 60,
                })
                .collect();
            // A group without a box is not drawn.
            let highest = boxes.iter().filter_map(|it| it.group).max();
            groups.truncate(highest.map_or(0, |it| it + 1));
            let mut is_used = vec![false; groups.len()];
            for it in &boxes {
                let chain = std::iter::successors(it.group, |group| groups[*group].parent);
                chain.for_each(|group| is_used[group] = true);
            }
            let boxes = boxes.into_iter().chain(
                is_used
                    .iter()
                    .enumerate()
                    .filter(|it| !it.1)
                    .map(|(group, _)| BoxSpec { size: Size { width: 40, height: 40 }, group: Some(group) }),
            );
            let label = |text| LinkLabel { text, size: Size { width: 60, height: 16 } };
            LayoutGraph {
                axis: if is_down { Axis::Down } else { Axis::Right },
                boxes: boxes.collect(),
                links: links
                    .into_iter()
                    .map(|(from, to, text)| LayoutLink { from, to, label: (text > 1).then(|| label(text)) })
                    .collect(),
                groups,
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Also with cycles, self references, and groups that depend on each other.
    #[test]
    fn boxes_do_not_overlap_and_are_inside_their_groups(graph in graphs()) {
        let placement = arrange(&graph);
        check(&graph, &placement);
    }
}

fn plain(count: usize, links: Vec<LayoutLink>) -> LayoutGraph {
    LayoutGraph {
        axis: Axis::Down,
        boxes: vec![BoxSpec { size: Size { width: 80, height: 40 }, group: None }; count],
        links,
        groups: Vec::new(),
    }
}

#[test]
fn long_chain_is_one_column() {
    let count = 20_000;
    let links = (1..count).map(|to| LayoutLink { from: to - 1, to, label: None }).collect();
    let placement = arrange(&plain(count, links));
    assert!(placement.boxes.iter().all(|it| it.x == placement.boxes[0].x));
}

#[test]
fn wide_fan_is_one_rank() {
    let count = 2_000;
    let links = (1..count).map(|to| LayoutLink { from: 0, to, label: None }).collect();
    let placement = arrange(&plain(count, links));
    assert!(placement.boxes[1..].iter().all(|it| it.y == placement.boxes[1].y));
    let middle = placement.boxes[0].center().x;
    assert!((middle - placement.size.width / 2).abs() < 120, "{middle} of {}", placement.size.width);
}

#[test]
fn deeply_nested_groups_are_arranged() {
    let count = 3_000;
    let mut graph = plain(2, vec![LayoutLink { from: 0, to: 1, label: None }]);
    graph.groups =
        (0..count).map(|group: usize| GroupSpec { parent: group.checked_sub(1), title_width: 20 }).collect();
    graph.boxes[0].group = Some(count - 1);
    let placement = arrange(&graph);
    assert!(contains(placement.groups[0], placement.groups[count - 1]));
}

#[test]
fn straight_chain_beside_a_branch_remains_straight() {
    // 0 -> 1 -> 2 -> 3, and 0 -> 3 directly.
    let link = |from, to| LayoutLink { from, to, label: None };
    let placement = arrange(&plain(4, vec![link(0, 1), link(1, 2), link(2, 3), link(0, 3)]));
    let direct = &placement.routes[3];
    let bends: Vec<_> = direct.stops[1..3].iter().map(|it| it.enter.x).collect();
    assert_eq!(bends[0], bends[1]);
}
