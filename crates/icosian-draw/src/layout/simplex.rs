//! The network simplex method for difference constraints.
//!
//! The method minimizes the weighted sum of distances `value[to] - value[from]`, where each distance has a lower bound. It keeps a spanning
//! forest of tight constraints. It replaces a tree edge with a negative *cut value* by the tightest constraint that crosses the cut in the
//! other direction. It ends when no cut value is negative.
//!
//! Source: Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs", IEEE Transactions on Software Engineering 19 (3),
//! 1993, section 2.3. Here, the cut value of a tree edge is the weight of the constraints that leave its subtree, minus the weight of the
//! constraints that enter it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A lower bound of a distance: `value[to] - value[from] >= length`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) length: i64,
    pub(super) weight: i64,
}

/// Improves feasible `values`, and stops after about `budget` visits of constraints.
///
/// The result is feasible even if the budget is exhausted.
pub(super) fn minimize(values: &mut [i64], constraints: &[Constraint], budget: usize) {
    let mut forest = Forest::grow(values, constraints);
    let mut spent = 0;
    let mut cursor = 0;
    while spent < budget {
        let Some(child) = forest.next_improvement(&mut cursor, &mut spent) else { break };
        spent += forest.pivot(child, values);
    }
}

/// Spanning trees of tight constraints, one for each connected part.
struct Forest<'a> {
    constraints: &'a [Constraint],
    /// The constraints at each variable.
    incident: Vec<Vec<usize>>,
    /// The tree edges at each variable.
    tree: Vec<Vec<usize>>,
    /// The tree edge to the parent.
    parent: Vec<Option<usize>>,
    /// The weights that leave the subtree minus the weights that enter it.
    surplus: Vec<i64>,
    /// The number of variables in the subtree.
    size: Vec<usize>,
    /// The root of each variable's tree. Pivots keep the roots.
    root: Vec<usize>,
    /// The last pivot that visited a variable.
    visited: Vec<usize>,
    pivots: usize,
}

impl<'a> Forest<'a> {
    /// Grows each tree from its first variable, and shifts the tree until another constraint is tight.
    fn grow(values: &mut [i64], constraints: &'a [Constraint]) -> Self {
        let count = values.len();
        let mut incident = vec![Vec::new(); count];
        for (index, constraint) in constraints.iter().enumerate() {
            incident[constraint.from].push(index);
            incident[constraint.to].push(index);
        }
        let mut forest = Self {
            constraints,
            incident,
            tree: vec![Vec::new(); count],
            parent: vec![None; count],
            surplus: vec![0; count],
            size: vec![1; count],
            root: vec![usize::MAX; count],
            visited: vec![0; count],
            pivots: 0,
        };
        let mut order = Vec::with_capacity(count);
        for start in 0..count {
            if forest.root[start] == usize::MAX {
                forest.grow_tree(start, values, &mut order);
            }
        }
        for constraint in constraints {
            forest.surplus[constraint.from] += constraint.weight;
            forest.surplus[constraint.to] -= constraint.weight;
        }
        for &variable in order.iter().rev() {
            if let Some(parent) = forest.parent_of(variable) {
                forest.surplus[parent] += forest.surplus[variable];
                forest.size[parent] += forest.size[variable];
            }
        }
        forest
    }

