//! Fan-out: nodes that run once for each item of a sequence.
//!
//! [`#[expand]`](macro@crate::decorators::expand) above a function runs the nodes that read it once for each item that it returns. Nodes
//! read an item by the function's name, as if it were a plain value. These nodes, and the nodes that read them, form a *block*. A
//! parameter of type [`Collect<T>`](crate::expand::Collect) ends the block and receives the results of all items.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod pages {
//!     use icosian::prelude::*;
//!
//!     #[expand]
//!     pub fn url(urls: &[String]) -> Vec<String> {
//!         urls.to_vec()
//!     }
//!     /// Runs once for each URL.
//!     pub fn depth(url: &str, base: usize) -> usize {
//!         url.matches('/').count() - base
//!     }
//!     /// Runs once.
//!     pub fn deepest(depth: Collect<usize>) -> Option<usize> {
//!         depth.iter().copied().max()
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(pages::dataflow()).build()?;
//! let urls = || vec!["a/b".to_owned(), "a/b/c".to_owned()];
//!
//! assert_eq!(driver.execute::<pages::deepest>(inputs! { urls: urls(), base: 1_usize })?, Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! All items share the values from outside of the block, here `base`. A value from outside can be consumed in a block only if it is
//! `Clone`. Without items, `Collect` is empty, and the collecting node still runs.
//!
//! # Sequences
//!
//! | return type | driver |
//! |---|---|
//! | `Vec<T>`, `impl Iterator<Item = T> + Send + 'static`, `Box<dyn Iterator<Item = T> + Send>` or another `IntoIterator` | all drivers |
//! | `impl Stream<Item = T> + Send + 'static`, `BoxStream<'static, T>`, `ReceiverStream<T>` | `AsyncDriver` |
//! | a `Result` of these | as without the `Result`; an `Err` fails the run |
//! | these with items of type `Result<T, E>` | as with `T`; an `Err` fails its item, and nodes read a `T` |
//!
//! The function can be async in each case. The driver pulls items from the sequence when they may start, so a sequence may be long or
//! endless.
//!
//! # Concurrency
//!
//! `#[expand(concurrency = 8)]` sets the number of items that run at the same time. The default depends on the adapter:
//!
//! | adapter | items at the same time |
//! |---|---|
//! | `SyncAdapter` | one, even if `concurrency` is set |
//! | `RayonAdapter` | one on each thread of the pool, and at most `concurrency` |
//! | `TokioAdapter`, and every other adapter of an `AsyncDriver` | 16 |
//!
//! Items do not wait for each other between the nodes of a block: one item can be at the last node while another is at the first. Under an
//! `AsyncDriver`, one task polls all items of a run. `#[spawn]` and `#[offload]` move a node of a block to other threads.
//!
//! A slow block slows down its sequence, because an item is pulled when it may start. Under an `AsyncDriver` with `concurrency = 8`, at
//! most eight items have been pulled and have not ended. A thread of a `RayonAdapter` pulls up to 16 items at a time if they are short.
//!
//! # Streams of results
//!
//! `Collect` holds all results. A [`CollectStream<T>`](crate::expand::CollectStream) passes them on while the block runs, so memory is
//! bounded even if a sequence has millions of items. The node that reads the stream drives the block: items are pulled no faster than
//! results are read. If the node stops reading, the remaining items do not run.
//!
//! An async function polls the parameter as a `Stream`. Each element is a `Result`, because the node starts before the items have ended.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod ticks {
//!     use futures::{Stream, StreamExt, stream};
//!     use icosian::expand::ItemError;
//!     use icosian::prelude::*;
//!
//!     #[expand(concurrency = 8)]
//!     pub fn tick() -> impl Stream<Item = u64> + Send + 'static {
//!         stream::iter(0..)
//!     }
//!     pub async fn square(tick: u64) -> u64 {
//!         tokio::task::yield_now().await;
//!         tick * tick
//!     }
//!     /// The sequence is endless, so the function stops reading.
//!     pub async fn first_above(mut square: CollectStream<u64>, limit: u64) -> Result<Option<u64>, ItemError> {
//!         while let Some(square) = square.next().await {
//!             let square = square?;
//!             if square > limit {
//!                 return Ok(Some(square));
//!             }
//!         }
//!         Ok(None)
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder().with_dataflow(ticks::dataflow()).build()?;
//! assert_eq!(driver.execute::<ticks::first_above>(inputs! { limit: 50_u64 }).await?, Some(64));
//! # Ok(())
//! # }
//! ```
//!
//! A sync function iterates over the parameter: `for square in square { total += square?; }`. Under an `AsyncDriver`, this requires that
//! all nodes of the block are sync.
//!
//! The driver runs only some items ahead of the reader. Under an `AsyncDriver` the first missing result is at most `concurrency` items
//! behind the item that starts. Under `RayonAdapter` the block runs `concurrency` items, by default 64, before the function receives the
//! first of their results. Under `SyncAdapter` it runs one.
//!
//! # Order
//!
//! Results have the order of the items. `#[collect(unordered)]` before a `Collect` or `CollectStream` parameter passes them in the order of
//! completion. A slow item then does not delay the results of other items.
//!
//! # Items that fail
//!
//! | argument of `expand` | if an item fails | collecting parameter |
//! |---|---|---|
//! | `on_error = "fail"`, the default | the other items are cancelled, and the run fails | `Collect<T>` |
//! | `on_error = "skip"` | its result is missing; [hooks](#hooks) are notified | `Collect<T>` |
//! | `on_error = "collect"` | its result is an `Err` | `Collect<Result<T, ItemError>>` |
//!
//! A `CollectStream<T>` always returns results. It ends after the first error, except with `on_error = "collect"`.
//!
//! An item fails if one of its nodes fails, panics or times out. The [`ItemError`](crate::expand::ItemError) contains the item, the node
//! and its error. If the items implement `Display` or `Debug`, and no node consumes them, the error also describes the item. The
//! cancellation of a run and errors of hooks are not errors of an item: they end the run in each case.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod sums {
//!     use icosian::expand::ItemError;
//!     use icosian::prelude::*;
//!
//!     #[expand(on_error = "collect")]
//!     pub fn word(words: Vec<String>) -> Vec<String> {
//!         words
//!     }
//!     pub fn number(word: &str) -> Result<u64, std::num::ParseIntError> {
//!         word.parse()
//!     }
//!     pub fn total(number: &Collect<Result<u64, ItemError>>) -> u64 {
//!         number.iter().flatten().sum()
//!     }
//!     pub fn problems(number: &Collect<Result<u64, ItemError>>) -> Vec<String> {
//!         number.iter().filter_map(|number| number.as_ref().err()).map(ToString::to_string).collect()
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(sums::dataflow()).build()?;
//! let words = vec!["1".to_owned(), "two".to_owned(), "3".to_owned()];
//!
//! let (total, problems) = driver.execute::<(sums::total, sums::problems)>(inputs! { words })?;
//! assert_eq!(total, 4);
//! assert_eq!(problems, ["node `number` failed for item 1 of `word` (two)"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Nested expansions
//!
//! An expanding function that reads an item expands each item again. A `Collect` parameter leaves one block.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod books {
//!     use icosian::prelude::*;
//!
//!     #[expand]
//!     pub fn chapter(book: &str) -> Vec<String> {
//!         book.split('\n').map(str::to_owned).collect()
//!     }
//!     #[expand]
//!     pub fn word(chapter: &str) -> Vec<String> {
//!         chapter.split(' ').map(str::to_owned).collect()
//!     }
//!     pub fn length(word: &str) -> usize {
//!         word.len()
//!     }
//!     /// Runs once for each chapter.
//!     pub fn longest(length: Collect<usize>) -> usize {
//!         length.iter().copied().max().unwrap_or_default()
//!     }
//!     /// Runs once.
//!     pub fn summary(longest: Collect<usize>) -> Vec<usize> {
//!         longest.into_vec()
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(books::dataflow()).build()?;
//! assert_eq!(driver.execute::<books::summary>(inputs! { book: "a bc\ndef g" })?, [2, 3]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Requests and overrides
//!
//! A node of a block has a result for each item. To request these results, write [`Collected<..>`](crate::expand::Collected) around the
//! handle. The order is that of the items; in nested expansions, the results of all outer items follow each other.
//!
//! | override | effect |
//! |---|---|
//! | `overriding_items::<url>(vec![..])` | replaces the items; the expanding node does not run |
//! | `overriding::<depth>(2)` | replaces a node of the block, by one value for all items |
//! | `overriding::<deepest>(..)` | replaces a collecting node; no item runs if no other node collects them |
//!
//! ```
//! # use icosian::prelude::*;
//! # #[dataflow]
//! # pub mod pages {
//! #     use icosian::prelude::*;
//! #     #[expand]
//! #     pub fn url(urls: &[String]) -> Vec<String> { urls.to_vec() }
//! #     pub fn depth(url: &str, base: usize) -> usize { url.matches('/').count() - base }
//! #     pub fn deepest(depth: Collect<usize>) -> Option<usize> { depth.iter().copied().max() }
//! # }
//! use icosian::expand::Collected;
//!
//! let driver = Driver::builder().with_dataflow(pages::dataflow()).build()?;
//! let listed = || inputs! { base: 0_usize }.overriding_items::<pages::url>(vec!["a/b".to_owned(), "c".to_owned()]);
//!
//! let depths = driver.execute::<Collected<pages::depth>>(listed())?;
//! assert_eq!(depths.into_vec(), [1, 0]);
//!
//! let fixed = inputs! {}.overriding_items::<pages::url>(vec![String::new()]).overriding::<pages::depth>(7);
//! assert_eq!(driver.execute::<pages::deepest>(fixed)?, Some(7));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Decorators
//!
//! Decorators of a node in a block apply to each item: `retry` calls the function again for one item, and a failed `check_output` fails
//! one item. The limits of `limit` and `rate_limit` hold across all items, and across all runs of a driver. The parts of `extract_fields`
//! are nodes of the block.
//!
//! ```
//! # use icosian::prelude::*;
//! #[derive(Clone)]
//! pub struct Page {
//!     pub title: String,
//!     pub words: u32,
//! }
//!
//! #[dataflow]
//! pub mod crawl {
//!     use icosian::prelude::*;
//!     use std::io;
//!
//!     use super::Page;
//!
//!     #[expand(concurrency = 16, on_error = "skip")]
//!     pub fn url(urls: &[String]) -> Vec<String> {
//!         urls.to_vec()
//!     }
//!     #[extract_fields(title: String, words: u32)]
//!     #[retry(attempts = 3)]
//!     #[limit("site", max_concurrency = 4)]
//!     #[rate_limit("site", per_second = 1000)]
//!     pub async fn page(url: &str) -> io::Result<Page> {
//!         let words = url.len() as u32; // a real node would fetch the page
//!         Ok(Page { title: url.to_uppercase(), words })
//!     }
//!     #[check_output(range = 2..=100, importance = "fail")]
//!     pub fn minutes(words: u32) -> u32 {
//!         words / 2
//!     }
//!     pub fn line(title: &str, minutes: u32) -> String {
//!         format!("{title}: {minutes}")
//!     }
//!     pub fn report(line: Collect<String>) -> String {
//!         line.join(", ")
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder().with_dataflow(crawl::dataflow()).build()?;
//! let urls = vec!["a.example".to_owned(), "x".to_owned(), "b.org".to_owned()];
//!
//! // The check of `x` fails, and `on_error = "skip"` leaves it out.
//! assert_eq!(driver.execute::<crawl::report>(inputs! { urls }).await?, "A.EXAMPLE: 4, B.ORG: 2");
//! # Ok(())
//! # }
//! ```
//!
//! Above an expanding function, `check_output`, `extract_outputs` and `pipe_output` apply to each item, and `retry` and `timeout` to the
//! call that returns the sequence. `fallback` is refused there, because its value would be one item.
//!
//! # Hooks
//!
//! A [`Hook`](crate::Hook) is called for the nodes of each item. [`NodeInfo::items`](crate::NodeInfo::items) returns the item, and
//! [`NodeInfo::id`](crate::NodeInfo::id) the name of the node with its items, such as `url[1].depth`. `after_item` is called at the end of
//! each item, even if its failure is skipped.
//!
//! ```
//! # use icosian::prelude::*;
//! # use std::sync::{Arc, Mutex};
//! use icosian::{BoxError, ItemEnd};
//!
//! # #[dataflow]
//! # pub mod sums {
//! #     use icosian::prelude::*;
//! #     #[expand(on_error = "skip")]
//! #     pub fn word(words: Vec<String>) -> Vec<String> { words }
//! #     pub fn number(word: &str) -> Result<u64, std::num::ParseIntError> { word.parse() }
//! #     pub fn total(number: Collect<u64>) -> u64 { number.iter().sum() }
//! # }
//! /// Records the items that failed.
//! #[derive(Debug, Default)]
//! struct Failed(Mutex<Vec<String>>);
//!
//! impl Hook for Failed {
//!     fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
//!         if let Some(error) = item.error() {
//!             self.0.lock().unwrap().push(error.to_string());
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let failed = Arc::new(Failed::default());
//! let driver = Driver::builder().with_dataflow(sums::dataflow()).with_hook(Arc::clone(&failed)).build()?;
//! let words = vec!["1".to_owned(), "two".to_owned()];
//! assert_eq!(driver.execute::<sums::total>(inputs! { words })?, 1);
//! assert_eq!(*failed.0.lock().unwrap(), ["node `number` failed for item 1 of `word` (two)"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Errors before a run
//!
//! The compiler checks the types of items and of results, where it sees the function. `build`, `prepare` or the linter report:
//!
//! | code | error |
//! |---|---|
//! | ICO0301 | no node collects the results of an expansion (linter) |
//! | ICO0302 | a parameter collects a node that runs once |
//! | ICO0303 | a node depends on items of two expansions; let one expansion read the other, or collect one of them |
//! | ICO0304 | a `Collect` holds all results of a stream (linter) |
//! | ICO0305 | a `Collect<T>` reads a block with `on_error = "collect"` |
//! | ICO0306 | a node of a block depends on a node that collects the block |
//! | ICO0307 | a block is streamed and also collected elsewhere; the stream has no results left for the other node |
//! | ICO0308 | a block of async nodes has no limit (linter) |
//!
//! A request for a node of a block without `Collected<..>` is refused, and so is a sync function that streams the results of async nodes.
//!
//! # Unit tests
//!
//! The functions remain plain functions. [`Collect::from`](crate::expand::Collect) and
//! [`CollectStream::from_results`](crate::expand::CollectStream::from_results) build the arguments of functions that collect.
//!
//! ```
//! use icosian::NodeError;
//! use icosian::expand::{Collect, CollectStream, ItemError, ItemIndex};
//!
//! fn total(number: Collect<u64>) -> u64 {
//!     number.iter().sum()
//! }
//! fn streamed_total(number: CollectStream<u64>) -> Result<u64, ItemError> {
//!     number.into_iter().sum()
//! }
//! assert_eq!(total(Collect::from(vec![1, 2, 3])), 6);
//! assert_eq!(streamed_total(CollectStream::from_results([Ok(1), Ok(2)])).ok(), Some(3));
//!
//! let error = ItemError::new(ItemIndex::new("word", 1), "number", NodeError::failed("no digits"));
//! assert!(streamed_total(CollectStream::from_results([Ok(1), Err(error)])).is_err());
//! ```
