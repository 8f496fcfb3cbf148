//! Async nodes that start programs and threads, and wait for them.

use std::process::{Command, Stdio};
use std::thread;

use icosian::prelude::*;

#[dataflow]
pub mod builds {
    use super::*;

    /// The commit that is checked out.
    pub async fn commit(repo: &std::path::Path) -> anyhow::Result<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(repo)
            .args(["rev-parse", "HEAD"])
            .output()?; //~ ICO0201
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Returns whether the tests pass.
    pub async fn tests_pass(features: &[String]) -> std::io::Result<bool> {
        let mut command = Command::new("cargo");
        command.arg("test").stdout(Stdio::null());
        for feature in features {
            command.arg("--features").arg(feature);
        }
        Ok(command.status()?.success()) //~ ICO0201
    }

    /// The page as a PDF.
    pub async fn pdf(page: String) -> anyhow::Result<Vec<u8>> {
        let child = Command::new("wkhtmltopdf").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.wait_with_output()?; //~ ICO0201
        Ok(output.stdout)
    }

    /// The checksum, computed on another thread.
    pub async fn checksum(bytes: Vec<u8>) -> u32 {
        let handle = thread::spawn(move || crc32fast::hash(&bytes));
        handle.join().unwrap() //~ ICO0201
    }

    /// The sums of both halves.
    pub async fn sums(values: &[f64]) -> (f64, f64) {
        let (left, right) = values.split_at(values.len() / 2);
        thread::scope(|scope| { //~ ICO0201
            let left = scope.spawn(|| left.iter().sum());
            let right = scope.spawn(|| right.iter().sum());
            (left.join().unwrap(), right.join().unwrap())
        })
    }

    /// The results of all workers.
    pub async fn found(parts: Vec<Part>) -> Vec<Hit> {
        let handles: Vec<_> = parts.into_iter().map(|part| thread::spawn(move || search(part))).collect();
        let mut hits = Vec::new();
        for handle in handles {
            hits.extend(handle.join().unwrap()); //~ ICO0201
        }
        hits
    }

    /// The video in another format.
    pub async fn transcoded(input: std::path::PathBuf, preset: String) -> anyhow::Result<std::path::PathBuf> {
        let output = input.with_extension("webm");
        let mut child = Command::new("ffmpeg").arg("-i").arg(&input).arg("-preset").arg(&preset).arg(&output).spawn()?;
        let status = child.wait()?; //~ ICO0201
        anyhow::ensure!(status.success(), "ffmpeg failed");
        Ok(output)
    }
}
