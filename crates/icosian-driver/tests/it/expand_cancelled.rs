//! Executions of expansions that are dropped after each number of polls.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use futures::StreamExt;
use icosian_core::expand::{Collect, CollectParam, CollectStream, Expansion, Items};
use icosian_core::{Node, Outline, Param, output_of};
use icosian_driver::inputs;

use crate::expand_faults::{tokio_driver, total};

/// A value that counts the values which exist.
struct Counted(u64, Arc<AtomicUsize>);

impl Counted {
    fn new(number: u64, count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(number, Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        assert!(self.1.fetch_sub(1, Ordering::Relaxed) > 0, "a value is dropped once");
    }
}

/// Is pending for a number of polls.
async fn yield_times(mut times: u64) {
    poll_fn(|context| {
        if times == 0 {
            return Poll::Ready(());
        }
        times -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn items(count: &Arc<AtomicUsize>) -> Node {
    let outline = Outline::new("number").with_output(output_of!(Counted));
    let outline = outline.with_expansion(Expansion::of::<Counted>().with_concurrency(5));
    let count = Arc::clone(count);
    Node::expanding(outline, move |_| {
        let count = Arc::clone(&count);
        let slow = move |number: u64| {
            let item = Counted::new(number, &count);
            async move {
                yield_times(number % 2).await;
                item
            }
        };
        Ok(Items::stream(futures::stream::iter(0..40_u64).then(slow)))
    })
}

fn results(count: &Arc<AtomicUsize>) -> Node {
    let outline = Outline::new("same").with_param(Param::taken::<Counted>("number"));
    let count = Arc::clone(count);
    Node::future(outline.with_output(output_of!(Counted)), move |args| {
        let item = args.take_with::<Counted>(0, None);
        let count = Arc::clone(&count);
        async move {
            yield_times(item.0 % 4).await;
            Ok(Counted::new(item.0, &count))
        }
    })
}

fn collecting() -> Node {
    let results = Param::taken::<Collect<Counted>>("same").with_collection(CollectParam::values::<Counted>());
    Node::future(Outline::new("total").with_param(results), |args| {
        let results = args.take_with::<Collect<Counted>>(0, None);
        async move {
            yield_times(3).await;
            Ok(results.iter().map(|result| result.0).sum::<u64>())
        }
    })
}

fn streaming(collection: CollectParam) -> Node {
    let results = Param::taken::<CollectStream<Counted>>("same").with_collection(collection);
    Node::future(Outline::new("total").with_param(results), |args| {
        let mut results = args.take_with::<CollectStream<Counted>>(0, None);
        async move {
            let mut total = 0;
            while let Some(result) = results.next().await {
                total += result?.0;
            }
            Ok(total)
        }
    })
}

#[test]
fn no_value_is_leaked_or_dropped_twice_after_any_poll() {
    let stream = CollectParam::stream::<Counted>();
    for consumer in [collecting(), streaming(stream), streaming(stream.unordered())] {
        let count = Arc::new(AtomicUsize::new(0));
        let driver = tokio_driver([items(&count), results(&count), consumer]);
        let mut finished = 0;
        for polls in 0..60 {
            let mut execution = Box::pin(driver.execute::<total>(inputs! {}));
            for _ in 0..polls {
                if let Poll::Ready(total) = execution.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                    assert_eq!(total.expect("all items succeed"), 780);
                    finished += 1;
                    break;
                }
            }
            drop(execution);
            assert_eq!(count.load(Ordering::Relaxed), 0, "after {polls} polls");
        }
        assert!((20..60).contains(&finished), "{finished} executions finished");
    }
}
