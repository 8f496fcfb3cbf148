//! Nodes that read and write files, and keep no thread of the runtime.

use std::path::{Path, PathBuf};

use icosian::prelude::*;
use tokio::fs::{self, File};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

#[dataflow]
pub mod tariffs {
    use super::*;

    /// The raw tariff file.
    pub async fn tariff_text(tariff_path: &Path) -> std::io::Result<String> {
        fs::read_to_string(tariff_path).await
    }

    /// The local file.
    pub async fn local_text() -> std::io::Result<String> {
        let mut file = File::open("tariffs.local.json").await?;
        let mut text = String::new();
        file.read_to_string(&mut text).await?;
        Ok(text)
    }

    /// The lines of the log that are errors.
    pub async fn error_lines(log_path: PathBuf) -> std::io::Result<Vec<String>> {
        let mut lines = BufReader::new(File::open(&log_path).await?).lines();
        let mut errors = Vec::new();
        while let Some(line) = lines.next_line().await? {
            if line.contains("ERROR") {
                errors.push(line);
            }
        }
        Ok(errors)
    }

    /// The archive's text, read where blocking does no harm.
    pub async fn archive_text(archive: PathBuf) -> anyhow::Result<String> {
        let text = tokio::task::spawn_blocking(move || std::fs::read_to_string(archive)).await??;
        Ok(text)
    }

    /// The archive's size, for which the runtime gives up the thread.
    pub async fn archive_size(archive: PathBuf) -> std::io::Result<u64> {
        tokio::task::block_in_place(|| Ok(std::fs::metadata(&archive)?.len()))
    }

    /// The handbook, by a node on a blocking thread.
    #[offload]
    pub async fn handbook(root: &Path) -> Vec<PathBuf> {
        walkdir::WalkDir::new(root).into_iter().flatten().map(walkdir::DirEntry::into_path).collect()
    }

    /// The path of the export.
    pub async fn export_path(folder: &Path, name: &str) -> PathBuf {
        folder.join(name).with_extension("csv")
    }

    /// Appends the audit line.
    pub async fn audited(order_id: u64, audit_path: &Path) -> std::io::Result<u64> {
        let mut file = fs::OpenOptions::new().append(true).create(true).open(audit_path).await?;
        file.write_all(format!("order {order_id}\n").as_bytes()).await?;
        Ok(order_id)
    }

    /// Returns whether the file exists.
    pub async fn is_cached(cache_dir: &Path, digest: &str) -> bool {
        fs::try_exists(cache_dir.join(digest)).await.unwrap_or(false)
    }

    /// All documents, read on a thread for blocking work.
    pub async fn documents(paths: Vec<PathBuf>) -> anyhow::Result<Vec<String>> {
        let read = move || paths.iter().map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>();
        Ok(tokio::task::spawn_blocking(read).await??)
    }

    /// The file's first line, in memory already.
    pub async fn first_line(bytes: &[u8], service: &Service) -> anyhow::Result<String> {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::Cursor::new(bytes), &mut line)?;
        service.checked(line).await
    }
}
