use std::collections::BTreeSet;

use crate::file_analysis::FileAnalysis;

/// A file after the linked stage: what linking adds to its facts and findings is merged.
#[derive(Debug, Default)]
pub(crate) struct LinkedFile {
    pub(crate) analysis: FileAnalysis,
    /// The positions of dataflows that were linked but could not be checked.
    pub(crate) unchecked: BTreeSet<usize>,
    /// The positions of dataflows that were not linked and that a `#[cfg(..)]` may disable.
    pub(crate) behind_cfg: BTreeSet<usize>,
    /// Set for a file outside of the run that has locations of remote findings.
    pub(crate) is_external: bool,
}

impl From<FileAnalysis> for LinkedFile {
    fn from(analysis: FileAnalysis) -> Self {
        Self { analysis, ..Self::default() }
    }
}

impl LinkedFile {
    /// Returns the number of dataflows that were checked as a driver checks them.
    pub(crate) fn checked_count(&self) -> usize {
        let dataflows = self.analysis.facts.dataflows.iter().enumerate();
        dataflows.filter(|(at, it)| it.linked.is(&true) && !self.unchecked.contains(at)).count()
    }

    /// Returns the number of dataflows that a `#[cfg(..)]` disables.
    pub(crate) fn disabled_count(&self) -> usize {
        let dataflows = &self.analysis.facts.dataflows;
        let is_linked = |at: &&usize| dataflows.get(**at).is_some_and(|it| it.linked.is(&true));
        self.behind_cfg.iter().filter(|at| !is_linked(at)).count()
    }
}
