//! Functions with `#[expand]`, and parameters that collect.

#![expect(
    clippy::float_cmp,
    clippy::unnecessary_to_owned,
    clippy::unnecessary_wraps,
    reason = "the functions have the types of a test, and their numbers are exact"
)]

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::StreamExt as _;
use futures::stream::{self, BoxStream, Stream};
use icosian::__private::expand::ItemSource;
use icosian::decorators::{Cell, apply};
use icosian::expand::{CollectionForm, CollectionOrder, Expansion, ItemError, OnError};
use icosian::prelude::*;
use icosian::{AdapterSpec, NodeError, NodeFn, ValueType};

use crate::call::{block_on, given, items, last, shared};

/// A stream of a named type.
#[derive(Debug)]
pub(crate) struct CountStream(u64);

impl Stream for CountStream {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        self.0 = self.0.saturating_sub(1);
        Poll::Ready(Some(self.0).filter(|count| *count > 0))
    }
}

/// An item that is neither `Clone` nor `Debug`.
pub(crate) struct Opaque(u64);

/// An item with a `Debug` implementation.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    First,
    Other,
}

/// An item with both implementations.
#[derive(Clone, Debug)]
pub(crate) struct Url(&'static str);

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[dataflow]
mod sequences {
    use std::io;

    use super::*;

    #[expand]
    pub fn vector(end: u64) -> Vec<u64> {
        (0..end).collect()
    }

    #[expand]
    pub fn array() -> [u64; 2] {
        [1, 2]
    }

    #[expand]
    pub fn set(words: &[String]) -> HashSet<String> {
        words.iter().cloned().collect()
    }

    #[expand]
    pub fn entry() -> BTreeMap<String, u64> {
        BTreeMap::new()
    }

    #[expand(concurrency = 4)]
    pub fn hidden(words: &[String]) -> impl Iterator<Item = String> + Send + 'static {
        words.to_vec().into_iter().rev()
    }

    #[expand]
    pub fn boxed(end: &u64) -> Box<dyn Iterator<Item = u64> + Send> {
        Box::new(0..*end)
    }

    #[expand(on_error = "skip")]
    pub fn fallible(end: u64) -> io::Result<impl Iterator<Item = u64> + Send + 'static> {
        if end > 9 { Err(io::Error::other("too many")) } else { Ok(0..end) }
    }

    #[expand]
    pub fn reported() -> anyhow::Result<Vec<u64>> {
        Err(anyhow::anyhow!("no route"))
    }

    #[expand(on_error = "collect", concurrency = 2 + 1)]
    pub fn parsed(
        words: Vec<String>,
    ) -> impl Iterator<Item = Result<u64, std::num::ParseIntError>> + Send + 'static {
        words.into_iter().map(|word| word.parse())
    }

    #[expand]
    pub fn parsed_list(words: &[String]) -> Result<Vec<io::Result<u64>>, io::Error> {
        Ok(words.iter().map(|word| word.parse().map_err(io::Error::other)).collect())
    }

    #[expand]
    pub fn streamed(end: u64) -> impl Stream<Item = u64> + Send + 'static {
        stream::iter(0..end)
    }

    #[expand]
    pub fn boxed_stream(end: u64) -> BoxStream<'static, Row> {
        stream::iter(0..end).map(|number| if number == 0 { Row::First } else { Row::Other }).boxed()
    }

    #[expand]
    pub fn pinned() -> Pin<Box<dyn Stream<Item = Result<Url, io::Error>> + Send>> {
        Box::pin(stream::iter([Ok(Url("https://a.example"))]))
    }

    #[expand]
    pub fn named_stream(end: u64) -> CountStream {
        CountStream(end)
    }

    #[expand]
    pub async fn later(
        end: &u64,
        words: &[String],
    ) -> io::Result<impl Stream<Item = String> + Send + 'static> {
        let words = words.to_vec();
        Ok(stream::iter(words).take(usize::try_from(*end).unwrap_or_default()))
    }

    #[expand]
    pub async fn later_list() -> Vec<Opaque> {
        vec![Opaque(1)]
    }

    pub fn reads_items(vector: u64, hidden: &str, later_list: &Opaque, pinned: &Url) -> u64 {
        vector + hidden.len() as u64 + later_list.0 + pinned.0.len() as u64
    }
}

