//! The owners of the values of a compiled dataflow: which argument is moved, and which values chains exchange.
//!
//! A value is moved into an argument if the argument is its last use wherever the schedule permits to run the calls. All other
//! consumed arguments are clones. A value that another chain uses is kept in a slot, which outlives all chains.

use std::collections::{HashMap, HashSet};

use super::graph::{CompiledOutput, FunctionCall, Root};
use super::schedule::Schedule;
use crate::model::WrittenForm;

/// The owners of all values.
pub(crate) struct Ownership {
    /// The arguments that are moved, as a call and the position of its argument.
    moved: HashSet<(usize, usize)>,
    /// The calls whose outputs other chains use.
    exchanged: HashMap<usize, Exchange>,
    /// The calls that use the output of each call.
    readers: Vec<Vec<usize>>,
    /// The call whose output is the result, or a part of it.
    result: Root,
}

/// The use of a value in other chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// Other chains borrow the value.
    Borrowed,
    /// One other call consumes the value, and nothing else uses it.
    HandedOver,
}

/// A use of a value.
struct Use {
    call: usize,
    argument: usize,
    /// The argument takes the whole value.
    consumes: bool,
}

impl Ownership {
    pub(crate) fn of(output: &CompiledOutput<'_>, schedule: &Schedule) -> Self {
        let positions = Positions::of(schedule, output.calls.len());
        let mut uses: HashMap<Root, Vec<Use>> = HashMap::new();
        let mut readers = vec![Vec::new(); output.calls.len()];
        for (at, call) in output.calls.iter().enumerate() {
            for (argument, root, consumes) in arguments(call) {
                uses.entry(root).or_default().push(Use { call: at, argument, consumes });
                if let Root::Call(read) = root {
                    readers[read].push(at);
                }
            }
        }
        let mut ownership =
            Self { moved: HashSet::new(), exchanged: HashMap::new(), readers, result: output.result.root };
        for (root, uses) in &uses {
            ownership.find_owner(*root, uses, &positions);
        }
        ownership
    }

    fn find_owner(&mut self, root: Root, uses: &[Use], positions: &Positions) {
        let is_result = self.result == root;
        let is_elsewhere = |used: &Use| match root {
            Root::Call(call) => positions.relation(call, used.call) == Relation::OtherChain,
            Root::Input(_) => false,
        };
        if let (Root::Call(call), true) = (root, uses.iter().any(is_elsewhere)) {
            let is_handed_over = matches!(uses, [only] if only.consumes) && !is_result;
            let exchange = if is_handed_over { Exchange::HandedOver } else { Exchange::Borrowed };
            self.exchanged.insert(call, exchange);
            if is_handed_over {
                self.moved.insert((uses[0].call, uses[0].argument));
                return;
            }
        }
        if is_result {
            return;
        }
        for (at, used) in uses.iter().enumerate().filter(|(_, used)| used.consumes) {
            let is_within_chains = match root {
                Root::Call(call) => {
                    self.exchanged.contains_key(&call)
                        && positions.relation(call, used.call) != Relation::AfterRegion
                }
                Root::Input(_) => false,
            };
            let mut others =
                uses.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
            let is_last =
                others.all(|other| other.call != used.call && positions.is_before(other.call, used.call));
            if is_last && !is_within_chains {
                self.moved.insert((used.call, used.argument));
            }
        }
    }

    /// Returns whether the argument at `argument` of `call` is moved.
    pub(crate) fn is_moved(&self, call: usize, argument: usize) -> bool {
        self.moved.contains(&(call, argument))
    }

    /// Returns the use of the output of `call` in other chains, if there is one.
    pub(crate) fn exchange(&self, call: usize) -> Option<Exchange> {
        self.exchanged.get(&call).copied()
    }

    /// Returns whether a call outside of `calls` uses the output of `call`, or the output is the result.
    pub(crate) fn is_used_outside(&self, call: usize, calls: &[usize]) -> bool {
        self.result == Root::Call(call) || self.readers[call].iter().any(|reader| !calls.contains(reader))
    }
}

/// Returns the arguments of a call: their position, their root, and whether they take the whole value.
fn arguments(call: &FunctionCall<'_>) -> impl Iterator<Item = (usize, Root, bool)> {
    call.arguments.iter().enumerate().filter_map(|(at, argument)| {
        let value = argument.value.as_ref()?;
        let takes = matches!(argument.param.form, WrittenForm::Taken | WrittenForm::OptionalTaken);
        Some((at, value.root, takes && value.parts.is_empty()))
    })
}

/// The relation of a call to a later one that uses its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// Both are in the same chains, and in different ones.
    OtherChain,
    /// Both are in the same chain, or in no chains at all.
    SameChain,
    /// The later call follows the chains of the earlier one.
    AfterRegion,
}

/// The position of each call in the schedule.
struct Positions(Vec<Vec<PathStep>>);

/// A step from a part of a schedule into one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathStep {
    Sequence(usize),
    Parallel(usize),
    Chain(usize),
}

impl Positions {
    fn of(schedule: &Schedule, calls: usize) -> Self {
        let mut positions = Self(vec![Vec::new(); calls]);
        positions.collect(schedule, &mut Vec::new());
        positions
    }

    fn collect(&mut self, schedule: &Schedule, path: &mut Vec<PathStep>) {
        let parts: Vec<(Vec<PathStep>, &Schedule)> = match schedule {
            Schedule::Task(call) => {
                self.0[*call].clone_from(path);
                Vec::new()
            }
            Schedule::Sequence(parts) => {
                parts.iter().enumerate().map(|(at, part)| (vec![PathStep::Sequence(at)], part)).collect()
            }
            Schedule::Parallel(parts) => {
                parts.iter().enumerate().map(|(at, part)| (vec![PathStep::Parallel(at)], part)).collect()
            }
            Schedule::Chains(chains) => {
                let links = chains.iter().enumerate().flat_map(|(chain, links)| {
                    let links = links.links.iter().enumerate();
                    links.map(move |(at, link)| {
                        (vec![PathStep::Chain(chain), PathStep::Sequence(at)], &link.schedule)
                    })
                });
                links.collect()
            }
        };
        for (steps, part) in parts {
            let length = path.len();
            path.extend(steps);
            self.collect(part, path);
            path.truncate(length);
        }
    }

    /// Returns the first steps at which the paths to two calls part.
    fn parting(&self, first: usize, second: usize) -> Option<(PathStep, PathStep)> {
        let steps = self.0[first].iter().zip(&self.0[second]);
        steps.map(|(first, second)| (*first, *second)).find(|(first, second)| first != second)
    }

    /// Returns whether `first` ends before `second` begins, in the same piece of code.
    fn is_before(&self, first: usize, second: usize) -> bool {
        matches!(
            self.parting(first, second),
            Some((PathStep::Sequence(first), PathStep::Sequence(second))) if first < second
        )
    }

    fn relation(&self, producer: usize, consumer: usize) -> Relation {
        if let Some((PathStep::Chain(_), _)) = self.parting(producer, consumer) {
            Relation::OtherChain
        } else {
            let common = self.0[producer].iter().zip(&self.0[consumer]).take_while(|(a, b)| a == b).count();
            let has_left = self.0[producer][common..].iter().any(|step| matches!(step, PathStep::Chain(_)));
            if has_left { Relation::AfterRegion } else { Relation::SameChain }
        }
    }
}