    fn grow_tree(&mut self, start: usize, values: &mut [i64], order: &mut Vec<usize>) {
        // The whole tree shifts at once, so the heaps store slacks relative to `shift`, and values are stored without it.
        let first = order.len();
        let mut shift = 0;
        let mut leaving = BinaryHeap::new();
        let mut entering = BinaryHeap::new();
        let mut joined = Some((start, None));
        while let Some((variable, edge)) = joined.take() {
            self.root[variable] = start;
            order.push(variable);
            if let Some(edge) = edge {
                self.attach(edge, variable);
            }
            for &index in &self.incident[variable] {
                let Constraint { from, to, length, .. } = self.constraints[index];
                let slack = values[to] - values[from] - length;
                if from == variable && self.root[to] == usize::MAX {
                    leaving.push(Reverse((slack + shift, index)));
                } else if to == variable && self.root[from] == usize::MAX {
                    entering.push(Reverse((slack - shift, index)));
                }
            }
            values[variable] -= shift;
            let is_joined = |root: &[usize], variable: usize| root[variable] != usize::MAX;
            while leaving.peek().is_some_and(|it| is_joined(&self.root, self.constraints[it.0.1].to)) {
                leaving.pop();
            }
            while entering.peek().is_some_and(|it| is_joined(&self.root, self.constraints[it.0.1].from)) {
                entering.pop();
            }
            let out = leaving.peek().map(|it| (it.0.0 - shift, it.0.1));
            let into = entering.peek().map(|it| (it.0.0 + shift, it.0.1));
            joined = match (out, into) {
                (Some((slack, index)), into) if into.is_none_or(|(other, _)| slack <= other) => {
                    shift += slack;
                    Some((self.constraints[index].to, Some(index)))
                }
                (_, Some((slack, index))) => {
                    shift -= slack;
                    Some((self.constraints[index].from, Some(index)))
                }
                _ => None,
            };
        }
        for &variable in &order[first..] {
            values[variable] += shift;
        }
    }

    fn attach(&mut self, edge: usize, child: usize) {
        self.parent[child] = Some(edge);
        self.tree[self.constraints[edge].from].push(edge);
        self.tree[self.constraints[edge].to].push(edge);
    }

    fn other_end(&self, edge: usize, end: usize) -> usize {
        let Constraint { from, to, .. } = self.constraints[edge];
        if from == end { to } else { from }
    }

    fn parent_of(&self, variable: usize) -> Option<usize> {
        self.parent[variable].map(|edge| self.other_end(edge, variable))
    }

    /// Returns the next variable whose edge to its parent has a negative cut value.
    fn next_improvement(&self, cursor: &mut usize, spent: &mut usize) -> Option<usize> {
        let count = self.parent.len();
        for step in 0..count {
            let variable = (*cursor + step) % count;
            let Some(edge) = self.parent[variable] else { continue };
            let leaves_subtree = self.constraints[edge].from == variable;
            let cut = if leaves_subtree { self.surplus[variable] } else { -self.surplus[variable] };
            if cut < 0 {
                *cursor = (variable + 1) % count;
                *spent += step / 8;
                return Some(variable);
            }
        }
        None
    }

    /// Replaces the edge between `child` and its parent. Returns the number of visited constraints.
    fn pivot(&mut self, child: usize, values: &mut [i64]) -> usize {
        let Some(edge) = self.parent[child] else { return 1 };
        let parent = self.other_end(edge, child);
        let edge_leaves_subtree = self.constraints[edge].from == child;
        for end in [child, parent] {
            self.tree[end].retain(|it| *it != edge);
        }
        // Only the smaller side of the cut is visited.
        let visits_subtree = self.size[child] * 2 <= self.size[self.root[child]];
        let side = self.collect_side(if visits_subtree { child } else { parent });
        let edge_leaves_side = edge_leaves_subtree == visits_subtree;
        let mut best: Option<(i64, usize)> = None;
        let mut cost = side.len();
        for &variable in &side {
            cost += self.incident[variable].len();
            for &index in &self.incident[variable] {
                let Constraint { from, to, length, .. } = self.constraints[index];
                let (inside, outside) = if edge_leaves_side { (to, from) } else { (from, to) };
                if inside != variable || self.visited[outside] == self.pivots {
                    continue;
                }
                let slack = values[to] - values[from] - length;
                if best.is_none_or(|found| (slack, index) < found) {
                    best = Some((slack, index));
                }
            }
        }
        // A negative cut value implies a constraint in the other direction.
        let Some((slack, entering)) = best else {
            for end in [child, parent] {
                self.tree[end].push(edge);
            }
            return usize::MAX / 2;
        };
        let delta = if edge_leaves_side { -slack } else { slack };
        for &variable in &side {
            values[variable] += delta;
        }
        let Constraint { from, to, .. } = self.constraints[entering];
        let from_is_in_subtree = (self.visited[from] == self.pivots) == visits_subtree;
        let (inner, outer) = if from_is_in_subtree { (from, to) } else { (to, from) };
        cost + self.replace(child, parent, entering, inner, outer)
    }

