//! The last phase: assigns positions along the ranks, and routes the links.

use super::coordinates::Across;
use super::layers::{ItemKind, Layers};
use super::model::{
    Axis, GraphLayout, GroupSpec, LayoutGraph, PADDING, Point, Rect, Route, Size, Stop, TITLE_HEIGHT,
};

/// The distance between ranks. It grows with the length of the segments across, so that they are not too flat.
const RANK_GAP: i64 = 36;
const MAX_RANK_GAP: i64 = 110;
/// The distance between a label's rank and its neighbors.
const LABEL_GAP: i64 = 18;

/// The extent of a rank along the axis.
#[derive(Clone, Copy, Debug, Default)]
struct Band {
    top: i64,
    bottom: i64,
}

pub(super) fn assemble(graph: &LayoutGraph, layers: &Layers, across: &Across) -> GraphLayout {
    let (bands, borders) = assign_bands(graph, layers, across);
    let axis = graph.axis;
    let boxes = (0..graph.boxes.len()).map(|item| item_rect(axis, layers, across, &bands, item)).collect();
    let groups: Vec<Rect> = borders
        .iter()
        .zip(&across.borders)
        .map(|(along, across)| oriented(axis, *across, (along.top, along.bottom)))
        .collect();
    let mut ports = std::collections::HashMap::new();
    for (it, port) in layers.segments.iter().zip(&across.ports) {
        ports.insert((it.from, it.to), *port);
    }
    let routes = layers.routes.iter().zip(&graph.links).map(|(items, link)| {
        let Some(&start) = items.first() else { return Route::default() };
        let mut stops = Vec::with_capacity(items.len());
        for (index, &item) in items.iter().enumerate() {
            let (center, band) = (across.centers[item], bands[layers.items[item].rank]);
            let half = along(axis, layers.items[item].size) / 2;
            let middle = i64::midpoint(band.top, band.bottom);
            let (first, last) = (index == 0, index + 1 == items.len());
            let port = |from: usize| ports.get(&(from, item)).copied().unwrap_or_default();
            let across = if last { center + port(items[index - 1]) } else { center };
            let enter = if first { middle + half } else { band.top };
            let leave = if last { middle - half } else { band.bottom };
            stops.push(Stop { enter: point(axis, across, enter), leave: point(axis, across, leave) });
        }
        let label = items.iter().find(|it| layers.items[**it].kind == ItemKind::Label);
        let is_upward = start != link.from;
        if is_upward {
            stops.reverse();
            for stop in &mut stops {
                (stop.enter, stop.leave) = (stop.leave, stop.enter);
            }
        }
        let label = label.map(|it| item_rect(axis, layers, across, &bands, *it));
        Route { stops, label, is_upward }
    });
    let mut placement = GraphLayout { size: Size::default(), boxes, groups, routes: routes.collect() };
    move_to_origin(&mut placement);
    placement
}

/// Returns the extents of the ranks and groups along the axis.
fn assign_bands(graph: &LayoutGraph, layers: &Layers, across: &Across) -> (Vec<Band>, Vec<Band>) {
    let axis = graph.axis;
    let (begin, end) = match axis {
        Axis::Down => (TITLE_HEIGHT, PADDING),
        Axis::Right => (PADDING, PADDING),
    };
    // The number of borders from each group to the first and last rank, including its own.
    let depths = border_depths(&graph.groups, &layers.spans);
    let mut before = vec![0; layers.rank_count];
    let mut after = vec![0; layers.rank_count];
    for (span, depth) in layers.spans.iter().zip(&depths) {
        before[span.0] = before[span.0].max(depth.0 * begin);
        after[span.1] = after[span.1].max(depth.1 * end);
    }
    let mut sizes = vec![0; layers.rank_count];
    let mut has_box = vec![false; layers.rank_count];
    for item in &layers.items {
        sizes[item.rank] = sizes[item.rank].max(along(axis, item.size));
        has_box[item.rank] |= item.kind == ItemKind::Box;
    }
    let mut jumps = vec![0; layers.rank_count];
    for it in &layers.segments {
        let jump = (across.centers[it.from] - across.centers[it.to]).abs();
        let rank = &mut jumps[layers.items[it.from].rank];
        *rank = jump.max(*rank);
    }
    let mut bands: Vec<Band> = Vec::with_capacity(layers.rank_count);
    for rank in 0..layers.rank_count {
        let top = bands.last().map_or(0, |previous| {
            let gap = if has_box[rank - 1] && has_box[rank] { RANK_GAP } else { LABEL_GAP };
            previous.bottom
                + gap.max((jumps[rank - 1] / 8).min(MAX_RANK_GAP))
                + after[rank - 1]
                + before[rank]
        });
        bands.push(Band { top, bottom: top + sizes[rank] });
    }
    let borders = layers.spans.iter().zip(&depths).map(|(span, depth)| Band {
        top: bands[span.0].top - depth.0 * begin,
        bottom: bands[span.1].bottom + depth.1 * end,
    });
    let borders = borders.collect();
    (bands, borders)
}

