//! Time for 1,000 concurrent runs of ten async nodes that each yield once.

use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian_benches::graphs;
use icosian_benches::report::comparisons::{RUNS, Workers, concurrent_runners};

fn concurrent(criterion: &mut Criterion) {
    let graph = Arc::new(graphs::ten());
    for workers in [Workers::One, Workers::Two] {
        let (runners, name) = concurrent_runners(&graph, workers);
        let mut group = criterion.benchmark_group(name);
        group
            .sample_size(15)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_secs(1));
        group.throughput(Throughput::Elements(RUNS as u64));
        for (name, mut runner) in runners {
            group.bench_function(name, |bencher| {
                bencher.iter_custom(|times| runner(times).elapsed);
            });
        }
        group.finish();
    }
}

criterion_group!(benches, concurrent);
criterion_main!(benches);
