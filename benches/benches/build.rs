//! Time to check and plan a graph. The creation of its nodes is not measured.

use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use icosian_benches::contenders::icosian;
use icosian_benches::graphs::SHAPES;

fn build(criterion: &mut Criterion) {
    for shape in SHAPES {
        let mut group = criterion.benchmark_group(format!("build {}", shape(1).name()));
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(50))
            .measurement_time(Duration::from_millis(250));
        for n in [100, 10_000, 100_000] {
            let graph = shape(n);
            group.throughput(Throughput::Elements(n as u64));
            group.bench_function(BenchmarkId::new("icosian", n), |bencher| {
                let nodes = || icosian::nodes(&graph);
                bencher.iter_batched(nodes, |nodes| icosian::program(&graph, nodes), BatchSize::PerIteration);
            });
        }
        group.finish();
    }
}

criterion_group!(benches, build);
criterion_main!(benches);
