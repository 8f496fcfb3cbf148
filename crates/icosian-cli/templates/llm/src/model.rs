//! The trait of the model's client, and a client that answers without a network.

use std::sync::Arc;

use async_trait::async_trait;

/// A client of a language model.
///
/// The dataflow reads a [`SharedModel`], so tests can pass another client.
#[async_trait]
pub trait Model: Send + Sync {
    /// Answers a prompt.
    async fn complete(&self, prompt: &str) -> Result<String, ModelError>;
}

/// A client that the nodes of a dataflow share.
pub type SharedModel = Arc<dyn Model>;

/// An error of a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The server is overloaded. Another attempt may succeed.
    #[error("the model is overloaded")]
    Overloaded,
    /// The server refuses the prompt.
    #[error("the model refuses the prompt: {0}")]
    Refused(String),
}

impl ModelError {
    /// Returns whether another attempt may succeed.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Overloaded)
    }
}

/// A client that answers with the end of the prompt. Replace it with a client of your provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct EchoModel;

#[async_trait]
impl Model for EchoModel {
    async fn complete(&self, prompt: &str) -> Result<String, ModelError> {
        let text = prompt.lines().last().unwrap_or_default();
        Ok(text.chars().take(60).collect())
    }
}
