//! The pipeline around language models, as its second version looks.

use std::path::{Path, PathBuf};

use futures::StreamExt;
use futures::future::try_join_all;
use icosian::prelude::*;

fn prompt_path(name: &str) -> PathBuf {
    Path::new("prompts").join(name).with_extension("txt")
}

fn load(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

#[dataflow]
pub mod answers {
    use super::*;

    /// The system prompt.
    pub async fn system_prompt(locale: &str) -> std::io::Result<String> {
        tokio::fs::read_to_string(prompt_path(locale)).await
    }

    /// The prompt of the tool, loaded on a blocking thread.
    pub async fn tool_prompt(tool: String) -> anyhow::Result<String> {
        let path = prompt_path(&tool);
        Ok(tokio::task::spawn_blocking(move || load(&path)).await??)
    }

    /// The summaries of the chunks.
    pub async fn summaries(chunks: Vec<String>, client: &Client) -> anyhow::Result<Vec<String>> {
        try_join_all(chunks.iter().map(|chunk| client.summarize(chunk))).await
    }

    /// The reranked passages, four at a time.
    pub async fn reranked(passages: Vec<Passage>, client: &Client) -> Vec<f64> {
        futures::stream::iter(passages)
            .map(|passage| async move { client.score(&passage.text).await })
            .buffered(4)
            .collect()
            .await
    }

    /// The dialogue: each turn needs the previous turns.
    pub async fn dialogue(questions: Vec<String>, client: &Client) -> anyhow::Result<Vec<Turn>> {
        let mut turns = Vec::new();
        for question in questions {
            let answer = client.reply(&turns, &question).await?;
            turns.push(Turn { question, answer });
        }
        Ok(turns)
    }

    /// The draft, made better three times.
    pub async fn refined(draft: String, critic: &Critic) -> anyhow::Result<String> {
        let mut draft = draft;
        for _ in 0..3 {
            let notes = critic.review(&draft).await?;
            draft = critic.rewrite(&draft, &notes).await?;
        }
        Ok(draft)
    }

    /// The first model that answers.
    pub async fn first_answer(question: &str, models: &[Model]) -> anyhow::Result<String> {
        for model in models {
            if let Ok(answer) = model.ask(question).await {
                return Ok(answer);
            }
        }
        anyhow::bail!("no model answers")
    }

    /// The whole stream of tokens.
    pub async fn streamed(prompt: &str, client: &Client) -> anyhow::Result<String> {
        let mut stream = client.stream(prompt).await?;
        let mut text = String::new();
        while let Some(token) = stream.next().await {
            text.push_str(&token?);
        }
        Ok(text)
    }

    /// The tool's answer, or none when it takes too long.
    pub async fn tool_answer(tool: &Tool, question: String) -> Option<String> {
        tokio::select! {
            answer = tool.call(&question) => Some(answer),
            _ = tokio::time::sleep(std::time::Duration::from_secs(30)) => None,
        }
    }

    /// The score, logged by a task that is awaited.
    pub async fn scored(answer: String, judge: &Judge) -> anyhow::Result<f64> {
        let logged = tokio::spawn(log_answer(answer.clone()));
        let score = judge.score(&answer).await;
        logged.await?;
        Ok(score)
    }

    /// The prompt, compiled in.
    pub async fn fixed_prompt(client: &Client) -> anyhow::Result<String> {
        client.complete(include_str!("prompts/fixed.txt")).await
    }

    /// The number of tokens, counted on a thread for computation.
    pub async fn token_count(text: String, tokenizer: Tokenizer) -> anyhow::Result<usize> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        rayon::spawn(move || {
            let _ = sender.send(tokenizer.count(&text));
        });
        Ok(receiver.await?)
    }
}
