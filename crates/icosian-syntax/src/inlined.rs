//! The forms of the decorators that compiled dataflows support.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, Path};

/// The effect of a decorator on a function that is called without a driver.
pub(crate) enum Inlined<'a> {
    /// Metadata, or the absence of a node.
    Nothing,
    /// Parts of the output become nodes.
    Parts(Vec<(String, Accessor<'a>)>),
    /// Outputs are validated: an expression for each validator, and the importance of all of them.
    Checks { validators: Vec<TokenStream>, importance: Option<TokenStream> },
    /// The call is repeated after a failure.
    Retry { waits: RetryWaits },
    /// The call has a time limit.
    Timeout,
    /// An error is replaced by a value.
    FallbackValue(&'a Expr),
    /// An error is replaced by the output of a closure.
    FallbackWith(&'a Expr),
    /// An error is replaced by the output of a function.
    FallbackFunction(&'a Path),
}

/// The waits of a decorator between calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryWaits {
    Never,
    Sometimes,
}

/// The access to a part of an output.
#[derive(Clone)]
pub(crate) enum Accessor<'a> {
    /// A field or a position.
    Member(TokenStream),
    /// The key of a map, and the value of a missing key.
    Key { name: String, missing: Option<&'a Expr> },
}

impl Accessor<'_> {
    pub(crate) fn member(member: impl ToTokens) -> Self {
        Self::Member(member.to_token_stream())
    }
}
