//! How long 1,000 runs at a time take, of ten async nodes that yield once each.

use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian_benches::graphs;
use icosian_benches::report::races::{RUNS, Workers, crowds};

fn concurrent(criterion: &mut Criterion) {
    let graph = Arc::new(graphs::ten());
    for workers in [Workers::One, Workers::Two] {
        let (rounds, name) = crowds(&graph, workers);
        let mut group = criterion.benchmark_group(name);
        group
            .sample_size(15)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_secs(1));
        group.throughput(Throughput::Elements(RUNS as u64));
        for (name, mut round) in rounds {
            group.bench_function(name, |bencher| {
                bencher.iter_custom(|times| round(times).took);
            });
        }
        group.finish();
    }
}

criterion_group!(benches, concurrent);
criterion_main!(benches);
