//! A pipeline around language models, as its first version looks.

use std::collections::HashMap;
use std::path::PathBuf;

use futures::executor::block_on;
use icosian::prelude::*;
use tokio::runtime::Handle;

const PROMPTS: &str = "prompts";

fn load_prompt(name: &str) -> String {
    std::fs::read_to_string(PathBuf::from(PROMPTS).join(name)).unwrap_or_default()
}

fn cached(key: &str) -> Option<String> {
    let path = cache_file(key);
    path.exists().then(|| load(&path))
}

fn cache_file(key: &str) -> PathBuf {
    PathBuf::from("cache").join(key)
}

fn load(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[dataflow]
pub mod answers {
    use super::*;

    /// The system prompt.
    pub async fn system_prompt(locale: &str) -> String {
        super::load_prompt(&format!("system.{locale}.txt")) //~ ICO0201
    }

    /// The completion, from the cache if possible.
    pub async fn completion(client: &Client, prompt: &str) -> anyhow::Result<String> {
        if let Some(text) = cached(&digest(prompt)) { //~ ICO0201
            return Ok(text);
        }
        client.complete(prompt).await
    }

    /// The embedding of the question.
    pub async fn embedding(question: &str, model: &Model) -> Vec<f32> {
        block_on(model.embed(question)) //~ ICO0204
    }

    /// The summaries of the chunks.
    pub async fn summaries(chunks: Vec<String>, client: &Client) -> Vec<String> {
        let handle = Handle::current();
        chunks.iter().map(|chunk| handle.block_on(client.summarize(chunk))).collect() //~ ICO0204
    }

    /// The translation.
    pub async fn translation(text: &str, client: &Client) -> anyhow::Result<String> {
        let runtime = tokio::runtime::Runtime::new()?; //~ ICO0205
        runtime.block_on(client.translate(text)) //~ ICO0204
    }

    /// Both judgements.
    pub async fn judgements(draft: &str, judge: &Judge) -> (f64, f64) {
        tokio::join!(
            async {
                std::thread::sleep(judge.pause()); //~ ICO0201
                judge.tone(draft).await
            },
            judge.facts(draft),
        )
    }

    /// The tool's answer, or none when it takes too long.
    pub async fn tool_answer(tool: &Tool, question: String) -> Option<String> {
        tokio::select! {
            answer = tool.call(&question) => {
                std::fs::write("last_answer.txt", &answer).ok(); //~ ICO0201
                Some(answer)
            }
            _ = tokio::time::sleep(std::time::Duration::from_secs(30)) => None,
        }
    }

    /// The reranked passages.
    pub async fn reranked(passages: Vec<Passage>, client: &Client) -> Vec<Passage> {
        let mut scores = HashMap::new();
        for passage in &passages {
            scores.insert(passage.id, client.score(&passage.text).await); //~ ICO0210
        }
        sorted_by(passages, &scores)
    }

    /// The transcript of the audio.
    pub async fn transcript(audio: &PathBuf, whisper: &Whisper) -> anyhow::Result<String> {
        let bytes = async { std::fs::read(audio) }.await?; //~ ICO0201
        whisper.transcribe(bytes).await
    }

    /// The score of the answer, logged on the side.
    pub async fn scored(answer: String, judge: &Judge) -> f64 {
        let score = judge.score(&answer).await;
        let _handle = tokio::spawn(log_score(answer, score)); //~ ICO0209
        score
    }
}
