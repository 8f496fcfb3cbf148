//! The order of the tasks of a compiled dataflow: which task depends on which, directly or through others.

/// A set of tasks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct TaskSet(Vec<u64>);

const BITS: usize = u64::BITS as usize;

impl TaskSet {
    pub(super) fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(BITS)])
    }

    pub(super) fn of(count: usize, tasks: &[usize]) -> Self {
        let mut set = Self::new(count);
        for &task in tasks {
            set.insert(task);
        }
        set
    }

    pub(super) fn insert(&mut self, task: usize) {
        self.0[task / BITS] |= 1 << (task % BITS);
    }

    pub(super) fn remove(&mut self, task: usize) {
        self.0[task / BITS] &= !(1 << (task % BITS));
    }

    pub(super) fn contains(&self, task: usize) -> bool {
        self.0[task / BITS] & (1 << (task % BITS)) != 0
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    /// Returns the tasks of both sets.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(own, other)| own & other).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

/// The tasks before and after each task.
pub(super) struct Order {
    before: Vec<TaskSet>,
    after: Vec<TaskSet>,
}

impl Order {
    /// Returns the order of tasks that read earlier ones.
    pub(super) fn of<'a>(reads: impl ExactSizeIterator<Item = &'a [usize]>) -> Self {
        let count = reads.len();
        let mut before: Vec<TaskSet> = Vec::with_capacity(count);
        let mut after = vec![TaskSet::new(count); count];
        for (task, reads) in reads.enumerate() {
            let mut all = TaskSet::of(count, reads);
            for &read in reads {
                all.add(&before[read]);
            }
            (0..task).filter(|&other| all.contains(other)).for_each(|other| after[other].insert(task));
            before.push(all);
        }
        Self { before, after }
    }

    pub(super) fn count(&self) -> usize {
        self.before.len()
    }

    /// Returns the tasks that `task` depends on.
    pub(super) fn before(&self, task: usize) -> &TaskSet {
        &self.before[task]
    }

    /// Returns the tasks that depend on `task`.
    pub(super) fn after(&self, task: usize) -> &TaskSet {
        &self.after[task]
    }

    /// Splits `tasks` into the largest groups between which there is no dependency. Groups and their tasks keep their order.
    pub(super) fn components(&self, tasks: &[usize]) -> Vec<Vec<usize>> {
        let mut group_of: Vec<usize> = (0..tasks.len()).collect();
        for (at, &task) in tasks.iter().enumerate() {
            for other in (0..at).filter(|&other| self.before(task).contains(tasks[other])) {
                let (own, joined) = (group_of[at], group_of[other]);
                if own != joined {
                    group_of.iter_mut().filter(|group| **group == own).for_each(|group| *group = joined);
                }
            }
        }
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for (&task, group) in tasks.iter().zip(group_of) {
            match groups.iter_mut().find(|(of, _)| *of == group) {
                Some((_, tasks)) => tasks.push(task),
                None => groups.push((group, vec![task])),
            }
        }
        groups.into_iter().map(|(_, tasks)| tasks).collect()
    }

    /// Splits `tasks` into the smallest parts of which each depends on all earlier ones completely.
    pub(super) fn series(&self, tasks: &[usize]) -> Vec<Vec<usize>> {
        // The length of the longest prefix of which each task comes before all tasks from here on.
        let mut shortest = usize::MAX;
        let mut prefixes = vec![0; tasks.len()];
        for (at, &task) in tasks.iter().enumerate().rev() {
            let own = tasks.iter().take_while(|&&other| self.before(task).contains(other)).count();
            shortest = shortest.min(own);
            prefixes[at] = shortest;
        }
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for (at, &task) in tasks.iter().enumerate() {
            match parts.last_mut().filter(|_| prefixes[at] < at) {
                Some(part) => part.push(task),
                None => parts.push(vec![task]),
            }
        }
        parts
    }
}
