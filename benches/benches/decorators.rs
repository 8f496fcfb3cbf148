//! How long decorated functions take, beside the same written by hand, sync and async.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian::Colour;
use icosian_benches::decorated::{FUNCTIONS, KINDS};

fn decorators(criterion: &mut Criterion) {
    for kind in KINDS {
        for (colour, shown) in [(Colour::Sync, "sync"), (Colour::Async, "async")] {
            let mut group = criterion.benchmark_group(format!("decorated {}, {shown}", kind.name));
            group
                .sample_size(10)
                .warm_up_time(Duration::from_millis(50))
                .measurement_time(Duration::from_millis(250))
                .throughput(Throughput::Elements(FUNCTIONS as u64));
            for (name, mut round) in kind.rounds(colour) {
                group.bench_function(name, |bencher| {
                    bencher.iter_custom(|times| round(times).took);
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, decorators);
criterion_main!(benches);
