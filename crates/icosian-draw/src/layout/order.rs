//! The second phase: orders the items of each rank, so that few segments cross.
//!
//! Sweeps down and up sort each rank by the mean position of its neighbors in the rank before. The order with the fewest crossings wins.
//! Afterwards neighbors are exchanged as long as this removes crossings. Groups are contiguous, and two groups have the same order in
//! all ranks that they share, so their boxes do not overlap.
//!
//! Sources: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures", IEEE Transactions on
//! Systems, Man, and Cybernetics 11 (2), 1981 (barycenters); Barth, Mutzel and Jünger, "Simple and Efficient Bilayer Cross Counting",
//! Journal of Graph Algorithms and Applications 8 (2), 2004 (the number of crossings).

use super::layers::Layers;
use super::model::GroupSpec;
use super::rank_tree::{RankTree, Token};

/// The work limit, in visited segments.
const BUDGET: usize = 6_000_000;
const MAX_SWEEPS: usize = 24;
/// Neighbors are exchanged only in graphs with at most this many segments.
const MAX_EXCHANGED_SEGMENTS: usize = 6_000;

/// Orders all ranks.
pub(super) fn order_ranks(layers: &Layers, specs: &[GroupSpec]) -> Vec<Vec<Token>> {
    let mut sweep = CrossingSweep::new(layers, specs);
    let mut best = sweep.ranks.clone();
    let mut fewest = sweep.crossings();
    let sweeps = (BUDGET / (layers.segments.len() + layers.items.len() + 1)).clamp(2, MAX_SWEEPS);
    let mut without_improvement = 0;
    for round in 0..sweeps {
        if fewest == 0 || without_improvement > 6 {
            break;
        }
        sweep.run(if round % 2 == 0 { Side::Above } else { Side::Below });
        let crossings = sweep.crossings();
        without_improvement += 1;
        if crossings < fewest {
            (fewest, without_improvement) = (crossings, 0);
            best.clone_from(&sweep.ranks);
        }
    }
    sweep.ranks = best;
    sweep.update_positions();
    if fewest > 0 && layers.segments.len() <= MAX_EXCHANGED_SEGMENTS {
        sweep.exchange_neighbors();
    }
    sweep.ranks
}

/// The neighbors that determine an order.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

struct CrossingSweep<'a> {
    layers: &'a Layers,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    trees: Vec<RankTree>,
    ranks: Vec<Vec<Token>>,
    /// The place of each item in its rank, from 0.
    places: Vec<usize>,
    /// The places as parts of the rank, from 0 to 1.
    positions: Vec<f64>,
    group_keys: Vec<f64>,
    parents: Vec<Option<usize>>,
}

impl<'a> CrossingSweep<'a> {
    fn new(layers: &'a Layers, specs: &[GroupSpec]) -> Self {
        let count = layers.items.len();
        let (mut above, mut below) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for it in &layers.segments {
            above[it.to].push(it.from);
            below[it.from].push(it.to);
        }
        let mut items = vec![Vec::new(); layers.rank_count];
        for (index, item) in layers.items.iter().enumerate() {
            items[item.rank].push((index, item.group));
        }
        let mut groups = vec![Vec::new(); layers.rank_count];
        for (group, span) in layers.spans.iter().enumerate() {
            for rank in &mut groups[span.0..=span.1] {
                rank.push(group);
            }
        }
        let trees =
            items.iter().zip(&groups).map(|(items, groups)| RankTree::new(groups, specs, items)).collect();
        let mut sweep = Self {
            layers,
            trees,
            ranks: Vec::new(),
            places: vec![0; count],
            positions: vec![0.0; count],
            group_keys: vec![0.0; specs.len()],
            parents: specs.iter().map(|it| it.parent).collect(),
            above,
            below,
        };
        sweep.start();
        sweep
    }

    /// Orders all items by a depth-first search from the sources, so that connected items are near each other.
    #[expect(clippy::cast_precision_loss, reason = "positions are small")]
    fn start(&mut self) {
        let count = self.layers.items.len();
        let mut seen = vec![false; count];
        let mut next = 0.0;
        let starts = (0..count).filter(|it| self.above[*it].is_empty()).chain(0..count);
        for start in starts {
            let mut stack = vec![start];
            while let Some(item) = stack.pop() {
                if !std::mem::replace(&mut seen[item], true) {
                    self.positions[item] = next / count as f64;
                    next += 1.0;
                    stack.extend(self.below[item].iter().rev().chain(self.above[item].iter().rev()));
                }
            }
        }
        self.update_group_keys();
        let positions = &self.positions;
        self.ranks =
            self.trees.iter().map(|tree| tree.sort(positions, positions, &self.group_keys)).collect();
        self.update_positions();
    }

