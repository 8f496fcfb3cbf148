//! An async node that blocks its thread.
#[icosian::dataflow]
pub mod nodes {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender};

    /// Waits for a signal from its sibling.
    pub async fn waited(signals: &Mutex<Receiver<u64>>) -> u64 {
        signals.lock().unwrap().recv().unwrap_or_default()
    }

    /// Signals its sibling.
    pub async fn sent(sender: &Sender<u64>) -> u64 {
        tokio::task::yield_now().await;
        // `send` fails if the sibling has already finished with an earlier signal.
        sender.send(7).ok();
        7
    }

    /// The sum of both values.
    pub fn total(waited: u64, sent: u64) -> u64 {
        waited + sent
    }
}
