//! Sync nodes of dataflows that run under tokio, and do not wait.
//@ adapter: tokio

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use icosian::prelude::*;

#[dataflow]
pub mod reports {
    use super::*;

    fn parse(text: &str) -> anyhow::Result<Table> {
        Ok(toml::from_str(text)?)
    }

    fn read_later(path: PathBuf) -> impl Fn() -> std::io::Result<Vec<u8>> {
        move || std::fs::read(&path)
    }

    /// The template's text.
    pub async fn template(template_path: &Path) -> std::io::Result<String> {
        tokio::fs::read_to_string(template_path).await
    }

    /// The template's table.
    pub fn table(template: &str) -> anyhow::Result<Table> {
        parse(template)
    }

    /// The rates, on a blocking thread.
    #[offload]
    pub fn rates(client: &reqwest::blocking::Client) -> Result<Rates, reqwest::Error> {
        client.get("https://bank.example/rates").send()?.json()
    }

    /// The rates' sum.
    pub fn total(rates: &Rates) -> f64 {
        rates.values().sum()
    }

    /// The path of the report.
    pub fn target(folder: &Path, name: &str) -> PathBuf {
        folder.join(name).with_extension("html")
    }

    /// The words of the title, counted.
    pub fn words(template: &str) -> BTreeMap<String, usize> {
        let mut words = BTreeMap::new();
        for word in template.split_whitespace() {
            *words.entry(word.to_owned()).or_default() += 1;
        }
        words
    }

    /// A function that reads when it is called, elsewhere.
    pub fn reader(path: PathBuf) -> Reader {
        Reader::new(read_later(path))
    }

    /// The title in capitals.
    #[retry(attempts = 3, backoff = "10ms..1s")]
    #[offload]
    pub fn archived(title: String, archive: &Path) -> std::io::Result<String> {
        std::fs::write(archive, &title)?;
        Ok(title)
    }
}
