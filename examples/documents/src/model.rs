//! The client of the language model.

use reqwest::{Client, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A task of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelTask {
    /// Returns the text in one sentence.
    Summary,
    /// Returns the most important words.
    Keywords,
    /// Returns a [`Sentiment`].
    Sentiment,
}

/// The mood of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sentiment {
    /// Joy or hope.
    Positive,
    /// Neither mood.
    Neutral,
    /// Sorrow or fear.
    Negative,
}

/// The body of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ModelRequest {
    /// The task.
    pub task: ModelTask,
    /// The text.
    pub text: String,
}

/// An error of the model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The connection failed or broke, or the answer is not JSON of the expected form.
    #[error("the model cannot be reached")]
    Connection(#[from] reqwest::Error),
    /// The model responded with an error.
    #[error("the model responded with {0}")]
    Status(StatusCode),
}

impl ModelError {
    /// Returns whether another attempt may succeed: the model is overloaded, or the budget is used up.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Connection(error) => error.is_connect(),
            Self::Status(status) => *status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error(),
        }
    }
}

/// A language model behind HTTP. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Model {
    http: Client,
    url: Url,
}

impl Model {
    /// Returns the model at `url`.
    #[must_use]
    pub fn new(http: Client, url: Url) -> Self {
        Self { http, url }
    }

    /// Runs a task on a text.
    ///
    /// # Errors
    /// A [`ModelError`] if the model cannot be reached or responds with an error.
    pub async fn run<T: DeserializeOwned>(&self, task: ModelTask, text: &str) -> Result<T, ModelError> {
        let request = ModelRequest { task, text: text.to_owned() };
        let response = self.http.post(self.url.clone()).json(&request).send().await?;
        match response.status() {
            StatusCode::OK => Ok(response.json().await?),
            status => Err(ModelError::Status(status)),
        }
    }
}
