//! The dataflow. Each public function is a node, and its parameters name the nodes and inputs that it reads.

use icosian::dataflow;

pub use nodes::*;

/// Analyses an article. The calls that do not read each other run concurrently.
#[dataflow(name = "analysis", outputs(report))]
pub mod nodes {
    use crate::model::{ModelError, SharedModel};

    /// The result.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Report {
        /// A title.
        pub title: String,
        /// A short summary.
        pub summary: String,
        /// The keywords.
        pub keywords: Vec<String>,
        /// The mood, or `unknown`.
        pub mood: String,
    }

    /// Summarizes the article. At most four calls run at the same time, over all executions.
    ///
    /// # Errors
    /// A [`ModelError`] if the last attempt fails.
    #[retry(attempts = 3, backoff = "200ms..5s", jitter, when = |error: &ModelError| error.is_temporary())]
    #[timeout("30s")]
    #[limit("model", max_concurrency = 4)]
    pub async fn summary(model: &SharedModel, article: &str) -> Result<String, ModelError> {
        model.complete(&format!("Summarize:\n{article}")).await
    }

    /// Finds keywords, at the same time as the summary.
    ///
    /// # Errors
    /// A [`ModelError`] if the last attempt fails.
    #[retry(attempts = 3, backoff = "200ms..5s", jitter, when = |error: &ModelError| error.is_temporary())]
    #[timeout("30s")]
    #[limit("model", max_concurrency = 4)]
    pub async fn keywords(model: &SharedModel, article: &str) -> Result<Vec<String>, ModelError> {
        let answer = model
            .complete(&format!("List keywords, separated by commas:\n{article}"))
            .await?;
        Ok(answer
            .split(',')
            .map(|word| word.trim().to_owned())
            .collect())
    }

    /// Finds the mood. If the call fails, the mood is `unknown`.
    ///
    /// # Errors
    /// A [`ModelError`], which `fallback` replaces.
    #[fallback(value = "unknown".to_owned())]
    #[timeout("10s")]
    #[limit("model", max_concurrency = 4)]
    pub async fn mood(model: &SharedModel, article: &str) -> Result<String, ModelError> {
        model
            .complete(&format!("Name the mood in one word:\n{article}"))
            .await
    }

    /// Finds a title. It reads the summary, which is shorter than the article.
    ///
    /// # Errors
    /// A [`ModelError`] if the last attempt fails.
    #[retry(attempts = 3, backoff = "200ms..5s", jitter, when = |error: &ModelError| error.is_temporary())]
    #[timeout("30s")]
    #[limit("model", max_concurrency = 4)]
    pub async fn title(model: &SharedModel, summary: &str) -> Result<String, ModelError> {
        model.complete(&format!("Find a title:\n{summary}")).await
    }

    /// Combines the answers.
    pub fn report(title: String, summary: String, keywords: Vec<String>, mood: String) -> Report {
        Report {
            title,
            summary,
            keywords,
            mood,
        }
    }
}
