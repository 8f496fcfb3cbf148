//! Async nodes that read and write files as scripts do.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use icosian::prelude::*;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
pub struct Tariff {
    pub region: String,
    pub price: f64,
}

#[dataflow]
pub mod tariffs {
    use super::*;

    /// The raw tariff file.
    pub async fn tariff_text(tariff_path: &Path) -> Result<String, std::io::Error> {
        fs::read_to_string(tariff_path) //~ ICO0201
    }

    /// All tariffs by region.
    pub async fn tariffs(tariff_text: &str, client: &reqwest::Client) -> Result<HashMap<String, Tariff>, Error> {
        let overrides = client.get("https://tariffs.example/overrides").send().await?.json::<Vec<Tariff>>().await?;
        let mut file = File::open("tariffs.local.json")?; //~ ICO0201
        let mut local = String::new();
        file.read_to_string(&mut local)?; //~ ICO0201
        let local: Vec<Tariff> = serde_json::from_str(&local)?;
        let base: Vec<Tariff> = serde_json::from_str(tariff_text)?;
        Ok(base.into_iter().chain(local).chain(overrides).map(|it| (it.region.clone(), it)).collect())
    }

    /// Returns whether the cache folder has the file.
    pub async fn is_cached(cache_dir: &Path, digest: &str) -> bool {
        cache_dir.join(digest).exists() //~ ICO0201
    }

    /// The size of the export.
    pub async fn export_size(export_path: &PathBuf) -> std::io::Result<u64> {
        let metadata = export_path.metadata()?; //~ ICO0201
        Ok(metadata.len())
    }

    /// The lines of the log that are errors.
    pub async fn error_lines(log_path: PathBuf) -> std::io::Result<Vec<String>> {
        let reader = BufReader::new(File::open(&log_path)?); //~ ICO0201
        let mut errors = Vec::new();
        for line in reader.lines() {
            let line = line?;
            if line.contains("ERROR") {
                errors.push(line);
            }
        }
        Ok(errors)
    }

    /// All documents below a folder.
    pub async fn documents(paths: Vec<PathBuf>) -> Vec<String> {
        paths
            .iter()
            .filter_map(|path| fs::read_to_string(path).ok()) //~ ICO0201
            .collect()
    }

    /// Appends the audit line.
    pub async fn audited(order_id: u64, audit_path: &Path) -> anyhow::Result<u64> {
        let mut file = OpenOptions::new().append(true).create(true).open(audit_path)?; //~ ICO0201
        writeln!(file, "order {order_id}")?;
        Ok(order_id)
    }

    /// The files of a folder, largest first.
    pub async fn largest_files(folder: PathBuf) -> std::io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in folder.read_dir()? { //~ ICO0201
            found.push(entry?.path());
        }
        Ok(found)
    }

    /// Every Markdown file of the handbook.
    pub async fn handbook(root: &Path) -> Vec<PathBuf> {
        walkdir::WalkDir::new(root)
            .into_iter() //~ ICO0201
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|it| it == "md"))
            .map(walkdir::DirEntry::into_path)
            .collect()
    }

    /// The configuration of the tenant, or the default one.
    pub async fn tenant_config(tenant: &str, defaults: &toml::Table) -> anyhow::Result<toml::Table> {
        let path = PathBuf::from("/etc/tenants").join(format!("{tenant}.toml"));
        if !path.is_file() { //~ ICO0201
            return Ok(defaults.clone());
        }
        let text = tokio::fs::read_to_string(&path).await?;
        Ok(text.parse()?)
    }

    /// Writes the thumbnails.
    pub async fn thumbnails(images: Vec<(PathBuf, Vec<u8>)>) -> anyhow::Result<usize> {
        images.iter().try_for_each(|(path, bytes)| std::fs::write(path, bytes))?; //~ ICO0201
        Ok(images.len())
    }
}