    /// Sorts each rank by its neighbors on one side. All ranks are sorted, so the groups have one order.
    fn run(&mut self, side: Side) {
        self.update_group_keys();
        let count = self.ranks.len();
        let mut keys = self.positions.clone();
        for step in 0..count {
            let (rank, neighbors) = match side {
                Side::Above => (step, &self.above),
                Side::Below => (count - 1 - step, &self.below),
            };
            for token in &self.ranks[rank] {
                if let Token::Item(item) = *token {
                    keys[item] = mean(&neighbors[item], &self.positions).unwrap_or(self.positions[item]);
                }
            }
            self.ranks[rank] = self.trees[rank].sort(&keys, &self.positions, &self.group_keys);
            self.update_rank(rank);
        }
    }

    fn update_positions(&mut self) {
        for rank in 0..self.ranks.len() {
            self.update_rank(rank);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "positions are small")]
    fn update_rank(&mut self, rank: usize) {
        let items = self.ranks[rank].iter().filter(|token| matches!(token, Token::Item(_))).count();
        let mut place = 0;
        for token in &self.ranks[rank] {
            if let Token::Item(item) = *token {
                self.places[item] = place;
                self.positions[item] = (place as f64 + 0.5) / items as f64;
                place += 1;
            }
        }
    }

    /// Sets the position of each group to the mean of its items in all ranks.
    fn update_group_keys(&mut self) {
        let mut sums = vec![(0.0, 0.0); self.group_keys.len()];
        for (item, position) in self.layers.items.iter().zip(&self.positions) {
            if let Some(group) = item.group {
                sums[group].0 += position;
                sums[group].1 += 1.0;
            }
        }
        for group in (0..sums.len()).rev() {
            let (sum, count) = sums[group];
            self.group_keys[group] = if count > 0.0 { sum / count } else { 0.5 };
            if let Some(parent) = self.parents[group] {
                sums[parent].0 += sum;
                sums[parent].1 += count;
            }
        }
    }

    fn crossings(&self) -> usize {
        let mut total = 0;
        let mut targets = Vec::new();
        for rank in &self.ranks {
            targets.clear();
            for token in rank {
                if let Token::Item(item) = *token {
                    let start = targets.len();
                    targets.extend(self.below[item].iter().map(|it| self.places[*it]));
                    targets[start..].sort_unstable();
                }
            }
            total += inversions(&targets);
        }
        total
    }

    /// Exchanges neighbors within their group as long as this removes crossings.
    fn exchange_neighbors(&mut self) {
        let mut budget = BUDGET;
        let mut improved = true;
        while improved && budget > 0 {
            improved = false;
            for rank in 0..self.ranks.len() {
                for index in 1..self.ranks[rank].len() {
                    let (Token::Item(left), Token::Item(right)) =
                        (self.ranks[rank][index - 1], self.ranks[rank][index])
                    else {
                        continue;
                    };
                    let (mut kept, mut exchanged) = (0, 0);
                    for neighbors in [&self.above, &self.below] {
                        let (left, right) = (&neighbors[left], &neighbors[right]);
                        budget = budget.saturating_sub(left.len() * right.len() + 1);
                        for a in left {
                            for b in right {
                                kept += usize::from(self.places[*a] > self.places[*b]);
                                exchanged += usize::from(self.places[*a] < self.places[*b]);
                            }
                        }
                    }
                    if exchanged < kept {
                        self.ranks[rank].swap(index - 1, index);
                        self.places.swap(left, right);
                        improved = true;
                    }
                }
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "positions are small")]
fn mean(neighbors: &[usize], positions: &[f64]) -> Option<f64> {
    let sum: f64 = neighbors.iter().map(|it| positions[*it]).sum();
    (!neighbors.is_empty()).then(|| sum / neighbors.len() as f64)
}

/// Counts the pairs in decreasing order, with a binary indexed tree.
fn inversions(values: &[usize]) -> usize {
    let Some(&highest) = values.iter().max() else { return 0 };
    let mut tree = vec![0_usize; highest + 2];
    let mut total = 0;
    for (seen, &value) in values.iter().enumerate() {
        let mut not_above = 0;
        let mut index = value + 1;
        while index > 0 {
            not_above += tree[index];
            index &= index - 1;
        }
        total += seen - not_above;
        let mut index = value + 1;
        while index < tree.len() {
            tree[index] += 1;
            index += index & index.wrapping_neg();
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::inversions;

    #[test]
    fn pairs_in_decreasing_order_are_counted() {
        assert_eq!(inversions(&[]), 0);
        assert_eq!(inversions(&[0, 1, 1, 2]), 0);
        assert_eq!(inversions(&[2, 1, 0]), 3);
        assert_eq!(inversions(&[1, 0, 1, 0]), 3);
    }
}
