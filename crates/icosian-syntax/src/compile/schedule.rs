//! The schedule of a compiled output: which nodes run one after the other, and which concurrently.

/// A node as the scheduler sees it.
#[derive(Clone, Debug)]
pub(crate) struct NodeTask {
    pub(crate) is_async: bool,
    /// The earlier tasks that it reads.
    pub(crate) reads: Vec<usize>,
}

/// An order of execution of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Schedule {
    Task(usize),
    /// Each part runs after the one before it.
    Sequence(Vec<Schedule>),
    /// All parts run concurrently. No part waits for an async task of another one.
    Parallel(Vec<Schedule>),
    /// All chains run concurrently, and their links wait for tasks of other chains.
    Chains(Vec<NodeChain>),
}

impl Schedule {
    /// Returns the tasks in an order in which they may run.
    pub(crate) fn tasks(&self) -> Vec<usize> {
        match self {
            Self::Task(task) => vec![*task],
            Self::Sequence(parts) | Self::Parallel(parts) => parts.iter().flat_map(Self::tasks).collect(),
            Self::Chains(chains) => {
                let mut tasks: Vec<usize> = chains
                    .iter()
                    .flat_map(|chain| &chain.links)
                    .flat_map(|link| link.schedule.tasks())
                    .collect();
                tasks.sort_unstable();
                tasks
            }
        }
    }

    pub(super) fn sequence(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Sequence(parts) => flat.extend(parts),
                part => flat.push(part),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::Sequence(flat) }
    }

    pub(super) fn parallel(mut parts: Vec<Self>) -> Self {
        parts.retain(|part| !matches!(part, Self::Sequence(parts) if parts.is_empty()));
        if parts.len() == 1 { parts.remove(0) } else { Self::Parallel(parts) }
    }
}

/// Tasks of which each depends on the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeChain {
    pub(crate) links: Vec<ChainLink>,
}

/// A step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChainLink {
    /// The tasks of other chains that it reads, and that no link before it in its chain reads.
    pub(crate) waits: Vec<usize>,
    pub(crate) schedule: Schedule,
}
