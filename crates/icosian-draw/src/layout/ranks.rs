//! The first phase: assigns a rank to each box, so that links lead to higher ranks.

use super::model::{LayoutGraph, LayoutLink};
use super::simplex::{Constraint, minimize};

/// The work limit of the network simplex method, in visited constraints.
const BUDGET: usize = 4_000_000;
/// The weight of links within a group, which keeps groups compact.
const GROUP_WEIGHT: i64 = 8;

/// The ranks of all boxes.
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) ranks: Vec<usize>,
    /// The links that lead to a lower rank, because they close a cycle.
    pub(super) reversed: Vec<bool>,
}

/// Assigns ranks that minimize the total length of the links.
///
/// A label occupies a separate rank, so a link with a label spans two ranks.
pub(super) fn assign_ranks(graph: &LayoutGraph) -> Ranks {
    let (count, links) = (graph.boxes.len(), &graph.links);
    let reversed = find_back_links(count, links);
    let constraints: Vec<_> = links
        .iter()
        .zip(&reversed)
        .filter(|(link, _)| link.from != link.to)
        .map(|(link, is_reversed)| {
            let (from, to) = if *is_reversed { (link.to, link.from) } else { (link.from, link.to) };
            let weight = if graph.have_common_group(from, to) { GROUP_WEIGHT } else { 1 };
            Constraint { from, to, length: if link.label.is_some() { 2 } else { 1 }, weight }
        })
        .collect();
    let mut values = longest_paths(count, &constraints);
    minimize(&mut values, &constraints, BUDGET);
    // Unconnected parts may have negative ranks.
    Ranks { ranks: compact(&values, &constraints), reversed }
}

/// Moves each connected part to rank 0.
fn compact(values: &[i64], constraints: &[Constraint]) -> Vec<usize> {
    let mut neighbors = vec![Vec::new(); values.len()];
    for it in constraints {
        neighbors[it.from].push(it.to);
        neighbors[it.to].push(it.from);
    }
    let mut ranks = vec![usize::MAX; values.len()];
    for start in 0..values.len() {
        if ranks[start] != usize::MAX {
            continue;
        }
        let mut part = vec![start];
        ranks[start] = 0;
        let mut next = 0;
        while next < part.len() {
            for &other in &neighbors[part[next]] {
                if ranks[other] == usize::MAX {
                    ranks[other] = 0;
                    part.push(other);
                }
            }
            next += 1;
        }
        let lowest = part.iter().map(|it| values[*it]).min().unwrap_or_default();
        for it in part {
            ranks[it] = usize::try_from(values[it] - lowest).unwrap_or_default();
        }
    }
    ranks
}

/// Finds the links that close a cycle, by a depth-first search with an explicit stack.
fn find_back_links(count: usize, links: &[LayoutLink]) -> Vec<bool> {
    let mut outgoing = vec![Vec::new(); count];
    for (index, link) in links.iter().enumerate() {
        outgoing[link.from].push(index);
    }
    let mut reversed = vec![false; links.len()];
    let mut state = vec![SearchState::New; count];
    for start in 0..count {
        if state[start] != SearchState::New {
            continue;
        }
        state[start] = SearchState::Open;
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.pop() {
            let Some(&index) = outgoing[node].get(next) else {
                state[node] = SearchState::Done;
                continue;
            };
            stack.push((node, next + 1));
            let to = links[index].to;
            match state[to] {
                SearchState::New => {
                    state[to] = SearchState::Open;
                    stack.push((to, 0));
                }
                SearchState::Open => reversed[index] = true,
                SearchState::Done => {}
            }
        }
    }
    reversed
}

#[derive(Clone, Copy, PartialEq)]
enum SearchState {
    New,
    Open,
    Done,
}

/// Returns the smallest values that satisfy acyclic constraints, in O(variables + constraints).
pub(super) fn longest_paths(count: usize, constraints: &[Constraint]) -> Vec<i64> {
    let mut values = vec![0; count];
    for (variable, outgoing) in topological(count, constraints) {
        for it in outgoing {
            let it = &constraints[it];
            values[it.to] = values[it.to].max(values[variable] + it.length);
        }
    }
    values
}

/// Returns the variables in topological order, each with its outgoing constraints.
pub(super) fn topological(count: usize, constraints: &[Constraint]) -> Vec<(usize, Vec<usize>)> {
    let mut outgoing = vec![Vec::new(); count];
    let mut missing = vec![0_usize; count];
    for (index, it) in constraints.iter().enumerate() {
        outgoing[it.from].push(index);
        missing[it.to] += 1;
    }
    let mut order: Vec<usize> = (0..count).filter(|it| missing[*it] == 0).collect();
    let mut next = 0;
    while next < order.len() {
        for &index in &outgoing[order[next]] {
            let to = constraints[index].to;
            missing[to] -= 1;
            if missing[to] == 0 {
                order.push(to);
            }
        }
        next += 1;
    }
    order.into_iter().map(|it| (it, std::mem::take(&mut outgoing[it]))).collect()
}
