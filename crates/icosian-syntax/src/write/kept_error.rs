//! Errors of fallible functions, which keep their type.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::known::fallible;
use crate::model::{NodeSource, OutputSource};

/// Returns the return type if it is a `Result`.
pub(crate) fn result(node: &NodeSource) -> Option<&OutputSource> {
    node.gives.as_ref().filter(|gives| gives.fallible)
}

/// Writes the lookup of the function that keeps an error.
///
/// A report, such as an `anyhow::Error`, is not boxed: the error inside the box could not be downcast.
pub(crate) fn keep(gives: &OutputSource, span: Span, door: &TokenStream) -> TokenStream {
    let error = fallible(gives, "Error", door);
    quote_spanned! {span=>
        #[allow(unused_imports, reason = "used where the error is a report")]
        use #door::KeepReport as _;
        let keep = #door::ErrorReport::<#error>::new().keep();
    }
}
