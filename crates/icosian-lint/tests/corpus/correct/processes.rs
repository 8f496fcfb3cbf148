//! Programs and threads that no node waits for on a thread of the runtime.

use std::path::{Path, PathBuf};

use icosian::prelude::*;
use tokio::process::Command;
use tokio::task::JoinSet;

#[dataflow]
pub mod builds {
    use super::*;

    /// The commit that is checked out.
    pub async fn commit(repo: &Path) -> anyhow::Result<String> {
        let output = Command::new("git").arg("-C").arg(repo).args(["rev-parse", "HEAD"]).output().await?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Returns whether the tests pass.
    pub async fn tests_pass(features: &[String]) -> std::io::Result<bool> {
        let mut command = Command::new("cargo");
        command.arg("test");
        for feature in features {
            command.arg("--features").arg(feature);
        }
        Ok(command.status().await?.success())
    }

    /// The command line, as a log shows it.
    pub async fn command_line(target: &str, log: &Log) -> String {
        let mut command = std::process::Command::new("cargo");
        command.arg("build").arg("--target").arg(target);
        let line = format!("{command:?}");
        log.write(&line).await;
        line
    }

    /// The checksum of all parts.
    pub async fn checksums(parts: Vec<Vec<u8>>) -> anyhow::Result<Vec<u32>> {
        let mut set = JoinSet::new();
        for part in parts {
            set.spawn_blocking(move || crc32fast::hash(&part));
        }
        let mut sums = Vec::new();
        while let Some(sum) = set.join_next().await {
            sums.push(sum?);
        }
        Ok(sums)
    }

    /// A thread that answers through a channel, whose handle the caller has.
    pub async fn worker(jobs: Jobs, registry: &Registry) -> Worker {
        let (sender, answers) = tokio::sync::mpsc::channel(16);
        let handle = std::thread::spawn(move || {
            for job in jobs {
                if sender.blocking_send(job.run()).is_err() {
                    break;
                }
            }
        });
        registry.add(handle.thread().id()).await;
        Worker { handle, answers }
    }

    /// The words of a sentence, together again.
    pub async fn sentence(words: Vec<String>, parts: &Path, spell: &Spell) -> String {
        let text = words.join(" ");
        let path: PathBuf = parts.join(&text);
        spell.checked(path.display().to_string()).await
    }

    /// The sum, in parallel, where nothing else waits for the thread.
    #[offload]
    pub fn sum(values: &[f64]) -> f64 {
        let (left, right) = values.split_at(values.len() / 2);
        std::thread::scope(|scope| {
            let left = scope.spawn(|| left.iter().sum::<f64>());
            let right: f64 = right.iter().sum();
            left.join().unwrap() + right
        })
    }

    /// The child's exit, awaited.
    pub async fn transcoded(input: PathBuf) -> anyhow::Result<PathBuf> {
        let output = input.with_extension("webm");
        let mut child = Command::new("ffmpeg").arg("-i").arg(&input).arg(&output).spawn()?;
        let status = child.wait().await?;
        anyhow::ensure!(status.success(), "ffmpeg failed");
        Ok(output)
    }

    /// A process that a supervisor owns.
    pub async fn supervised(program: &Path, supervisor: &Supervisor) -> anyhow::Result<u32> {
        let child = std::process::Command::new(program).spawn()?;
        Ok(supervisor.adopt(child).await)
    }
}
