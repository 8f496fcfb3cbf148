//! Async nodes that wait for locks and channels as threads do.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Barrier, Condvar, Mutex};

use icosian::prelude::*;

#[dataflow]
pub mod jobs {
    use super::*;

    /// The next job.
    pub async fn job(jobs: &Mutex<Receiver<Job>>) -> Job {
        let jobs = jobs.lock().unwrap();
        jobs.recv().unwrap() //~ ICO0201
    }

    /// The counter of the shard.
    pub async fn shard_count(shard: Arc<tokio::sync::Mutex<Shard>>) -> u64 {
        let shard = shard.blocking_lock(); //~ ICO0201
        shard.count
    }

    /// The snapshot of the table.
    pub async fn snapshot(table: &tokio::sync::RwLock<Table>) -> Table {
        table.blocking_read().clone() //~ ICO0201
    }

    /// The answer of the worker.
    pub async fn answer(request: Request, worker: &Worker) -> anyhow::Result<Answer> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        worker.submit(request, sender);
        Ok(receiver.blocking_recv()?) //~ ICO0201
    }

    /// Sends the events on.
    pub async fn forwarded(events: Vec<Event>, sink: &tokio::sync::mpsc::Sender<Event>) -> usize {
        let count = events.len();
        for event in events {
            sink.blocking_send(event).unwrap(); //~ ICO0201
        }
        count
    }

    /// The results of all producers.
    pub async fn produced(inputs: Vec<u64>) -> Vec<u64> {
        let (sender, receiver) = mpsc::channel();
        for input in inputs {
            let sender = sender.clone();
            rayon::spawn(move || sender.send(slow(input)).unwrap());
        }
        drop(sender);
        receiver.iter().collect() //~ ICO0201
    }

    /// Waits for the gate to open.
    pub async fn opened(gate: &(Mutex<bool>, Condvar)) -> bool {
        let (open, changed) = gate;
        let guard = changed.wait_while(open.lock().unwrap(), |open| !*open).unwrap(); //~ ICO0201
        *guard
    }

    /// The message of the bus.
    pub async fn message(bus: crossbeam_channel::Receiver<Message>) -> Option<Message> {
        bus.recv_timeout(std::time::Duration::from_secs(1)).ok() //~ ICO0201
    }

    /// All parts are ready.
    pub async fn ready(barrier: &Barrier) -> bool {
        barrier.wait().is_leader() //~ ICO0201
    }
}
