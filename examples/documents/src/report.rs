//! The result of the pipeline.

use std::error::Error;

use icosian::expand::{ItemError, ItemIndex};
use serde::Serialize;

use crate::model::Sentiment;

/// The documents and failures of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DocumentReport {
    /// The documents, sorted by file.
    pub documents: Vec<DocumentSummary>,
    /// The failures, sorted by file.
    pub failures: Vec<DocumentFailure>,
}

/// The answers of the model for one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentSummary {
    /// The name of the file.
    pub file: String,
    /// One sentence.
    pub summary: String,
    /// The most important words.
    pub keywords: Vec<String>,
    /// The mood.
    pub sentiment: Sentiment,
}

/// A file without a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentFailure {
    /// The name of the file.
    pub file: String,
    /// The function that failed.
    pub node: String,
    /// The error of the function, and its causes.
    pub causes: Vec<String>,
}

impl DocumentFailure {
    /// Returns the failure of an item. The label of an item is its name, because items are strings.
    #[must_use]
    pub fn new(error: &ItemError) -> Self {
        let file = error.items().first().and_then(ItemIndex::label).unwrap_or_default();
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        Self {
            file: file.to_owned(),
            node: error.node().to_string(),
            causes: causes.map(ToString::to_string).collect(),
        }
    }
}
