//! Functions outside a `#[dataflow]` module, in a batch program.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use icosian::prelude::*;

/// The answer of the operator.
#[node]
pub async fn operator_answer(question: &str) -> io::Result<String> {
    println!("{question}");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?; //~ ICO0201
    Ok(answer)
}

/// The batch's manifest.
#[node]
pub async fn manifest(batch: &Batch) -> anyhow::Result<Manifest> {
    let path = batch.folder().await?.join("manifest.json");
    let text = std::fs::read(&path)?; //~ ICO0201
    Ok(serde_json::from_slice(&text)?)
}

/// The lines of the input, as they come.
#[node]
pub async fn input_lines() -> Vec<String> {
    let stdin = io::stdin();
    stdin.lock().lines().map_while(Result::ok).collect() //~ ICO0201
}

/// Copies the inputs of the batch.
#[node]
#[retry(attempts = 3, backoff = "100ms..1s")]
pub async fn copied(inputs: Vec<PathBuf>, target: PathBuf) -> io::Result<usize> {
    std::fs::create_dir_all(&target)?; //~ ICO0201
    for input in &inputs {
        let name = input.file_name().unwrap_or_default();
        std::fs::copy(input, target.join(name))?; //~ ICO0201
    }
    Ok(inputs.len())
}

/// Loads the weights when the first batch comes.
#[node]
pub async fn weights(weights_path: Option<PathBuf>) -> io::Result<Vec<u8>> {
    match weights_path {
        Some(path) if path.exists() => tokio::fs::read(path).await, //~ ICO0201
        _ => Ok(Vec::new()),
    }
}

/// The archive's entries.
#[node]
pub async fn archive_entries(archive: PathBuf) -> anyhow::Result<Vec<String>> {
    let file = std::fs::File::open(&archive)?; //~ ICO0201
    let mut zip = zip::ZipArchive::new(file)?;
    (0..zip.len()).map(|at| Ok(zip.by_index(at)?.name().to_owned())).collect()
}

/// The free space in the target.
#[node]
pub async fn is_writable(target: PathBuf) -> bool {
    let probe = || -> io::Result<()> {
        let mut file = std::fs::File::create(target.join(".probe"))?; //~ ICO0201
        file.write_all(b"probe") //~ ICO0201
    };
    probe().is_ok()
}

/// The schedule, once the lock file is gone.
#[node]
pub async fn schedule(lock_file: PathBuf, planner: &Planner) -> Schedule {
    while lock_file.exists() { //~ ICO0201
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    planner.schedule().await
}
