//! The third phase: assigns positions across the ranks.
//!
//! The network simplex method minimizes the weighted horizontal lengths of all segments. The constraints are that items of a rank do not
//! overlap, and that the borders of a group enclose its content in all its ranks. Segments between bends weigh most, so long links are
//! straight.
//!
//! Source: Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs", IEEE Transactions on Software Engineering 19
//! (3), 1993, section 4.2.

use super::layers::{ItemKind, Layers};
use super::model::{Axis, GroupSpec, PADDING, TITLE_HEIGHT};
use super::rank_tree::Token;
use super::ranks::{longest_paths, topological};
use super::simplex::{Constraint, minimize};

/// The work limit of the network simplex method, in visited constraints.
const BUDGET: usize = 40_000_000;
/// The weight of a group's width, which keeps groups narrow.
const BORDER_WEIGHT: i64 = 4;
/// The sweeps before and after the network simplex method.
const SWEEPS: usize = 8;
/// The distances between boxes, between bends, and between groups.
const BOX_GAP: i64 = 28;
const BEND_GAP: i64 = 12;
const GROUP_GAP: i64 = 20;

/// The centers of the items, and the borders of the groups, across the ranks.
#[derive(Debug)]
pub(super) struct Across {
    pub(super) centers: Vec<i64>,
    pub(super) borders: Vec<(i64, i64)>,
    /// The distance between the end of a segment and the center of its box.
    pub(super) ports: Vec<i64>,
}

/// Assigns the positions of all items and borders.
pub(super) fn assign_positions(
    axis: Axis,
    layers: &Layers,
    specs: &[GroupSpec],
    ranks: &[Vec<Token>],
) -> Across {
    let ports = assign_ports(axis, layers, ranks);
    let items = layers.items.len();
    let variables = items + 2 * specs.len();
    let mut constraints = separations(axis, layers, specs, ranks);
    let order: Vec<usize> = topological(variables, &constraints).into_iter().map(|it| it.0).collect();
    let mut values = longest_paths(variables, &constraints);

    let relaxation = Relaxation::new(layers, &ports, &constraints, order);
    relaxation.run(&mut values);

    // Each segment pulls its ends together through a separate variable.
    for (index, it) in layers.segments.iter().enumerate() {
        let (pull, port) = (variables + index, ports[index]);
        let weight = weight(layers, it.from, it.to);
        values.push((values[it.from] - port).min(values[it.to]));
        constraints.push(Constraint { from: pull, to: it.from, length: port, weight });
        constraints.push(Constraint { from: pull, to: it.to, length: 0, weight });
    }
    minimize(&mut values, &constraints, BUDGET);
    relaxation.run(&mut values);

    let lowest = values[..variables].iter().min().copied().unwrap_or_default();
    let centers: Vec<i64> = values[..items].iter().map(|it| it - lowest).collect();
    let borders = (0..specs.len())
        .map(|group| (values[items + 2 * group] - lowest, values[items + 2 * group + 1] - lowest));
    Across { borders: borders.collect(), centers, ports }
}

fn weight(layers: &Layers, from: usize, to: usize) -> i64 {
    let is_bend = |item: usize| layers.items[item].kind != ItemKind::Box;
    match (is_bend(from), is_bend(to)) {
        (false, false) => 1,
        (true, true) => 8,
        _ => 2,
    }
}

/// Distributes the ends of the segments over the side of their box, in the order of their starts.
fn assign_ports(axis: Axis, layers: &Layers, ranks: &[Vec<Token>]) -> Vec<i64> {
    let mut incoming = vec![Vec::new(); layers.items.len()];
    let mut outgoing = vec![Vec::new(); layers.items.len()];
    for (index, it) in layers.segments.iter().enumerate() {
        outgoing[it.from].push(index);
    }
    for token in ranks.iter().flatten() {
        if let Token::Item(item) = *token {
            for &segment in &outgoing[item] {
                incoming[layers.segments[segment].to].push(segment);
            }
        }
    }
    let mut ports = vec![0; layers.segments.len()];
    for (item, segments) in layers.items.iter().zip(&incoming) {
        if item.kind != ItemKind::Box || segments.len() < 2 {
            continue;
        }
        let last = i64::try_from(segments.len() - 1).unwrap_or(i64::MAX);
        let width = extent(axis, item.size) * 6 / 10;
        let step = (width / last).min(16);
        for (position, &segment) in (0..).zip(segments) {
            ports[segment] = (2 * position - last) * step / 2;
        }
    }
    ports
}

fn extent(axis: Axis, size: super::model::Size) -> i64 {
    match axis {
        Axis::Down => size.width,
        Axis::Right => size.height,
    }
}

