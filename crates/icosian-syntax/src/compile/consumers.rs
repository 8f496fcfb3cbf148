//! The order of a call that consumes a value after all calls that borrow it, so that no clone is needed.
//!
//! A driver runs a node that consumes a value last if the value is not `Clone`. A macro cannot see that, so it orders every consumer
//! last where this delays no async call.

use std::collections::{BTreeSet, HashMap};

use super::graph::{CompiledOutput, FunctionCall, Root, SourceValue};
use crate::model::WrittenForm;

/// Sorts the calls of `output`: the consumer of a value follows the other readers, if it may wait.
pub(super) fn order_last(output: &mut CompiledOutput<'_>) {
    let calls = std::mem::take(&mut output.calls);
    let mut waits: Vec<BTreeSet<usize>> = calls.iter().map(|call| call.reads().collect()).collect();
    let mut readers: HashMap<Root, Vec<(usize, bool)>> = HashMap::new();
    for (at, call) in calls.iter().enumerate() {
        for argument in &call.arguments {
            let Some(value) = &argument.value else { continue };
            let takes = matches!(argument.param.form, WrittenForm::Taken | WrittenForm::OptionalTaken);
            readers.entry(value.root).or_default().push((at, takes && value.parts.is_empty()));
        }
    }
    let mut roots: Vec<_> = readers.into_iter().filter(|(_, readers)| readers.len() > 1).collect();
    roots.sort_unstable();
    for (_, readers) in roots {
        let consumers = readers.iter().rev().filter(|(_, consumes)| *consumes).map(|(call, _)| *call);
        let may_wait = |&call: &usize| {
            !(0..calls.len())
                .any(|other| calls[other].is_async && (other == call || depends_on(&waits, other, call)))
        };
        let last = consumers.into_iter().find(|call| {
            may_wait(call) && readers.iter().all(|(other, _)| !depends_on(&waits, *other, *call))
        });
        if let Some(last) = last {
            waits[last].extend(readers.iter().map(|(other, _)| *other).filter(|other| *other != last));
        }
    }
    output.calls = sort(calls, &waits, &mut output.result);
}

/// Returns whether `call` waits for `other`, directly or through others.
fn depends_on(waits: &[BTreeSet<usize>], call: usize, other: usize) -> bool {
    let mut seen = vec![false; waits.len()];
    let mut open = vec![call];
    while let Some(call) = open.pop() {
        for &before in &waits[call] {
            if before == other {
                return true;
            }
            if !std::mem::replace(&mut seen[before], true) {
                open.push(before);
            }
        }
    }
    false
}

/// Sorts the calls by `waits`, and otherwise keeps their order.
fn sort<'a>(
    calls: Vec<FunctionCall<'a>>,
    waits: &[BTreeSet<usize>],
    result: &mut SourceValue<'a>,
) -> Vec<FunctionCall<'a>> {
    let mut order = Vec::with_capacity(calls.len());
    let mut positions = vec![usize::MAX; calls.len()];
    while order.len() < calls.len() {
        let is_ready = |call: &usize| {
            positions[*call] == usize::MAX
                && waits[*call].iter().all(|before| positions[*before] != usize::MAX)
        };
        let next = (0..calls.len()).find(is_ready).expect("calls that wait for each other were not added");
        positions[next] = order.len();
        order.push(next);
    }
    let renumber = |value: &mut SourceValue<'_>| {
        if let Root::Call(call) = &mut value.root {
            *call = positions[*call];
        }
    };
    let mut calls: Vec<Option<FunctionCall<'a>>> = calls.into_iter().map(Some).collect();
    renumber(result);
    order
        .into_iter()
        .filter_map(|at| {
            let mut call = calls[at].take()?;
            call.arguments.iter_mut().filter_map(|argument| argument.value.as_mut()).for_each(renumber);
            Some(call)
        })
        .collect()
}
