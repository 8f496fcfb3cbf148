//! The attributes of icosian: `#[dataflow]` on a module, `#[node]` on a function.
//!
//! This crate only forwards: what the attributes read, refuse and write is in `icosian-syntax`, which is a normal crate
//! and tested as one. Users take both attributes from `icosian`.

use proc_macro::TokenStream;

/// Makes a dataflow of a module: each `pub fn` is a node, its name the node's, its parameters' names what it reads.
#[proc_macro_attribute]
pub fn dataflow(options: TokenStream, module: TokenStream) -> TokenStream {
    icosian_syntax::dataflow(options.into(), module.into()).into()
}

/// Makes a node of a function that stands outside a `#[dataflow]` module.
#[proc_macro_attribute]
pub fn node(options: TokenStream, function: TokenStream) -> TokenStream {
    icosian_syntax::node(options.into(), function.into()).into()
}