/// Returns the lower bounds of the distances between neighbors in a rank.
fn separations(axis: Axis, layers: &Layers, specs: &[GroupSpec], ranks: &[Vec<Token>]) -> Vec<Constraint> {
    let items = layers.items.len();
    let (begin, end) = match axis {
        Axis::Down => (PADDING, PADDING),
        Axis::Right => (TITLE_HEIGHT, PADDING),
    };
    // The variable of a token, and the space before and after it.
    let space = |token: Token| match token {
        Token::Enter(group) => (items + 2 * group, GROUP_GAP / 2, begin),
        Token::Leave(group) => (items + 2 * group + 1, end, GROUP_GAP / 2),
        Token::Item(item) => {
            let own = &layers.items[item];
            let half = (extent(axis, own.size) + 1) / 2;
            let gap = if own.kind == ItemKind::Box { BOX_GAP / 2 } else { BEND_GAP / 2 };
            (item, half + gap, half + gap)
        }
    };
    let mut constraints = Vec::new();
    let mut known = std::collections::HashSet::new();
    for rank in ranks {
        for pair in rank.windows(2) {
            let ((from, _, after), (to, before, _)) = (space(pair[0]), space(pair[1]));
            // Between a border and its content, the padding replaces the gap of an item.
            let item_gap = |token: Token| match token {
                Token::Item(item) if layers.items[item].kind == ItemKind::Box => BOX_GAP / 2,
                Token::Item(_) => BEND_GAP / 2,
                _ => 0,
            };
            let length = match (pair[0], pair[1]) {
                (Token::Enter(_), Token::Item(_)) => after + before - item_gap(pair[1]),
                (Token::Item(_), Token::Leave(_)) => after + before - item_gap(pair[0]),
                (Token::Enter(_), Token::Enter(_)) => after,
                (Token::Leave(_), Token::Leave(_)) => before,
                (Token::Enter(_), Token::Leave(_)) => 2 * PADDING,
                _ => after + before,
            };
            if known.insert((from, to, length)) {
                constraints.push(Constraint { from, to, length, weight: 0 });
            }
        }
    }
    for (group, spec) in specs.iter().enumerate() {
        let length = match axis {
            Axis::Down => spec.title_width + 2 * PADDING,
            Axis::Right => 0,
        };
        constraints.push(Constraint {
            from: items + 2 * group,
            to: items + 2 * group + 1,
            length,
            weight: BORDER_WEIGHT,
        });
    }
    constraints
}

/// Moves single variables to a position that is best for their segments.
///
/// A box moves to the middle of these positions. A bend moves to the nearest one, because its neighbors are often bends of the same link:
/// in the middle between them, it would turn one bend of the line into a staircase.
struct Relaxation {
    items: usize,
    is_bend: Vec<bool>,
    order: Vec<usize>,
    /// The other ends of an item's segments, with their distance and weight.
    neighbors: Vec<Vec<(usize, i64, i64)>>,
    before: Vec<Vec<(usize, i64)>>,
    after: Vec<Vec<(usize, i64)>>,
}

impl Relaxation {
    fn new(layers: &Layers, ports: &[i64], constraints: &[Constraint], order: Vec<usize>) -> Self {
        let variables = order.len();
        let mut neighbors = vec![Vec::new(); layers.items.len()];
        for (it, &port) in layers.segments.iter().zip(ports) {
            let weight = weight(layers, it.from, it.to);
            neighbors[it.from].push((it.to, port, weight));
            neighbors[it.to].push((it.from, -port, weight));
        }
        let (mut before, mut after) = (vec![Vec::new(); variables], vec![Vec::new(); variables]);
        for it in constraints {
            before[it.to].push((it.from, it.length));
            after[it.from].push((it.to, it.length));
        }
        let is_bend = layers.items.iter().map(|item| item.kind != ItemKind::Box).collect();
        Self { items: layers.items.len(), is_bend, order, neighbors, before, after }
    }

    fn run(&self, values: &mut [i64]) {
        for sweep in 0..SWEEPS {
            for index in 0..self.order.len() {
                let index = if sweep % 2 == 0 { self.order.len() - 1 - index } else { index };
                self.move_one(self.order[index], values);
            }
        }
    }

    fn move_one(&self, variable: usize, values: &mut [i64]) {
        let lowest = self.before[variable].iter().map(|(other, length)| values[*other] + length).max();
        let highest = self.after[variable].iter().map(|(other, length)| values[*other] - length).min();
        let target = if variable < self.items {
            let Some((low, high)) = medians(&self.neighbors[variable], values) else { return };
            if self.is_bend[variable] { values[variable].clamp(low, high) } else { i64::midpoint(low, high) }
        } else if (variable - self.items).is_multiple_of(2) {
            highest.unwrap_or(values[variable])
        } else {
            lowest.unwrap_or(values[variable])
        };
        values[variable] = target.min(highest.unwrap_or(i64::MAX)).max(lowest.unwrap_or(i64::MIN));
    }
}

/// Returns the lower and the upper weighted median of the neighbors.
fn medians(neighbors: &[(usize, i64, i64)], values: &[i64]) -> Option<(i64, i64)> {
    let mut wanted: Vec<(i64, i64)> =
        neighbors.iter().map(|(other, distance, weight)| (values[*other] + distance, *weight)).collect();
    wanted.sort_unstable();
    let total: i64 = wanted.iter().map(|it| it.1).sum();
    let mut seen = 0;
    let mut low = None;
    for (value, weight) in wanted {
        seen += weight;
        if low.is_none() && 2 * seen >= total {
            low = Some(value);
        }
        if 2 * seen > total {
            return low.map(|low| (low, value));
        }
    }
    None
}
