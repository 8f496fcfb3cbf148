//! An async node that blocks its thread.
#[icosian::dataflow]
pub mod nodes {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender};

    /// Waits for a signal of its sibling.
    #[offload]
    pub async fn waited(signals: &Mutex<Receiver<u64>>) -> u64 {
        signals.lock().unwrap().recv().unwrap_or_default()
    }

    /// Signals its sibling.
    pub async fn sent(sender: &Sender<u64>) -> u64 {
        tokio::task::yield_now().await;
        // The sibling may have ended already, with a signal from outside.
        sender.send(7).ok();
        7
    }

    /// Both values.
    pub fn total(waited: u64, sent: u64) -> u64 {
        waited + sent
    }
}
