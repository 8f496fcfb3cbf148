use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use icosian_rules::{Facts, SpanId};

use crate::{Diagnosis, Notice, SourceText};

/// The facts and findings of one file. `allow(..)` is not applied yet, and findings of level `Allow` are included.
#[derive(Debug, Default)]
pub(crate) struct FileAnalysis {
    pub(crate) path: PathBuf,
    /// Symbolic links that lead to the file.
    pub(crate) links: Vec<PathBuf>,
    /// `None` for a file without dataflows and nodes, which is not parsed.
    pub(crate) source: Option<Arc<SourceText>>,
    pub(crate) facts: Facts,
    pub(crate) spans: Vec<Range<usize>>,
    pub(crate) diagnoses: Vec<Diagnosis>,
    /// The error of a file that cannot be read or parsed.
    pub(crate) error: Option<Notice>,
}

impl FileAnalysis {
    /// Returns the analysis of a file without dataflows and nodes.
    pub(crate) fn empty(path: &Path) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
    }

    /// Returns the analysis of a file that cannot be read or parsed.
    pub(crate) fn failed(path: &Path, error: Notice) -> Self {
        Self { error: Some(error), ..Self::empty(path) }
    }

    /// Returns the bytes of `span`.
    pub(crate) fn bytes(&self, span: SpanId) -> Range<usize> {
        self.spans.get(span.position()).cloned().unwrap_or(0..0)
    }

    /// Returns whether the source has a dataflow or a node.
    pub(crate) fn has_nodes(&self) -> bool {
        !self.facts.dataflows.is_empty() || self.facts.functions().next().is_some()
    }
}
