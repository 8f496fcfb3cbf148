//! The attributes of icosian: `#[dataflow]` on a module, `#[node]` on a function, and the decorators of functions.
//!
//! This crate only forwards to `icosian-syntax`, a normal crate that parses and validates the source, generates the code,
//! and contains the unit tests. Users import the attributes from `icosian`.

#![cfg_attr(docsrs, feature(doc_cfg))]

use proc_macro::TokenStream;

/// Turns a module into a dataflow: each `pub fn` is a node, and parameter names are edges.
///
/// A function computes the node with the function's name. A parameter reads the node or input with the parameter's name.
/// The functions themselves stay unchanged and callable. The macro adds a handle for each node, a type with the node's name
/// and the visibility of the module, and a function `dataflow()` that returns all nodes. A function without `pub` is a
/// helper; restricted visibilities such as `pub(crate)` are rejected. A conditional node has a `#[cfg(..)]`; a `cfg` inside
/// `#[cfg_attr(..)]` is rejected.
///
/// # Parameters
///
/// - `&T` borrows the value. It also reads a `&str` from a `String`, a `&[T]` from a `Vec<T>` and, from a node of the same
///   module, any type that implements [`Borrow<T>`](std::borrow::Borrow).
/// - `T` consumes the value. The last use moves it; earlier uses clone it.
/// - `Option<&T>` and `Option<T>` are `None` if no node or input provides the value.
/// - `#[default(value)]` before a parameter sets the value if no node or input provides it. In an `async fn`, the default
///   may use `.await`. For `&T` the default is a `T` or a reference: `#[default(&[])] weights: &[f64]`.
///
/// A string literal in an attribute converts to the expected type: `String`, `&'static str`, `Box<str>`, `Arc<str>`,
/// `Cow<'static, str>`, `PathBuf`, `OsString`, or an `Option` of these.
///
/// # Types
///
/// A node whose return type is named `Result` may fail. The macro recognizes `Option` and `Result` by the last segment of
/// the path. A custom type with one of these names is therefore treated like the standard type, and an alias with another
/// name is treated like an ordinary type. Handles are types. If a node has the name of a crate or type that the module uses
/// (`serde`, `str`), the handle shadows that crate or type.
///
/// If a parameter reads a node of the same module, the compiler checks that the types match and reports a mismatch at the
/// parameter.
///
/// The output must not be a future: `JoinHandle<T>`, `Ready<T>`, or an `Option`, `Result`, `Vec` or array of futures is a
/// compile error. Await the future in an `async fn`. A struct with a future in a field is accepted.
///
/// # Macros
///
/// Arguments of all attributes may be fragments of a `macro_rules!` macro, such as `#[timeout($limit)]`. A macro may
/// generate the whole module, or `#[node]` functions. A macro *call* inside the module is expanded after `#[dataflow]`, so
/// the functions that it generates are not nodes. Write `#[node]` above them inside the macro, and add them with
/// [`nodes!`](https://docs.rs/icosian/latest/icosian/macro.nodes.html).
///
/// A module can import a decorator under another name: `use icosian::decorators::retry as again;`.
///
/// # Declared outputs
///
/// `#[dataflow(outputs(report))]` declares the public outputs. For each, the macro generates a struct with exactly the inputs that the
/// output needs: `execute::<flow::report>(flow::ReportInputs { .. })`. Inputs with a default and optional inputs are an `Option`.
///
/// - `inputs(name: Type)` sets the type of a field. If the list ends with `..`, the macro also accepts decorators that may
///   read inputs which the macro cannot see.
/// - `provided(name)` omits an input that the driver provides: a shared input, a config value, or a node of another
///   dataflow.
///
/// The guide of `icosian` (`guide::declared_outputs`) has more details.
///
/// # Options
///
/// - `#[dataflow(name = "text")]` sets the name of the dataflow. The default is the name of the module.
/// - `#[dataflow(crate = path::to::icosian)]` sets the path of `icosian`. A dependency that `Cargo.toml` renames needs no
///   path.
/// - `#[dataflow(allow(rule, reason = "text"))]` suppresses a rule of `cargo icosian lint` in the module.
///   `#[node(allow(..))]` above a function suppresses a rule for this function.
///
/// # Examples
/// ```
/// use icosian::dataflow;
///
/// #[dataflow(name = "numbers")]
/// pub mod statistics {
///     /// The mean of all samples.
///     pub fn mean(samples: &[f64]) -> f64 {
///         samples.iter().sum::<f64>() / samples.len() as f64
///     }
///
///     pub async fn label(mean: f64, #[default("mean")] title: &str, unit: Option<&str>) -> String {
///         format!("{title} {mean:.1}{}", unit.unwrap_or_default())
///     }
/// }
///
/// let dataflow = statistics::dataflow();
/// assert_eq!(dataflow.name(), &"numbers");
/// let nodes: Vec<_> = dataflow.nodes().collect();
/// assert_eq!(nodes[0].outline().documentation(), "The mean of all samples.");
/// assert_eq!(
///     nodes[1].outline().to_string(),
///     "async label(mean: f64, title: &str, unit: Option<&str>) -> String",
/// );
/// ```
#[proc_macro_attribute]
pub fn dataflow(options: TokenStream, module: TokenStream) -> TokenStream {
    icosian_syntax::dataflow(options.into(), module.into()).into()
}

/// Turns a function outside a `#[dataflow]` module into a node; `nodes![a, b]` lists such functions.
///
/// Parameters and return types have the same meaning as in a [`macro@dataflow`] module. Edges between `#[node]` functions
/// are checked when a driver is built, not by the compiler.
///
/// # Options
///
/// - `#[node(crate = path::to::icosian)]` sets the path of `icosian`. The default is `::icosian`.
/// - `#[node(allow(rule, reason = "text"))]` suppresses a rule of `cargo icosian lint` for the function.
///
/// # Examples
/// ```
/// use icosian::node;
///
/// #[node]
/// pub fn mean(samples: &[f64]) -> f64 {
///     samples.iter().sum::<f64>() / samples.len() as f64
/// }
///
/// assert_eq!(mean(&[1.0, 3.0]), 2.0);
/// let node = <mean as icosian::__private::NodeFn>::node();
/// assert_eq!(node.outline().to_string(), "mean(samples: &[f64]) -> f64");
/// ```
#[proc_macro_attribute]
pub fn node(options: TokenStream, function: TokenStream) -> TokenStream {
    icosian_syntax::node(options.into(), function.into()).into()
}

// The attributes of decorators. `#[dataflow]` and `#[node]` remove the decorators that they apply, so the compiler calls
// these functions only for misplaced attributes, and they report an error.
include!("generated.rs");

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
