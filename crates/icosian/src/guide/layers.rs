//! Layers: the middleware of `tower` around nodes.
//!
//! The feature `tower` adds [`with_layer`](crate::Builder::with_layer) to the builder of an [`AsyncDriver`](crate::AsyncDriver). A layer
//! wraps each node as if the node were a service. Every layer of [`tower`](https://docs.rs/tower) works: `TimeoutLayer`, `LoadShedLayer`,
//! `ConcurrencyLimitLayer`, `BufferLayer`, `RetryLayer`, layers of other crates, and custom layers.
//!
//! ```
//! use icosian::prelude::*;
//! use std::time::Duration;
//! use tower::ServiceBuilder;
//! use tower::limit::{ConcurrencyLimitLayer, GlobalConcurrencyLimitLayer};
//! use tower::timeout::TimeoutLayer;
//!
//! #[dataflow(outputs(offer))]
//! pub mod shop {
//!     #[tag(team = "pricing")]
//!     pub async fn price(item: &str) -> u64 {
//!         item.len() as u64
//!     }
//!     #[tag(team = "pricing")]
//!     pub async fn discount(item: &str) -> u64 {
//!         if item == "tea" { 1 } else { 0 }
//!     }
//!     pub fn offer(price: u64, discount: u64) -> u64 {
//!         price - discount
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let busy = ServiceBuilder::new().load_shed().layer(GlobalConcurrencyLimitLayer::new(64));
//! let driver = AsyncDriver::builder()
//!     .with_dataflow(shop::dataflow())
//!     // Each execution fails at once if 64 nodes of the team are running.
//!     .with_layer_on(LayerTarget::tag_value("team", "pricing"), busy)
//!     // At most 8 calls of `price` at a time, over all executions.
//!     .with_layer_on(LayerTarget::node::<shop::price>(), ConcurrencyLimitLayer::new(8))
//!     // Each node has a second, including its waits for the limits.
//!     .with_layer(TimeoutLayer::new(Duration::from_secs(1)))
//!     .build()?;
//! assert_eq!(driver.execute::<shop::offer>(inputs! { item: "tea" }).await?, 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Targets
//!
//! | target | nodes |
//! |---|---|
//! | `with_layer(layer)`, `LayerTarget::all()` | all nodes |
//! | `LayerTarget::node::<shop::price>()`, `LayerTarget::named("price")` | the node of one function |
//! | `LayerTarget::group("db")` | the nodes in a group of `#[limit("db")]` |
//! | `LayerTarget::tag("team")`, `LayerTarget::tag_value("team", "pricing")` | the nodes with a tag |
//! | `LayerTarget::matching(\|node\| ..)` | the nodes whose [`Outline`](crate::Outline) the predicate accepts |
//! | `one.or(other)` | the nodes of both targets |
//!
//! A layer wraps the nodes that run a function. The target `price` also matches if a decorator such as `check_output` splits the
//! function into several nodes. A target that matches no node is an error of `build`, with a suggestion.
//!
//! # Order
//!
//! The layer that is added last is the outermost one. The layers of a `ServiceBuilder` are written from the outside to the inside.
//! Decorators are inside of all layers: a layer receives the result of `#[retry]`, and not of each attempt. The exceptions are `#[limit]`
//! and `#[rate_limit]`: a node acquires its permit before its first layer.
//!
//! # One service for each node
//!
//! Each node has its own service, and all executions of a driver share it. `ConcurrencyLimitLayer::new(8)` therefore allows eight
//! concurrent calls *of each node*. To limit all nodes of a target together, use `GlobalConcurrencyLimitLayer`. A node that waits for its
//! service does not delay other nodes.
//!
//! A service must be `Clone`. `RateLimit` is not `Clone`, so wrap it with a `BufferLayer`, as in
//! `ServiceBuilder::new().buffer(64).rate_limit(100, Duration::from_secs(1))`. A buffer spawns a task in the runtime of the first
//! execution. After this runtime has ended, the calls of the driver fail.
//!
//! # Errors
//!
//! If a layer returns an error, the node fails. The source of the node's error is a [`LayerError`](crate::layer::LayerError), whose source
//! is the error of the layer. If a layer returns the error of the function unchanged, the node fails with this error, as without layers.
//!
//! ```
//! use icosian::prelude::*;
//! use std::time::Duration;
//! use tower::timeout::{TimeoutLayer, error::Elapsed};
//!
//! #[dataflow]
//! pub mod waits {
//!     pub async fn forever() -> u64 {
//!         std::future::pending().await
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder()
//!     .with_dataflow(waits::dataflow())
//!     .with_layer(TimeoutLayer::new(Duration::from_secs(1)))
//!     .build()?;
//! let error = driver.execute::<waits::forever>(inputs! {}).await.unwrap_err();
//! let ExecuteError::Failed(failures) = &error else { unreachable!("it has run") };
//! let Some(RunError::NodeFailed { node, source, .. }) = failures.first() else { unreachable!("a node failed") };
//! assert_eq!(node, &"forever");
//! assert!(source.find::<Elapsed, _>().is_some());
//! # Ok(())
//! # }
//! ```
//!
//! # Sync, offloaded and expanding functions
//!
//! A sync function with a layer becomes an async node. The function still blocks the task of the execution while it runs, so a timeout
//! cannot interrupt it. A layer around a function with `#[offload]` or `#[spawn]` wraps the wait for its thread or task. After a timeout,
//! the permits of the layer and of `#[limit]` are released, but the thread keeps running until the function returns.
//!
//! In a [block](super::fan_out), a layer wraps the call for each item. Around an `#[expand]` function it wraps the call that returns the
//! sequence, not the work of an iterator or stream. A sync function that reads a `CollectStream` cannot have a layer: make it async.
//!
//! # Custom layers
//!
//! A layer is a [`Layer<NodeService>`](crate::layer::NodeService) whose service accepts a [`NodeCall`](crate::layer::NodeCall) and returns
//! a [`NodeOutput`](crate::layer::NodeOutput). A `NodeCall` has the node's outline, the number of the execution, the item of an expansion,
//! and the execution's context. A clone of a `NodeCall` can be called again, for example by a retry policy or by a hedged request.
//!
//! ```
//! use icosian::layer::{NodeCall, NodeService, Service};
//! use icosian::prelude::*;
//! use tower::ServiceBuilder;
//!
//! #[dataflow]
//! pub mod numbers {
//!     pub async fn double(single: u64) -> u64 {
//!         2 * single
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A function is the shortest layer. It logs before each call.
//! let log = ServiceBuilder::new().map_request(|call: NodeCall| {
//!     eprintln!("{} calls {}", call.run(), call.id());
//!     call
//! });
//! let driver = AsyncDriver::builder().with_dataflow(numbers::dataflow()).with_layer(log).build()?;
//! assert_eq!(driver.execute::<numbers::double>(inputs! { single: 21_u64 }).await?, 42);
//! # fn is_service<S: Service<NodeCall>>() {}
//! # is_service::<NodeService>();
//! # Ok(())
//! # }
//! ```
