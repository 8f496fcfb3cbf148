//! How long decorated functions take, beside the same written by hand, sync and async.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian::Colour;
use icosian_benches::decorated::{FUNCTIONS, KINDS};

fn decorators(criterion: &mut Criterion) {
<<<<<<< HEAD
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
=======
    for colour in [Colour::Sync, Colour::Async] {
        let mut group = criterion.benchmark_group(format!("decorators {colour:?}"));
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(500))
            .throughput(Throughput::Elements(NODES as u64));
        for row in ROWS.iter().filter(|row| colour == Colour::Async || !row.only_async) {
            let program = program(row, colour);
            let start = program.plan().input("start").map(cell_of);
            group.bench_function(row.name, |bencher| {
                bencher.iter(|| match colour {
                    Colour::Sync => {
                        let mut run = program.start();
                        if let Some(cell) = start {
                            run.fill(cell, 1_u64);
                        }
                        SyncAdapter.run(&mut run).expect("nothing fails");
                        run.end();
                    }
                    Colour::Async => {
                        let mut run = program.start_async();
                        if let Some(cell) = start {
                            run.fill(cell, 1_u64);
                        }
                        let adapter = TokioAdapter::default();
                        let mut execution = Box::pin(adapter.run(&mut run));
                        let mut context = Context::from_waker(Waker::noop());
                        while execution.as_mut().poll(&mut context).is_pending() {}
                        drop(execution);
                        run.end();
                    }
>>>>>>> decorators
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, decorators);
criterion_main!(benches);