#[dataflow]
mod collected {
    use super::*;

    #[expand]
    pub fn item(end: u64) -> Vec<u64> {
        (0..end).collect()
    }

    pub fn score(item: u64) -> f64 {
        f64::from(u32::try_from(item).expect("it is small"))
    }

    pub fn owned(score: Collect<f64>) -> f64 {
        score.iter().sum()
    }

    pub fn borrowed(#[collect(unordered)] score: &Collect<f64>) -> usize {
        score.len()
    }

    pub fn results(score: Collect<Result<f64, ItemError>>) -> usize {
        score.iter().filter(|score| score.is_err()).count()
    }

    pub fn drained(score: CollectStream<f64>) -> Result<f64, ItemError> {
        score.into_iter().sum()
    }

    pub async fn polled(#[collect(unordered)] mut score: CollectStream<f64>, item: Collect<u64>) -> usize {
        let mut count = item.len();
        while let Some(Ok(_)) = score.next().await {
            count += 1;
        }
        count
    }

    pub fn elsewhere(other: Collect<String>) -> usize {
        other.len()
    }
}

/// Returns the items of the node `N`, each as its label or its error.
fn labels<N: NodeFn>(values: Vec<Cell>) -> Vec<String> {
    let (source, label) = items::<N>(values).expect("the function returns items").into_source();
    let shown = |item: Result<Cell, NodeError>| match item {
        Ok(item) => label.map_or_else(
            || "unlabelled".to_owned(),
            |label| label(item.value().expect("an item")).expect("the item has this type"),
        ),
        Err(error) => error.to_string(),
    };
    match source {
        ItemSource::Iterator(items) => items.map(shown).collect(),
        ItemSource::Stream(items) => block_on(items.map(shown).collect()),
    }
}

fn words() -> Cell {
    given(vec!["1".to_owned(), "two".to_owned(), "3".to_owned()])
}

#[test]
fn iterators_become_items() {
    use sequences::{array, boxed, entry, fallible, hidden, set, vector};
    assert_eq!(labels::<vector>(vec![given(2_u64)]), ["0", "1"]);
    assert_eq!(labels::<array>(vec![]), ["1", "2"]);
    assert_eq!(labels::<set>(vec![given(vec!["a".to_owned()])]), ["a"]);
    assert_eq!(labels::<entry>(vec![]), Vec::<String>::new());
    assert_eq!(labels::<hidden>(vec![words()]), ["3", "two", "1"]);
    assert_eq!(labels::<boxed>(vec![given(2_u64)]), ["0", "1"]);
    assert_eq!(labels::<fallible>(vec![given(2_u64)]), ["0", "1"]);
}

#[test]
fn streams_become_items() {
    use sequences::{boxed_stream, later, named_stream, pinned, streamed};
    assert_eq!(labels::<streamed>(vec![given(2_u64)]), ["0", "1"]);
    assert_eq!(labels::<boxed_stream>(vec![given(2_u64)]), ["First", "Other"]);
    assert_eq!(labels::<pinned>(vec![]), ["https://a.example"]);
    assert_eq!(labels::<named_stream>(vec![given(3_u64)]), ["2", "1"]);
    assert_eq!(labels::<later>(vec![given(2_u64), words()]), ["1", "two"]);
}

#[test]
fn errors_fail_their_items() {
    use sequences::{parsed, parsed_list};
    assert_eq!(labels::<parsed>(vec![words()]), ["1", "invalid digit found in string", "3"]);
    assert_eq!(labels::<parsed_list>(vec![words()]), ["1", "invalid digit found in string", "3"]);
}

#[test]
fn items_without_an_implementation_have_no_label() {
    assert_eq!(labels::<sequences::later_list>(vec![]), ["unlabelled"]);
}

