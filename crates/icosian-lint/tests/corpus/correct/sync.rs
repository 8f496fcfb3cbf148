//! Sync nodes of a batch program, which nothing awaits: blocking is how they work.

use std::path::{Path, PathBuf};
use std::process::Command;

use icosian::prelude::*;

#[dataflow]
pub mod batch {
    use super::*;

    /// The manifest's text.
    pub fn manifest(manifest_path: &Path) -> std::io::Result<String> {
        std::fs::read_to_string(manifest_path)
    }

    /// The inputs that are there.
    pub fn inputs(manifest: &str) -> Vec<PathBuf> {
        manifest.lines().map(PathBuf::from).filter(|path| path.exists()).collect()
    }

    /// The commit.
    pub fn commit() -> anyhow::Result<String> {
        let output = Command::new("git").args(["rev-parse", "HEAD"]).output()?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The rows of the table.
    pub fn rows(db: &std::sync::Mutex<rusqlite::Connection>) -> rusqlite::Result<i64> {
        db.lock().unwrap().query_row("select count(*) from rows", [], |row| row.get(0))
    }

    /// The page, by a runtime of the program's own.
    pub fn page(url: String, runtime: &tokio::runtime::Runtime) -> anyhow::Result<String> {
        runtime.block_on(async { Ok(reqwest::get(url).await?.text().await?) })
    }

    /// The pause between two batches.
    pub fn pause(seconds: u64) -> u64 {
        std::thread::sleep(std::time::Duration::from_secs(seconds));
        seconds
    }
}
