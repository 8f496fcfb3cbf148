//! The schedule of an order that is not series-parallel: chains of tasks that wait for each other.
//!
//! A link depends on the link before it, so it waits for no task that it does not depend on. Any partition into
//! chains is exact. Few chains cost least, so the partition has as few as possible (Dilworth, "A decomposition theorem
//! for partially ordered sets", 1950), by a maximum matching of each link with a next one (Fulkerson, 1956).

use std::collections::HashMap;

use super::order::{Order, TaskSet};
use super::schedule::{ChainLink, NodeChain, NodeTask, Schedule};

/// Plans `tasks` as chains. `arrange` plans the tasks of a link.
pub(super) fn cover(
    all: &[NodeTask],
    order: &Order,
    tasks: &[usize],
    arrange: &dyn Fn(&[usize]) -> Schedule,
) -> Vec<NodeChain> {
    let elements = merge(order, tasks);
    let next = match_next(all, order, &elements);
    let mut is_first = vec![true; elements.len()];
    next.iter().flatten().for_each(|&next| is_first[next] = false);
    let starts = (0..elements.len()).filter(|&element| is_first[element]);
    let chains = starts.map(|start| {
        let line: Vec<&[usize]> = std::iter::successors(Some(start), |&element| next[element])
            .map(|element| &*elements[element])
            .collect();
        chain(all, &line, tasks, arrange)
    });
    chains.collect()
}

fn chain(
    all: &[NodeTask],
    line: &[&[usize]],
    tasks: &[usize],
    arrange: &dyn Fn(&[usize]) -> Schedule,
) -> NodeChain {
    let own: Vec<usize> = line.concat();
    let mut seen: Vec<usize> = Vec::new();
    let links = line.iter().map(|element| {
        let mut waits: Vec<usize> = element.iter().flat_map(|&task| &all[task].reads).copied().collect();
        waits.sort_unstable();
        waits.dedup();
        waits.retain(|read| tasks.contains(read) && !own.contains(read) && !seen.contains(read));
        seen.extend(&waits);
        ChainLink { waits, schedule: arrange(element) }
    });
    NodeChain { links: links.collect() }
}

/// Groups `tasks`: the tasks of a group are series-parallel, and all other tasks relate to all of them alike.
///
/// Reduces the order as in Valdes, Tarjan and Lawler, "The recognition of series parallel digraphs", 1982: two tasks with the same
/// tasks before and after them are one, and so are a task and the only one directly after it, if it is the only one directly before
/// that.
fn merge(order: &Order, tasks: &[usize]) -> Vec<Vec<usize>> {
    let count = order.count();
    let mut elements: Vec<Vec<usize>> = tasks.iter().map(|&task| vec![task]).collect();
    loop {
        // The first task represents its element.
        let heads: Vec<usize> = elements.iter().map(|element| element[0]).collect();
        let alive = TaskSet::of(count, &heads);
        let before: Vec<TaskSet> = heads.iter().map(|&head| order.before(head).and(&alive)).collect();
        let after: Vec<TaskSet> = heads.iter().map(|&head| order.after(head).and(&alive)).collect();
        let mut into: Vec<usize> = (0..elements.len()).collect();
        let mut twins: HashMap<(&TaskSet, &TaskSet), usize> = HashMap::new();
        for element in 0..elements.len() {
            into[element] = *twins.entry((&before[element], &after[element])).or_insert(element);
        }
        if into.iter().enumerate().all(|(element, &into)| element == into) {
            let mut ends: HashMap<TaskSet, usize> = HashMap::new();
            for element in 0..elements.len() {
                let mut own = before[element].clone();
                own.insert(heads[element]);
                ends.insert(own, element);
            }
            for element in 0..elements.len() {
                let Some(&previous) = ends.get(&before[element]) else { continue };
                let mut rest = after[previous].clone();
                rest.remove(heads[element]);
                if rest == after[element] {
                    into[element] = into[previous];
                }
            }
        }
        if into.iter().enumerate().all(|(element, &into)| element == into) {
            return elements;
        }
        let mut merged: Vec<Vec<usize>> = vec![Vec::new(); elements.len()];
        for (element, into) in elements.into_iter().zip(into) {
            merged[into].extend(element);
        }
        merged.retain(|element| !element.is_empty());
        for element in &mut merged {
            element.sort_unstable();
        }
        merged.sort_unstable();
        elements = merged;
    }
}

/// Matches as many elements as possible with a later one that depends on them, each with another one.
fn match_next(all: &[NodeTask], order: &Order, elements: &[Vec<usize>]) -> Vec<Option<usize>> {
    let reads = |element: usize, read: usize| {
        elements[element].iter().any(|&task| all[task].reads.iter().any(|task| elements[read].contains(task)))
    };
    // Direct reads come first: their values stay within a chain.
    let candidates: Vec<Vec<usize>> = (0..elements.len())
        .map(|element| {
            let head = elements[element][0];
            let later = 0..elements.len();
            let mut later: Vec<usize> =
                later.filter(|&other| order.before(elements[other][0]).contains(head)).collect();
            later.sort_by_key(|&other| (!reads(other, element), other));
            later
        })
        .collect();
    let mut previous: Vec<Option<usize>> = vec![None; elements.len()];
    for element in 0..elements.len() {
        augment(element, &candidates, &mut previous, &mut vec![false; elements.len()]);
    }
    let mut next = vec![None; elements.len()];
    for (element, previous) in previous.into_iter().enumerate() {
        if let Some(previous) = previous {
            next[previous] = Some(element);
        }
    }
    next
}

/// Matches `element`, and rematches others for it, if possible.
fn augment(
    element: usize,
    candidates: &[Vec<usize>],
    previous: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for &next in &candidates[element] {
        if std::mem::replace(&mut tried[next], true) {
            continue;
        }
        let is_free = previous[next].is_none_or(|other| augment(other, candidates, previous, tried));
        if is_free {
            previous[next] = Some(element);
            return true;
        }
    }
    false
}