fn border_depths(groups: &[GroupSpec], spans: &[(usize, usize)]) -> Vec<(i64, i64)> {
    let mut depths = vec![(1, 1); groups.len()];
    for group in (0..groups.len()).rev() {
        if let Some(parent) = groups[group].parent {
            let own = depths[group];
            if spans[group].0 == spans[parent].0 {
                depths[parent].0 = own.0.max(depths[parent].0 - 1) + 1;
            }
            if spans[group].1 == spans[parent].1 {
                depths[parent].1 = own.1.max(depths[parent].1 - 1) + 1;
            }
        }
    }
    depths
}

fn item_rect(axis: Axis, layers: &Layers, across: &Across, bands: &[Band], item: usize) -> Rect {
    let own = &layers.items[item];
    let band = bands[own.rank];
    let center = point(axis, across.centers[item], i64::midpoint(band.top, band.bottom));
    let Size { width, height } = own.size;
    Rect { x: center.x - width / 2, y: center.y - height / 2, width, height }
}

fn along(axis: Axis, size: Size) -> i64 {
    match axis {
        Axis::Down => size.height,
        Axis::Right => size.width,
    }
}

fn point(axis: Axis, across: i64, along: i64) -> Point {
    match axis {
        Axis::Down => Point { x: across, y: along },
        Axis::Right => Point { x: along, y: across },
    }
}

fn oriented(axis: Axis, across: (i64, i64), along: (i64, i64)) -> Rect {
    let (x, y) = match axis {
        Axis::Down => (across, along),
        Axis::Right => (along, across),
    };
    Rect { x: x.0, y: y.0, width: x.1 - x.0, height: y.1 - y.0 }
}

/// Moves everything so that the smallest coordinates are 0, and sets the size.
fn move_to_origin(placement: &mut GraphLayout) {
    let rects = || {
        let labels = placement.routes.iter().filter_map(|it| it.label.as_ref());
        placement.boxes.iter().chain(&placement.groups).chain(labels)
    };
    let points = || placement.routes.iter().flat_map(|it| &it.stops).flat_map(|it| [it.enter, it.leave]);
    let left = rects().map(|it| it.x).chain(points().map(|it| it.x)).min().unwrap_or_default();
    let top = rects().map(|it| it.y).chain(points().map(|it| it.y)).min().unwrap_or_default();
    let right = rects().map(|it| it.x + it.width).chain(points().map(|it| it.x)).max().unwrap_or_default();
    let bottom = rects().map(|it| it.y + it.height).chain(points().map(|it| it.y)).max().unwrap_or_default();
    placement.size = Size { width: right - left, height: bottom - top };
    for it in placement.boxes.iter_mut().chain(&mut placement.groups) {
        (it.x, it.y) = (it.x - left, it.y - top);
    }
    for route in &mut placement.routes {
        if let Some(label) = &mut route.label {
            (label.x, label.y) = (label.x - left, label.y - top);
        }
        for stop in &mut route.stops {
            for it in [&mut stop.enter, &mut stop.leave] {
                (it.x, it.y) = (it.x - left, it.y - top);
            }
        }
    }
}
