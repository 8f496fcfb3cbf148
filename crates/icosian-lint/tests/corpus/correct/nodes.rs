//! Functions outside a `#[dataflow]` module, with `#[node]`.

use std::path::PathBuf;

use icosian::prelude::*;

/// The batch's manifest.
#[node]
pub async fn manifest(batch: &Batch) -> anyhow::Result<Manifest> {
    let path = batch.folder().await?.join("manifest.json");
    let text = tokio::fs::read(&path).await?;
    Ok(serde_json::from_slice(&text)?)
}

/// The batch's folder, which is a database's and no path.
#[node]
pub async fn folder(batch: &Batch, store: &Store) -> anyhow::Result<Folder> {
    let folder = store.open(batch.id).await?;
    anyhow::ensure!(folder.exists(), "the folder was deleted");
    Ok(folder.metadata())
}

/// The largest input.
#[node]
pub async fn largest(inputs: Vec<Input>, store: &Store) -> anyhow::Result<Input> {
    let found = inputs.into_iter().max_by_key(|it| it.size());
    store.checked(found).await
}

/// Reads with a function that the caller chose.
#[node]
pub async fn chosen(path: PathBuf, read: Reader) -> anyhow::Result<Vec<u8>> {
    let read_to_string = read;
    Ok(read_to_string(path).await?)
}

/// Prints the result.
#[node]
pub async fn printed(found: &Found, log: &Log) -> usize {
    println!("{found:?}");
    log.write(found).await;
    found.len()
}

/// Collects the parts as they end.
#[node]
pub async fn collected(parts: Vec<Part>, pool: &Pool) -> Vec<Output> {
    let mut running: futures::stream::FuturesUnordered<_> = parts.into_iter().map(|it| pool.run(it)).collect();
    let mut outputs = Vec::new();
    while let Some(output) = futures::StreamExt::next(&mut running).await {
        outputs.push(output);
    }
    outputs
}

/// Starts a server that the shutdown guard stops.
#[node]
pub async fn guarded(server: Server, guard: &ShutdownGuard) -> Address {
    let address = server.address();
    guard.add(tokio::spawn(server.run())).await;
    address
}
