//! The caller's `tracing` span is current in every node, on any thread.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::sync::Mutex;

use icosian::adapter::TokioAdapter;
use icosian::prelude::*;
use icosian::{Node, Outline, Placement};
use icosian_rayon::RayonAdapter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Instrument, Level, Metadata, Span, Subscriber, span};
use tracing_core::span::Current;

/// Records the spans that each thread enters.
#[derive(Default)]
struct Recorder {
    spans: Mutex<Vec<&'static Metadata<'static>>>,
}

thread_local! {
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.spans.lock().unwrap();
        spans.push(span.metadata());
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        assert_eq!(ENTERED.with_borrow_mut(Vec::pop), Some(span.into_u64()), "spans end in reverse order");
    }

    fn current_span(&self) -> Current {
        let Some(id) = ENTERED.with_borrow(|entered| entered.last().copied()) else { return Current::none() };
        let at = usize::try_from(id).expect("it is a length") - 1;
        Current::new(Id::from_u64(id), self.spans.lock().unwrap()[at])
    }
}

fn current() -> String {
    Span::current().metadata().map_or_else(String::new, |span| span.name().to_owned())
}

const ASYNC: [&str; 3] = ["inline", "offloaded", "spawned"];
const SYNC: [&str; 3] = ["sync_inline", "sync_offloaded", "sync_spawned"];

fn flow() -> Dataflow {
    let placements = [Placement::Inline, Placement::Offload, Placement::Spawn];
    let waiting = ASYNC.into_iter().zip(placements).map(|(name, placement)| {
        Node::future(Outline::new(name).with_placement(placement), |_| async {
            tokio::task::yield_now().await;
            Ok(current())
        })
    });
    let blocking = SYNC
        .into_iter()
        .zip(placements)
        .map(|(name, placement)| Node::sync(Outline::new(name).with_placement(placement), |_| Ok(current())));
    waiting.chain(blocking).fold(Dataflow::new("spans"), Dataflow::with_node)
}

async fn assert_spans(adapter: TokioAdapter, expected: &str) {
    let driver = AsyncDriver::under(adapter).with_dataflow(flow()).build().unwrap();
    let names = || ASYNC.into_iter().chain(SYNC);
    let values = driver.execute_named(names(), inputs! {}).await.unwrap();
    for name in names() {
        assert_eq!(values.get::<String>(name).map(String::as_str), Some(expected), "{name}");
    }
}

// The subscriber is set for this thread only, which is the harder case.
#[tokio::test]
async fn caller_span_is_current_in_nodes_on_other_threads_and_tasks() {
    let _subscriber = tracing::subscriber::set_default(Recorder::default());
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(2)] {
        assert_spans(adapter.clone(), "").await;
        assert_spans(adapter, "request").instrument(span!(Level::INFO, "request")).await;
    }
}

#[test]
fn caller_span_is_current_in_nodes_under_rayon() {
    let _subscriber = tracing::subscriber::set_default(Recorder::default());
    let threads = RayonAdapter::with_threads(NonZeroUsize::new(2).unwrap()).unwrap();
    let names: Vec<_> = (0..20).map(|at| format!("node{at}")).collect();
    let nodes = names.iter().map(|name| Node::sync(Outline::new(name.clone()), |_| Ok(current())));
    let flow = nodes.fold(Dataflow::new("spans"), Dataflow::with_node);
    let driver = Driver::builder().with_dataflow(flow).with_adapter(threads).build().unwrap();
    for expected in ["request", ""] {
        let span = if expected.is_empty() { Span::none() } else { span!(Level::INFO, "request") };
        let values = span.in_scope(|| driver.execute_named(&names, inputs! {})).unwrap();
        for name in &names {
            assert_eq!(values.get::<String>(name).map(String::as_str), Some(expected));
        }
    }
}
