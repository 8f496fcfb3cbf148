//! Plans the schedule of a compiled output.
//!
//! # Exactness
//!
//! An async node starts as soon as the nodes that it depends on are done. It never waits for another async node. A sync node runs
//! in place, so nodes that are ready at the same moment wait until it returns. A sync node may run later than its inputs
//! permit, when the async nodes around it form a simpler schedule.
//!
//! # Algorithm
//!
//! The order of the nodes is decomposed, as in the modular decomposition of a partial order (Möhring, "Computationally
//! tractable classes of ordered sets", 1989). Groups without dependencies between them are [`Schedule::Parallel`], parts that
//! depend on each other completely are a [`Schedule::Sequence`]. Both are exact. If neither applies, the order of the async
//! nodes alone is decomposed, and the sync nodes are placed between them. What remains has the shape of an N: it becomes
//! [`Schedule::Chains`], after the series-parallel parts in it were merged into single links.

use super::chains;
use super::order::{Order, TaskSet};
use super::schedule::{NodeTask, Schedule};

/// Plans `tasks`, each of which reads earlier ones only.
pub(super) fn plan(tasks: &[NodeTask]) -> Schedule {
    let order = Order::of(tasks.iter().map(|task| &*task.reads).collect::<Vec<_>>().into_iter());
    let planner = Planner { tasks, order };
    planner.arrange(&(0..tasks.len()).collect::<Vec<_>>())
}

struct Planner<'a> {
    tasks: &'a [NodeTask],
    order: Order,
}

/// The place of a sync task beside the concurrent groups of async tasks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    In(usize),
    Beside,
    After,
}

