//! Measures an HTTP service whose requests run ten small nodes, and prints a Markdown table.
//!
//! `service [SECONDS]` sets the time of each measurement.
#![expect(clippy::print_stdout, reason = "a command-line program prints to its terminal")]

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use icosian_benches::service::{Contender, ask, load};

const ROUNDS: usize = 5;
const CONNECTIONS: u64 = 64;

fn main() -> io::Result<()> {
    let seconds = std::env::args().nth(1).and_then(|seconds| seconds.parse().ok()).unwrap_or(2.0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(Duration::from_secs_f64(seconds)))
}

async fn measure(time: Duration) -> io::Result<()> {
    let mut services: Vec<(Contender, SocketAddr, Vec<f64>)> = Vec::new();
    for contender in Contender::ALL {
        services.push((contender, contender.serve().await?, Vec::new()));
    }
    let answers = (ask(services[0].1, 7).await?, ask(services[1].1, 7).await?);
    assert_eq!(answers.0, answers.1, "both services compute the same answer");
    for round in 0..=ROUNDS {
        let count = services.len();
        for at in 0..count {
            // Each round starts with another contender. The first round is a warm-up.
            let (_, address, rates) = &mut services[(at + round) % count];
            let rate = load(*address, CONNECTIONS, time).await?;
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    println!("| service | requests a second | least .. most | to `join!` |\n|---|--:|--:|--:|");
    let base = median(&mut services[0].2);
    for (contender, _, rates) in &mut services {
        let median = median(rates);
        let (least, most) = (rates[0], rates[rates.len() - 1]);
        println!("| {contender} | {median:.0} | {least:.0} .. {most:.0} | {:.3} |", median / base);
    }
    Ok(())
}

/// Sorts the values and returns their median.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
