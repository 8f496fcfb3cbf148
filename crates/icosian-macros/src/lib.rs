//! The attributes of icosian: `#[dataflow]` on a module, `#[node]` on a function, and the decorators of functions.
//!
//! This crate only forwards: what the attributes read, refuse and write is in `icosian-syntax`, which is a normal crate
//! and tested as one. Take the attributes from `icosian`.

use proc_macro::TokenStream;

/// Makes a dataflow of a module: each `pub fn` is a node, its name the node's, its parameters' names what it reads.
///
/// The functions stay as they are. Beside each stands its handle, a type of the function's name, and at the module's end
/// a function `dataflow()` that returns all nodes. A handle is seen as far as its module is. A function without `pub` is a
/// helper; `pub(crate)` and the like are refused, being neither. A node that is there only sometimes has a `#[cfg(..)]`,
/// not one inside `#[cfg_attr(..)]`. Parameters:
///
/// - `&T` borrows what the node or input of that name gives: also `&str` from a `String`, `&[T]` from a `Vec<T>`, and any
///   [`Borrow`](std::borrow::Borrow) from a node of the same module;
/// - `T` takes it, moved when this is its last use and cloned otherwise;
/// - `Option<&T>` and `Option<T>` do without it when nothing provides it;
/// - `#[default(value)]` before a parameter sets its value then; that of an `async fn` may `await`. For `&T` the value is a
///   `T` or a reference: `#[default(&[])] weights: &[f64]`.
///
/// A text literal in an attribute converts into the type that is expected there: `String`, `&'static str`, `Box<str>`,
/// `Arc<str>`, `Cow<'static, str>`, `PathBuf`, `OsString`, or an `Option` of these.
///
/// A return type that is called `Result` is that of a node which may fail. Both `Option` and `Result` are known by name,
/// the last of the type's path: a type of your own that is called so is taken for the standard one, and an alias of the
/// standard one for a plain type. As a handle is a type, a node that is named like a crate or a type which its module uses
/// (`serde`, `str`) hides that there. Where a parameter reads a node of the same
/// module, the compiler checks that the types fit, and tells it at the parameter.
///
/// The output must not be a future: `JoinHandle<T>`, `Ready<T>`, or an `Option`, `Result`, `Vec` or array of futures is a
/// compile error. Await the future in an `async fn`. A type of your own may hold one.
///
/// # Macros
///
/// Arguments of all attributes may be fragments of a `macro_rules!` macro, such as `#[timeout($limit)]`. A macro may write
/// the whole module, or `#[node]` functions. A macro *call* inside of the module is not expanded before `#[dataflow]` reads
/// the module: functions that the call writes are not nodes. Write `#[node]` above them inside the macro, and add them with
/// [`nodes!`](https://docs.rs/icosian/latest/icosian/macro.nodes.html).
///
/// A decorator may have another name if the module imports it: `use icosian::decorators::retry as again;`.
///
/// # Options
///
/// `#[dataflow(name = "text")]` names the dataflow, otherwise named after its module;
/// `#[dataflow(crate = path::to::icosian)]` sets the path of `icosian`. A dependency that `Cargo.toml` renames is found
/// without it;
/// `#[dataflow(allow(rule, reason = "text"))]` lets the module break a rule of `cargo icosian lint`, and so does
/// `#[node(allow(..))]` above one of its functions.
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

/// Makes a node of a function that stands outside a `#[dataflow]` module; `nodes![a, b]` lists them.
///
/// It reads as the functions of a [`macro@dataflow`] module do. What reads what across `#[node]` functions is checked when
/// a driver is built, not by the compiler.
///
/// Options: `#[node(crate = path::to::icosian)]` says where `icosian` is, if not at `::icosian`;
/// `#[node(allow(rule, reason = "text"))]` lets the function break a rule of `cargo icosian lint`.
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

// The attributes of decorators. `#[dataflow]` and `#[node]` read the attributes of functions in their place. The compiler calls
// one of these functions only for an attribute elsewhere, and they report that.
include!("generated.rs");

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
