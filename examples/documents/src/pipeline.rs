//! The dataflow. `file` expands the folder, and the functions that read an item run once for each file.

use icosian::dataflow;

pub use nodes::*;

/// Analyses the texts of a folder.
#[dataflow(name = "pipeline", outputs(report))]
pub mod nodes {
    use std::future::ready;
    use std::io;
    use std::path::Path;

    use futures::stream::{self, BoxStream};
    use futures::{StreamExt, TryStreamExt};
    use icosian::prelude::*;

    use crate::model::{Model, ModelError, ModelTask, Sentiment};
    use crate::report::{DocumentFailure, DocumentReport, DocumentSummary};

    /// The longest text that the model accepts, in bytes.
    pub const MAX_BYTES: usize = 2000;

    /// A text that is not sent to the model.
    #[derive(Debug, thiserror::Error)]
    pub enum TextError {
        /// The file cannot be read.
        #[error("the file cannot be read")]
        Unreadable(#[from] io::Error),
        /// The file is empty.
        #[error("the file is empty")]
        Empty,
        /// The file is longer than [`MAX_BYTES`].
        #[error("the file has {0} bytes, and the model accepts {MAX_BYTES}")]
        TooLong(usize),
    }

    /// Lists the text files of a folder. The folder is read while the files are analysed.
    ///
    /// # Errors
    /// An error if the folder cannot be read.
    #[expand(concurrency = 4, on_error = "collect")]
    pub async fn file(folder: &Path) -> io::Result<BoxStream<'static, io::Result<String>>> {
        let entries = tokio::fs::read_dir(folder).await?;
        let names = stream::try_unfold(entries, |mut entries| async {
            let entry = entries.next_entry().await?;
            Ok(entry.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entries)))
        });
        Ok(names
            .try_filter(|name| ready(Path::new(name).extension().is_some_and(|end| end == "txt")))
            .boxed())
    }

    /// Reads a file. A text that the model rejects would only use up the budget.
    ///
    /// # Errors
    /// A [`TextError`] if the file cannot be read, is empty or is too long.
    pub async fn text(folder: &Path, file: &str) -> Result<String, TextError> {
        let text = tokio::fs::read_to_string(folder.join(file)).await?;
        match text.len() {
            0 => Err(TextError::Empty),
            bytes if bytes > MAX_BYTES => Err(TextError::TooLong(bytes)),
            _ => Ok(text),
        }
    }

    /// Summarizes a text. All calls of the model share one budget, and each attempt counts.
    ///
    /// # Errors
    /// A [`ModelError`] if the last attempt fails.
    #[retry(attempts = 3, backoff = "20ms..1s", jitter, when = |error: &ModelError| error.is_temporary())]
    #[rate_limit("model", per_minute = 1200, burst = 8)]
    pub async fn summary(model: &Model, text: &str) -> Result<String, ModelError> {
        model.run(ModelTask::Summary, text).await
    }

    /// Finds the keywords of a text, at the same time as its summary and sentiment.
    ///
    /// # Errors
    /// A [`ModelError`] if the last attempt fails.
    #[retry(attempts = 3, backoff = "20ms..1s", jitter, when = |error: &ModelError| error.is_temporary())]
    #[rate_limit("model", per_minute = 1200, burst = 8)]
    pub async fn keywords(model: &Model, text: &str) -> Result<Vec<String>, ModelError> {
        model.run(ModelTask::Keywords, text).await
    }

    /// Finds the mood of a text.
    ///
    /// # Errors
    /// A [`ModelError`] if the last attempt fails.
    #[retry(attempts = 3, backoff = "20ms..1s", jitter, when = |error: &ModelError| error.is_temporary())]
    #[rate_limit("model", per_minute = 1200, burst = 8)]
    pub async fn sentiment(model: &Model, text: &str) -> Result<Sentiment, ModelError> {
        model.run(ModelTask::Sentiment, text).await
    }

    /// Combines the answers for a file.
    pub fn document(
        file: &str,
        summary: String,
        keywords: Vec<String>,
        sentiment: Sentiment,
    ) -> DocumentSummary {
        DocumentSummary { file: file.to_owned(), summary, keywords, sentiment }
    }

    /// Runs once, and reads the results in the order of completion. The report is sorted, so it is the same in each run.
    pub async fn report(
        #[collect(unordered)] mut document: CollectStream<DocumentSummary>,
    ) -> DocumentReport {
        let mut report = DocumentReport::default();
        while let Some(result) = document.next().await {
            match result {
                Ok(document) => report.documents.push(document),
                Err(error) => report.failures.push(DocumentFailure::new(&error)),
            }
        }
        report.documents.sort_by(|left, right| left.file.cmp(&right.file));
        report.failures.sort_by(|left, right| left.file.cmp(&right.file));
        report
    }
}
