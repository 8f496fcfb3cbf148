//! Turns plain functions, sync and async, into checked, fast dataflow graphs.
//!
//! A function's name is a node; its parameters' names are the edges. Write the functions, add [`#[dataflow]`](macro@dataflow) to
//! their module, build a driver once, and request outputs. The driver runs only the nodes that the outputs need, each node once,
//! and async nodes concurrently.
//!
//! ```
//! use icosian::prelude::*;
//!
//! #[dataflow]
//! pub mod welcome {
//!     /// Pretends to ask a database.
//!     pub async fn name(user_id: u64) -> std::io::Result<String> {
//!         Ok(format!("user {user_id}"))
//!     }
//!
//!     /// Runs beside `name`, because neither reads the other.
//!     pub async fn mood(#[default(true)] sunny: bool) -> &'static str {
//!         if sunny { "bright" } else { "grey" }
//!     }
//!
//!     pub fn greeting(name: &str, mood: &str) -> String {
//!         format!("A {mood} day, {name}!")
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder().with_dataflow(welcome::dataflow()).build()?;
//!
//! let text: String = driver.execute::<welcome::greeting>(inputs! { user_id: 7_u64 }).await?;
//! assert_eq!(text, "A bright day, user 7!");
//!
//! let overridden = inputs! {}.overriding::<welcome::name>("Ada".to_owned());
//! assert_eq!(driver.execute::<welcome::greeting>(overridden).await?, "A bright day, Ada!");
//! # Ok(())
//! # }
//! ```
//!
//! The functions stay plain functions: a test can call `welcome::greeting("Ada", "bright")`.
//!
//! This crate contains no logic. It re-exports the parts that most users need. Each part is a separate crate:
//!
//! | task | item |
//! |---|---|
//! | write and execute dataflows | this crate; [`prelude`] has the usual names |
//! | learn the forms of functions, inputs and errors | [`guide`] |
//! | query dependencies and plans | [`graph`] (`icosian-graph`) |
//! | write an adapter | [`adapter`] (`icosian-adapter`) |
//! | decorate nodes without a macro, or write a decorator | [`decorators`] (`icosian-decorators`) |
//! | create nodes without a macro | [`Node`] and [`Outline`] (`icosian-core`) |
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `macros` | yes | `#[dataflow]`, `#[node]` and the attributes of the decorators |
//! | `tokio` | yes | `TokioAdapter`; without it, an [`AsyncDriver`] needs an explicit adapter ([`AsyncDriver::under`]) |
//! | `json` | yes | `JsonObject` and JSON inputs |
//! | `rayon` | no | `RayonAdapter`, which runs sync nodes on all cores |
//! | `check` | no | `assert_lint_clean!`, which checks dataflows in tests |

#[cfg(feature = "macros")]
pub use icosian_macros::{dataflow, node};

pub use icosian_adapter::{ErrorPolicy, Hook, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo};
pub use icosian_core::node::{Asyncness, NodeFn, Outputs, Placement};
pub use icosian_core::run::{Cancelled, FallbackFailed, Group, ReturnedError, RunId};
pub use icosian_core::value::{FromText, ValueType};
pub use icosian_core::{
    AdapterSpec, BoxError, Dataflow, Handle, Name, Node, NodeError, Outline, Output, Param, RunContext,
    Value, nodes,
};
pub use icosian_diagnostics::{Diagnostics, Location, Spanned};
pub use icosian_driver::{
    AsyncDriver, BuildError, BuildErrorKind, Builder, Config, Driver, ExecuteError, Failures, Input,
    InputRole, Inputs, IntoInputs, LikelyCause, NamedValues, Prepared, RequestError, RequestErrorKind,
    ResultBuilder, RunError, config, inputs,
};
#[cfg(feature = "json")]
pub use icosian_driver::{JsonInputs, JsonObject};

/// The graph of a dataflow: names, types, order and plans (`icosian-graph`).
pub mod graph {
    pub use icosian_graph::*;
}

/// The decorators of functions (`icosian-decorators`), and the types to write custom decorators.
pub mod decorators {
    #[cfg(feature = "macros")]
    pub use crate::attributes::*;
    pub use icosian_core::decorator::{Verdict, judge};
    pub use icosian_core::node::{Args, Body, Decoration, Function, HeldArgs, ParamDefault, Role, Task};
    pub use icosian_core::run::Attempts;
    pub use icosian_core::value::{Alias, Arena, Cell, Constant, Projection, Slot};
    pub use icosian_core::{Caps, Config, RunContext};
    pub use icosian_decorators::*;
}

/// The adapters, and the contract to write one (`icosian-adapter`).
pub mod adapter {
    pub use icosian_adapter::*;
    pub use icosian_core::AdapterSpec;
    pub use icosian_core::run::{Limiter, Permit};
    #[cfg(feature = "rayon")]
    pub use icosian_rayon::RayonAdapter;
    #[cfg(feature = "tokio")]
    pub use icosian_tokio::TokioAdapter;
}

/// Checks of dataflows before they run (`icosian-check`).
#[cfg(feature = "check")]
pub mod check {
    pub use icosian_check::*;
}
#[cfg(feature = "check")]
pub use icosian_check::assert_lint_clean;

/// The usual imports of files that define or execute dataflows.
///
/// Decorators need no import: `#[dataflow]` and `#[node]` consume the attributes. Elsewhere, import them from [`decorators`].
///
/// ```
/// use icosian::prelude::*;
/// ```
pub mod prelude {
    #[cfg(feature = "json")]
    pub use crate::JsonObject;
    pub use crate::{
        AsyncDriver, BuildError, Config, Dataflow, Driver, ErrorPolicy, ExecuteError, Handle, Hook, Input,
        Inputs, NamedValues, NodeEnd, NodeInfo, Prepared, RequestError, ResultBuilder, RunContext, RunError,
        config, inputs, nodes,
    };
    #[cfg(feature = "macros")]
    pub use crate::{dataflow, node};
    #[cfg(feature = "rayon")]
    pub use icosian_rayon::RayonAdapter;
    #[cfg(feature = "tokio")]
    pub use icosian_tokio::TokioAdapter;
}

#[cfg(feature = "macros")]
mod attributes;
pub mod guide;

/// The items that generated code uses. Not a public API.
#[doc(hidden)]
pub mod __private {
    pub use icosian_core::decorator::*;
    pub use icosian_core::node::*;
    pub use icosian_core::run::*;
    pub use icosian_core::value::*;
    pub use icosian_core::*;
    pub use icosian_decorators::*;
    pub use icosian_diagnostics::{Diagnostics, Location};
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod workspace_readme {}
