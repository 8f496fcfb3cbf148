//! The implementation of the macros: parses, checks and expands `#[dataflow]` modules and `#[node]` functions.
//!
//! Functions are parsed into a model, all faults of the model are collected as [`Fault`]s, and the code of the nodes is generated beside
//! the functions, which are not changed. The macros emit faults as errors of the compiler, and the linter reports the same faults as
//! findings.
//!
//! This crate resolves no types: it compares names, and the generated code lets the compiler compare types. It does not read function
//! bodies. It is not a proc macro, so it is tested without a compiler. The attributes are in `icosian-macros`, the documentation of the
//! rules in `icosian-rules`, and the items that generated code uses in `icosian-core`.
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

#![cfg_attr(docsrs, feature(doc_cfg))]

mod code;
mod fault;
mod faults;
mod span;
mod text;
#[doc(hidden)]
pub mod written_type;

mod declaration;
mod dependency;
mod inlined;
mod items;
mod options;

mod decorator;
mod read;

mod known;
mod known_nodes;
mod model;
mod outputs;
mod reads;

mod check;
mod compile;
mod connection;
mod write;

pub use code::codes;
pub use decorator::duration;
pub use fault::{Emission, Fault, FaultEdit, FaultFix, Related};
#[doc(hidden)]
pub use read::past_underscore;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Item, ItemFn, ItemMod, Meta};

use compile::Soundness;
use faults::Faults;
use options::AttributeOptions;

/// Expands `#[dataflow(options)]` on `module`: adds the handle of each `pub fn`, and a function `dataflow()` that returns all
/// nodes.
///
/// Each fault becomes a `compile_error!` at its tokens. The module is always part of the result, so that a fault causes no
/// further errors.
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
    let mut faults = Faults::default();
    let mut options = AttributeOptions::read(options, DATAFLOW_OPTIONS, &mut faults);
    options.find_facade();
    let item = parse(module.clone(), &mut faults);
    let declaration = std::mem::take(&mut options.declaration);
    let written = match item.and_then(|item| read::module(item, &options, &mut faults)) {
        Some((mut module, mut flow)) => {
            flow.declaration = declaration;
            let door = options.door();
            let known = check::flow(&mut flow, &door, &mut faults);
            let soundness = if faults.count() == 0 { Soundness::Sound } else { Soundness::Faulty };
            let written = write::flow(module.name(), &flow, &known, soundness, &door);
            module.fill(&written);
            module.into_token_stream()
        }
        None => module,
    };
    let faults = faults.written();
    quote!(#written #faults)
}

const DATAFLOW_OPTIONS: &[&str] = &["allow", "crate", "name", "outputs", "inputs", "provided", "compile"];

const NODE_OPTIONS: &[&str] = &["allow", "crate"];

fn parse(tokens: TokenStream, faults: &mut Faults) -> Option<Item> {
    syn::parse2(tokens).map_err(|error| faults.report_error(code::INVALID_DATAFLOW, error)).ok()
}

/// Returns the faults of a module. `dataflow` is the position of `#[dataflow]` among the module's attributes.
///
/// # Examples
/// ```
/// use quote::quote;
///
/// let module = quote! { #[dataflow] pub mod farm { pub fn hen(egg: &str) -> u8 { 1 } pub fn egg(hen: u8) -> u8 { 1 } } };
/// let faults = icosian_syntax::check_dataflow(module, 0);
/// assert_eq!(faults[0].message, "nodes read each other in a cycle: `hen` → `egg` → `hen`");
/// ```
#[must_use]
pub fn check_dataflow(module: TokenStream, dataflow: usize) -> Vec<Fault> {
    let mut faults = Faults::default();
    match syn::parse2::<ItemMod>(module) {
        Ok(mut module) => {
            let mut options = options_of(&module.attrs.remove(dataflow), DATAFLOW_OPTIONS, &mut faults);
            let declaration = std::mem::take(&mut options.declaration);
            if let Some((_, mut flow)) = read::module(Item::Mod(module), &options, &mut faults) {
                flow.declaration = declaration;
                check::flow(&mut flow, &options.door(), &mut faults);
            }
        }
        Err(error) => faults.report_error(code::INVALID_DATAFLOW, error),
    }
    faults.into_vec()
}

/// The kind of a function by the item around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function of a module.
    Free,
    /// A function of an `impl` or a `trait`.
    Associated,
}

/// Returns the faults of a function. `node` is the position of `#[node]` among the function's attributes.
///
/// # Examples
/// ```
/// use icosian_syntax::{FunctionKind, check_node};
/// use quote::quote;
///
/// let faults = check_node(quote! { #[tag(owner = "finance")] #[node] fn rate() -> ! { panic!() } }, 1, FunctionKind::Free);
/// let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
/// assert_eq!(codes, ["ICO0404", "ICO0009"]);
/// ```
#[must_use]
pub fn check_node(function: TokenStream, node: usize, kind: FunctionKind) -> Vec<Fault> {
    let mut faults = Faults::default();
    match syn::parse2::<ItemFn>(function) {
        Ok(mut function) => {
            let below = function.attrs.split_off(node + 1);
            let above = std::mem::replace(&mut function.attrs, below);
            decorator::check_above(&above, &mut faults);
            let options = options_of(&above[node], NODE_OPTIONS, &mut faults);
            let read = read::function(
                Item::Fn(function),
                |_| kind == FunctionKind::Associated,
                &options,
                &mut faults,
            );
            if let Some((_, mut flow)) = read {
                check::flow(&mut flow, &options.door(), &mut faults);
            }
        }
        Err(error) => faults.report_error(code::INVALID_DATAFLOW, error),
    }
    faults.into_vec()
}

fn options_of(attribute: &Attribute, known: &[&str], faults: &mut Faults) -> AttributeOptions {
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    AttributeOptions::read(tokens, known, faults)
}

/// Expands `#[node(options)]` on `function`: adds the node's handle. Faults become errors, as in [`dataflow()`].
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
    let mut faults = Faults::default();
    let mut options = AttributeOptions::read(options, NODE_OPTIONS, &mut faults);
    options.find_facade();
    let item = parse(function.clone(), &mut faults);
    let read = item.and_then(|item| read::function(item, read::is_associated, &options, &mut faults));
    let written = match read {
        Some((function, mut flow)) => {
            let door = options.door();
            let known = check::flow(&mut flow, &door, &mut faults);
            let nodes = write::nodes(&flow, &known, &door);
            quote!(#function #nodes)
        }
        None => function,
    };
    let faults = faults.written();
    quote!(#written #faults)
}

/// Expands the attribute of the decorator `name` where neither `#[dataflow]` nor `#[node]` has read it: returns the item and an
/// error with the attribute's right place.
///
/// # Examples
/// ```
/// use quote::quote;
///
/// let written = icosian_syntax::decorator("retry", quote! { struct Rates; }).to_string();
/// assert!(written.contains("struct Rates ;"));
/// assert!(written.contains("`#[retry]` decorates an item that is not a node [ICO0426]"));
/// ```
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the functions of all attributes have one signature")]
pub fn decorator(name: &str, item: TokenStream) -> TokenStream {
    decorator::misplaced(name, &item)
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