#[test]
fn error_of_the_function_fails_the_node() {
    let failed = items::<sequences::fallible>(vec![given(10_u64)]).unwrap_err();
    assert_eq!(failed.to_string(), "too many");
    let failed = items::<sequences::reported>(vec![]).unwrap_err();
    assert!(failed.find::<anyhow::Error, _>().is_some(), "{failed}");
}

#[test]
fn node_declares_the_type_of_an_item() {
    fn outputs<H: Handle<Output = T>, T>() {}
    outputs::<sequences::vector, u64>();
    outputs::<sequences::entry, (String, u64)>();
    outputs::<sequences::parsed, u64>();
    outputs::<sequences::pinned, Url>();
    outputs::<sequences::named_stream, u64>();
    outputs::<sequences::later_list, Opaque>();
    let vector = sequences::vector::node();
    assert_eq!(vector.outline().to_string(), "vector(end: u64) -> u64");
    assert!(vector.outline().output().is_cloneable());
    let later = sequences::later::node();
    assert_eq!(later.outline().to_string(), "async later(end: &u64, words: &[String]) -> String");
}

/// Returns the expansion of the function `name` after its decorators are applied.
fn expansion(name: &str) -> Expansion {
    let adapter = AdapterSpec::new("tokio").polls_futures();
    let nodes = apply(vec![sequences::dataflow()], &Config::new(), &adapter).expect("the decorators fit");
    let node = nodes[0].iter().find(|node| *node.name() == name).expect("the dataflow has the node");
    node.outline().expansion().expect("the node expands").clone()
}

#[test]
fn arguments_set_the_expansion() {
    let settings = |name| {
        let expansion = expansion(name);
        (expansion.concurrency().map(NonZeroUsize::get), expansion.on_error())
    };
    assert_eq!(settings("vector"), (None, OnError::Fail));
    assert_eq!(settings("hidden"), (Some(4), OnError::Fail));
    assert_eq!(settings("fallible"), (None, OnError::Skip));
    assert_eq!(settings("parsed"), (Some(3), OnError::Collect));
    assert_eq!(expansion("pinned").list().value_type(), ValueType::of::<Vec<Url>>());
}

#[test]
fn parameters_collect() {
    let dataflow = collected::dataflow();
    let collection = |name: &str, at: usize| {
        let node = dataflow.nodes().find(|node| *node.name() == name).expect("the dataflow has the node");
        let collection = node.outline().params()[at].collection().copied();
        collection.map(|collection| (collection.element(), collection.form(), collection.order()))
    };
    let float = ValueType::of::<f64>();
    let (items, completion) = (CollectionOrder::Items, CollectionOrder::Completion);
    assert_eq!(collection("score", 0), None);
    assert_eq!(collection("owned", 0), Some((float, CollectionForm::Values, items)));
    assert_eq!(collection("borrowed", 0), Some((float, CollectionForm::Values, completion)));
    assert_eq!(collection("results", 0), Some((float, CollectionForm::Results, items)));
    assert_eq!(collection("drained", 0), Some((float, CollectionForm::Stream, items)));
    assert_eq!(collection("polled", 0), Some((float, CollectionForm::Stream, completion)));
    assert_eq!(collection("polled", 1), Some((ValueType::of::<u64>(), CollectionForm::Values, items)));
    assert_eq!(collection("elsewhere", 0), Some((ValueType::of::<String>(), CollectionForm::Values, items)));
}

#[test]
fn bodies_receive_collections() {
    let scores = || given(Collect::from(vec![1.0, 2.0]));
    assert_eq!(last::<collected::owned>(vec![scores()]).unwrap(), 3.0);
    assert_eq!(shared::<collected::owned>(vec![scores()]).unwrap(), 3.0);
    assert_eq!(shared::<collected::borrowed>(vec![scores()]).unwrap(), 2);
    let stream = || given(CollectStream::from_results([Ok(1.0), Ok(2.0)]));
    assert_eq!(last::<collected::drained>(vec![stream()]).unwrap(), 3.0);
    let items = given(Collect::from(vec![1_u64]));
    assert_eq!(last::<collected::polled>(vec![stream(), items]).unwrap(), 3);
}
