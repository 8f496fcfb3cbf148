//! How a dataflow looks in source: what `#[dataflow]` and `#[node]` read, refuse and write.
//!
//! Tokens go in, tokens come out: functions are read into a model, everything wrong with them is collected, and the
//! code that makes nodes of them is written beside them. The functions themselves stay as they are.
//!
//! This crate deliberately does not know what a type is (it sees names only: the code that it writes lets the compiler
//! compare types), does not look into function bodies, and is no proc macro, so that it can be used and tested without
//! a compiler. The attributes themselves are in `icosian-macros`; what the written code calls is in `icosian-core`.
//!
//! ```
//! use quote::quote;
//!
//! let written = icosian_syntax::dataflow(
//!     quote!(),
//!     quote! {
//!         pub mod statistics {
//!             pub fn mean(samples: &[f64]) -> f64 {
//!                 samples.iter().sum::<f64>() / samples.len() as f64
//!             }
//!         }
//!     },
//! );
//! assert!(written.to_string().contains("impl :: icosian :: __private :: NodeFn for mean"));
//! ```

mod refusals;
mod span;
mod text;

mod dependency;
mod options;

mod decorator;
mod read;

mod known;

mod check;
mod write;

pub use decorator::duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use options::Options;
use refusals::Refusals;

/// Returns what `#[dataflow(options)]` makes of `module`: the module with, for each of its `pub fn`s, the node's handle,
/// and with a function `dataflow()` that returns them all.
///
/// What is wrong with the module becomes one `compile_error!` for each fault, each at the tokens that it is about; the
/// module is still there, so that nothing else fails for want of it.
///
/// # Examples
/// ```
/// use quote::quote;
///
/// let module = quote! { pub mod empty { fn helper() {} } };
/// let written = icosian_syntax::dataflow(quote!(), module).to_string();
/// assert!(written.contains("pub mod empty"));
/// assert!(written.contains("dataflow `empty` has no nodes"));
/// ```
#[must_use]
pub fn dataflow(options: TokenStream, module: TokenStream) -> TokenStream {
    let mut refusals = Refusals::default();
    let options = Options::read(options, &["allow", "crate", "name"], &mut refusals);
    let written = match read::module(module.clone(), &options, &mut refusals) {
        Some((mut module, mut flow)) => {
            let door = options.door();
            let known = check::flow(&mut flow, &door, &mut refusals);
            let written = write::flow(module.name(), &flow, &known, &door);
            module.fill(&written);
            module.into_token_stream()
        }
        None => module,
    };
    let refusals = refusals.into_tokens();
    quote!(#written #refusals)
}

/// Returns what `#[node(options)]` makes of `function`: the function, and the node's handle beside it.
///
/// Faults are told as [`dataflow()`] tells them.
///
/// # Examples
/// ```
/// use quote::quote;
///
/// let function = quote! { pub async fn rates(url: &str) -> u64 { 3 } };
/// let written = icosian_syntax::node(quote!(), function).to_string();
/// assert!(written.contains("pub async fn rates (url : & str) -> u64 { 3 }"));
/// assert!(written.contains("pub struct rates { }"));
/// ```
#[must_use]
pub fn node(options: TokenStream, function: TokenStream) -> TokenStream {
    let mut refusals = Refusals::default();
    let options = Options::read(options, &["allow", "crate"], &mut refusals);
    let written = match read::function(function.clone(), &options, &mut refusals) {
        Some((function, mut flow)) => {
            let door = options.door();
            let known = check::flow(&mut flow, &door, &mut refusals);
            let nodes = write::nodes(&flow, &known, &door);
            quote!(#function #nodes)
        }
        None => function,
    };
    let refusals = refusals.into_tokens();
    quote!(#written #refusals)
}

/// Returns what the attribute of the decorator `name` makes of the `item` below it, when neither `#[dataflow]` nor `#[node]`
/// has read it: the item, and an error that says where the attribute belongs.
///
/// # Examples
/// ```
/// use quote::quote;
///
/// let written = icosian_syntax::decorator("retry", quote! { struct Rates; }).to_string();
/// assert!(written.contains("struct Rates ;"));
/// assert!(written.contains("`#[retry]` decorates nodes; write it above a function of a `#[dataflow]` module"));
/// ```
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "all attributes take and give tokens alike")]
pub fn decorator(name: &str, item: TokenStream) -> TokenStream {
    decorator::misplaced(name, &item)
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