impl Planner<'_> {
    fn is_async(&self, task: usize) -> bool {
        self.tasks[task].is_async
    }

    /// Plans `tasks`, which are in topological order, and without gaps: a task between two of them is one of them.
    fn arrange(&self, tasks: &[usize]) -> Schedule {
        let asyncs: Vec<usize> = tasks.iter().copied().filter(|&task| self.is_async(task)).collect();
        if asyncs.is_empty() || tasks.len() == 1 {
            return Schedule::sequence(tasks.iter().map(|&task| Schedule::Task(task)).collect());
        }
        let groups = self.order.components(tasks);
        if groups.len() > 1 {
            return self.concurrent(&groups);
        }
        let parts = self.order.series(tasks);
        if parts.len() > 1 {
            return Schedule::sequence(parts.iter().map(|part| self.arrange(part)).collect());
        }
        let syncs: Vec<usize> = tasks.iter().copied().filter(|&task| !self.is_async(task)).collect();
        let groups = self.order.components(&asyncs);
        if groups.len() > 1 || asyncs.len() == 1 {
            return self.beside_groups(&groups, &syncs);
        }
        let parts = self.order.series(&asyncs);
        if parts.len() > 1 {
            return self.between_parts(&parts, &syncs);
        }
        Schedule::Chains(chains::cover(self.tasks, &self.order, tasks, &|tasks| self.arrange(tasks)))
    }

    /// Plans groups without dependencies between them. Groups without an async task run last: the others wait meanwhile.
    fn concurrent(&self, groups: &[Vec<usize>]) -> Schedule {
        let waits = |group: &&Vec<usize>| group.iter().any(|&task| self.is_async(task));
        let (waiting, sync): (Vec<_>, Vec<_>) = groups.iter().partition(waits);
        let mut sync: Vec<usize> = sync.into_iter().flatten().copied().collect();
        sync.sort_unstable();
        let branches = waiting.into_iter().map(|group| self.arrange(group));
        Schedule::parallel(branches.chain([self.arrange(&sync)]).collect())
    }

    /// Plans async tasks in `groups` without dependencies between them, and sync tasks around them.
    fn beside_groups(&self, groups: &[Vec<usize>], syncs: &[usize]) -> Schedule {
        let count = self.order.count();
        let sets: Vec<TaskSet> = groups.iter().map(|group| TaskSet::of(count, group)).collect();
        let touched = |of: &TaskSet| -> Vec<usize> {
            (0..sets.len()).filter(|&group| !sets[group].and(of).is_empty()).collect()
        };
        let mut places = vec![Place::Beside; count];
        for &sync in syncs {
            let (before, after) = (touched(self.order.before(sync)), touched(self.order.after(sync)));
            places[sync] = match (before.as_slice(), after.as_slice()) {
                // Everything before the task is before everything after it, so both are in one group.
                ([group], _) | ([], [group]) => Place::In(*group),
                ([], []) => Place::Beside,
                ([], _) => Place::Before,
                _ => Place::After,
            };
        }
        // A sync task that a task of another place reads comes before all groups, with the tasks that it reads.
        for &sync in syncs.iter().rev() {
            let is_first = groups.iter().flatten().all(|&task| !self.order.before(sync).contains(task));
            let place = places[sync];
            let is_read_elsewhere = syncs.iter().any(|&other| {
                let is_reader = self.order.before(other).contains(sync);
                is_reader && places[other] != place && places[other] != Place::After
            });
            if is_first && is_read_elsewhere {
                places[sync] = Place::Before;
            }
        }
        let at = |place: Place| -> Vec<usize> {
            syncs.iter().copied().filter(|&sync| places[sync] == place).collect()
        };
        let mut all: Vec<Vec<usize>> = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            all.push(merged(group, &at(Place::In(number))));
        }
        all.push(at(Place::Beside));
        all.retain(|group| !group.is_empty());
        let middle = match all.as_slice() {
            [only] if only.len() == syncs.len() + 1 => self.around_one(only),
            all => self.concurrent(all),
        };
        Schedule::sequence(vec![self.arrange(&at(Place::Before)), middle, self.arrange(&at(Place::After))])
    }

    /// Plans the only async task among `tasks`, and the sync tasks before and after it.
    fn around_one(&self, tasks: &[usize]) -> Schedule {
        let own = tasks.iter().copied().find(|&task| self.is_async(task)).expect("one task is async");
        let is_after = |task: usize| self.order.before(task).contains(own);
        let before = tasks.iter().copied().filter(|&task| task != own && !is_after(task));
        let after = tasks.iter().copied().filter(|&task| is_after(task));
        Schedule::sequence(before.chain([own]).chain(after).map(Schedule::Task).collect())
    }

    /// Plans async tasks in `parts` that depend on each other completely, and sync tasks between them.
    fn between_parts(&self, parts: &[Vec<usize>], syncs: &[usize]) -> Schedule {
        let count = self.order.count();
        let sets: Vec<TaskSet> = parts.iter().map(|part| TaskSet::of(count, part)).collect();
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
        // Sync tasks that run before a part, because a task of it reads them, and sync tasks that run while the part waits.
        let mut ahead: Vec<Vec<usize>> = vec![Vec::new(); parts.len() + 1];
        let mut beside: Vec<Vec<usize>> = vec![Vec::new(); parts.len() + 1];
        for &sync in syncs {
            // The last part that the task waits for, and the first part that waits for the task.
            let last = sets.iter().rposition(|part| !part.and(self.order.before(sync)).is_empty());
            let first = sets.iter().position(|part| !part.and(self.order.after(sync)).is_empty());
            let first = first.unwrap_or(parts.len());
            match last {
                Some(last) if last == first => inside[last].push(sync),
                _ => {
                    let next = last.map_or(0, |last| last + 1);
                    let among = if first == next { &mut ahead } else { &mut beside };
                    among[next].push(sync);
                }
            }
        }
        let mut all = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            all.push(self.arrange(&ahead[number]));
            let part = merged(part, &inside[number]);
            all.push(if beside[number].is_empty() {
                self.arrange(&part)
            } else {
                Schedule::parallel(vec![self.arrange(&part), self.arrange(&beside[number])])
            });
        }
        all.push(self.arrange(&merged(&ahead[parts.len()], &beside[parts.len()])));
        Schedule::sequence(all)
    }
}

/// Returns the tasks of both lists in order.
fn merged(tasks: &[usize], others: &[usize]) -> Vec<usize> {
    let mut merged = [tasks, others].concat();
    merged.sort_unstable();
    merged
}

#[cfg(test)]
mod tests;
