//! Time for 20 sleeping nodes, compared with the sleeps of their critical path.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use icosian_benches::report::comparisons::sleepers;

fn sleeping(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sleeping");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(1));
    for (name, mut runner) in sleepers().1 {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| runner(times).elapsed);
        });
    }
    group.finish();
}

criterion_group!(benches, sleeping);
criterion_main!(benches);
