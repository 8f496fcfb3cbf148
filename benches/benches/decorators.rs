//! Time per decorated function and per equivalent hand-written function, sync and async.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian::Asyncness;
use icosian_benches::decorated::{CASES, FUNCTIONS};

fn decorators(criterion: &mut Criterion) {
    for case in CASES {
        for (asyncness, label) in [(Asyncness::Sync, "sync"), (Asyncness::Async, "async")] {
            let mut group = criterion.benchmark_group(format!("decorated {}, {label}", case.name));
            group
                .sample_size(10)
                .warm_up_time(Duration::from_millis(50))
                .measurement_time(Duration::from_millis(250))
                .throughput(Throughput::Elements(FUNCTIONS as u64));
            for (name, mut runner) in case.runners(asyncness) {
                group.bench_function(name, |bencher| {
                    bencher.iter_custom(|times| runner(times).elapsed);
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, decorators);
criterion_main!(benches);
