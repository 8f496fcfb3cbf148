//! Time of one run of a graph that is already built, sync and async, by shape and size.

use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use icosian_benches::contenders;
use icosian_benches::graphs::SHAPES;

fn run(criterion: &mut Criterion) {
    for shape in SHAPES {
        let mut group = criterion.benchmark_group(format!("run {}", shape(1).name()));
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(50))
            .measurement_time(Duration::from_millis(250));
        for n in [10, 100, 1_000, 10_000, 100_000] {
            let graph = Arc::new(shape(n));
            group.throughput(Throughput::Elements(n as u64));
            for entry in contenders::all().into_iter().filter(|entry| n <= entry.largest) {
                let mut runner = (entry.prepare)(&graph);
                group.bench_function(BenchmarkId::new(entry.name, n), |bencher| {
                    bencher.iter_custom(|times| runner(times).elapsed);
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, run);
criterion_main!(benches);
