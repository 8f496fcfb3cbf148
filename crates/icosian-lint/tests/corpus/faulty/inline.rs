//! Sync nodes of dataflows that run under tokio, where they run on the task that awaits the execution.
//@ adapter: tokio

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use icosian::prelude::*;

#[dataflow]
pub mod reports {
    use super::*;

    fn read_all(folder: &Path) -> std::io::Result<Vec<String>> {
        std::fs::read_dir(folder)?.map(|entry| std::fs::read_to_string(entry?.path())).collect()
    }

    /// The template's text.
    pub fn template(template_path: &Path) -> std::io::Result<String> {
        std::fs::read_to_string(template_path) //~ ICO0212
    }

    /// All fragments.
    pub fn fragments(folder: &Path) -> std::io::Result<Vec<String>> {
        read_all(folder) //~ ICO0212
    }

    /// The rates, from the bank.
    pub fn rates(client: &reqwest::blocking::Client) -> Result<Rates, reqwest::Error> {
        client.get("https://bank.example/rates").send()?.json() //~ ICO0212
    }

    /// The rows of the report.
    pub fn rows(db: &std::sync::Mutex<rusqlite::Connection>) -> rusqlite::Result<i64> {
        db.lock().unwrap().query_row("select count(*) from rows", [], |row| row.get(0)) //~ ICO0212
    }

    /// The commit of the report's templates.
    pub fn commit() -> anyhow::Result<String> {
        let output = Command::new("git").args(["rev-parse", "HEAD"]).output()?; //~ ICO0212
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The sum, slowly.
    #[retry(attempts = 3)]
    pub fn slow_sum(rows: i64) -> Result<i64, Busy> {
        std::thread::sleep(Duration::from_millis(50)); //~ ICO0212
        Ok(rows + 1)
    }

    /// The report's page, which the node next to it awaits.
    pub async fn page(template: &str, rates: &Rates, store: &Store) -> anyhow::Result<String> {
        store.render(template, rates).await
    }

    /// The next ticket.
    pub fn ticket(queue: &crossbeam_channel::Receiver<Ticket>) -> Ticket {
        queue.recv().unwrap() //~ ICO0212
    }

    /// The published page.
    pub fn published(page: &str, target: &Path) -> anyhow::Result<u64> {
        let exists = target.is_file(); //~ ICO0212
        anyhow::ensure!(!exists, "published already");
        Ok(page.len() as u64)
    }
}