    /// Collects the variables on one side of a removed tree edge.
    fn collect_side(&mut self, start: usize) -> Vec<usize> {
        self.pivots += 1;
        self.visited[start] = self.pivots;
        let mut side = vec![start];
        let mut next = 0;
        while next < side.len() {
            let variable = side[next];
            next += 1;
            for &edge in &self.tree[variable] {
                let Constraint { from, to, .. } = self.constraints[edge];
                let other = if from == variable { to } else { from };
                if self.visited[other] != self.pivots {
                    self.visited[other] = self.pivots;
                    side.push(other);
                }
            }
        }
        side
    }

    /// Moves the subtree of `child` from `parent` to `outer`, with `inner` as its new top.
    fn replace(&mut self, child: usize, parent: usize, entering: usize, inner: usize, outer: usize) -> usize {
        let (surplus, size) = (self.surplus[child], self.size[child]);
        let mut cost = self.add_to_ancestors(parent, -surplus, size, |own, moved| own - moved);
        // Reverse the parents on the path from `inner` up to `child`.
        let (mut variable, mut edge) = (inner, entering);
        let (mut below_surplus, mut below_size) = (0, 0);
        loop {
            let upward = self.parent[variable].replace(edge);
            let old = (self.surplus[variable], self.size[variable]);
            self.surplus[variable] = surplus - below_surplus;
            self.size[variable] = size - below_size;
            (below_surplus, below_size) = old;
            cost += 1;
            if variable == child {
                break;
            }
            let Some(upward) = upward else { break };
            variable = self.other_end(upward, variable);
            edge = upward;
        }
        for end in [inner, outer] {
            self.tree[end].push(entering);
        }
        cost + self.add_to_ancestors(outer, surplus, size, |own, moved| own + moved)
    }

    fn add_to_ancestors(
        &mut self,
        start: usize,
        surplus: i64,
        size: usize,
        update_size: impl Fn(usize, usize) -> usize,
    ) -> usize {
        let mut cost = 0;
        let mut next = Some(start);
        while let Some(variable) = next {
            self.surplus[variable] += surplus;
            self.size[variable] = update_size(self.size[variable], size);
            next = self.parent_of(variable);
            cost += 1;
        }
        cost
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Constraint, minimize};

    fn cost(values: &[i64], constraints: &[Constraint]) -> i64 {
        constraints.iter().map(|it| it.weight * (values[it.to] - values[it.from])).sum()
    }

    /// The cheapest feasible values in `0..range`, by trying all of them.
    fn cheapest(count: usize, range: i64, constraints: &[Constraint]) -> Option<i64> {
        let total =
            usize::try_from(range).expect("it is small").pow(u32::try_from(count).expect("it is small"));
        let candidates = (0..total).filter_map(|mut code| {
            let values: Vec<i64> = (0..count)
                .map(|_| {
                    let value = i64::try_from(code).expect("it is small") % range;
                    code /= usize::try_from(range).expect("it is small");
                    value
                })
                .collect();
            let is_feasible = constraints.iter().all(|it| values[it.to] - values[it.from] >= it.length);
            is_feasible.then(|| cost(&values, constraints))
        });
        candidates.min()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn result_is_feasible_and_optimal(
            edges in proptest::collection::vec((0..5usize, 0..5usize, 0..2i64, 0..4i64), 1..9),
        ) {
            let constraints: Vec<_> = edges
                .into_iter()
                .filter(|(from, to, ..)| from != to)
                .map(|(a, b, length, weight)| Constraint { from: a.min(b), to: a.max(b), length, weight })
                .collect();
            let mut values = vec![0; 5];
            for to in 0..5 {
                for it in constraints.iter().filter(|it| it.to == to) {
                    values[to] = values[to].max(values[it.from] + it.length);
                }
            }
            minimize(&mut values, &constraints, usize::MAX / 4);
            for it in &constraints {
                prop_assert!(values[it.to] - values[it.from] >= it.length);
            }
            prop_assert_eq!(Some(cost(&values, &constraints)), cheapest(5, 6, &constraints));
        }
    }
}
