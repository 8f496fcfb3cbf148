use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;

use crate::code;
use crate::span;

/// A fault in the source of a dataflow.
///
/// The macros emit it as an error of the compiler, the linter as a finding: both with this message, help and location.
///
/// # Examples
/// ```
/// use icosian_syntax::FunctionKind;
/// use quote::quote;
///
/// let function = quote! { #[node] pub fn count<T>(samples: &[T]) -> usize { samples.len() } };
/// let faults = icosian_syntax::check_node(function, 0, FunctionKind::Free);
/// assert_eq!(faults[0].code, "ICO0011");
/// assert_eq!(faults[0].message, "node `count` has the generic type `T`, but the graph passes no type arguments");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fault {
    /// `ICO` and four digits.
    pub code: &'static str,
    /// The fault: a fragment in lower case, without a full stop and without advice.
    pub message: String,
    /// The advice. It begins with a verb.
    pub help: Option<String>,
    /// The first and the last token that the fault is about.
    pub span: (Span, Span),
    /// The text beside that span in the linter's report; empty if the message suffices.
    pub label: String,
    /// Related locations.
    pub related: Vec<Related>,
    /// A change of the source that resolves the fault.
    pub fix: Option<FaultFix>,
    /// The tools that report the fault.
    pub emission: Emission,
}

/// The tools that report a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emission {
    /// The macros and the linter report the fault.
    Error,
    /// Only the linter reports the fault: the code compiles, or the compiler reports it with its own error.
    Lint,
}

/// A location that a fault refers to.
#[derive(Clone, Debug)]
pub struct Related {
    /// The first and the last token.
    pub span: (Span, Span),
    /// The text beside it.
    pub label: String,
}

/// A change of the source that resolves a fault.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FaultFix {
    /// The change, as a fragment that begins with a verb.
    pub title: String,
    /// The first and the last token that change.
    pub span: (Span, Span),
    /// The kind of change.
    pub edit: FaultEdit,
}

/// A kind of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultEdit {
    /// Replaces the tokens. The code may behave differently afterwards.
    Replace(String),
    /// Removes the tokens.
    Remove,
    /// Moves the tokens below the related location of this index.
    MoveBelow(usize),
}

impl Fault {
    pub(crate) fn new(
        code: &'static str,
        tokens: impl ToTokens,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            help: Some(help.into()),
            span: span::ends(tokens),
            label: String::new(),
            related: Vec::new(),
            fix: None,
            emission: Emission::Error,
        }
    }

    /// Takes the message, the help and the location from an error of [`invalid`] or of the parser.
    pub(crate) fn from_error(code: &'static str, error: syn::Error) -> Self {
        let mut texts = error.into_iter();
        let message = texts.next().expect("an error has a message");
        // The last token of an invocation carries the end of the span; `Error::span` has only the start on stable.
        let fault = Self::new(code, message.to_compile_error(), message.to_string(), String::new());
        Self { help: texts.next().map(|help| help.to_string()), ..fault }
    }

    /// Restricts the fault to the linter.
    pub(crate) fn lint(&mut self) -> &mut Self {
        self.emission = Emission::Lint;
        self
    }

    pub(crate) fn labelled(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = label.into();
        self
    }

    pub(crate) fn also(&mut self, span: (Span, Span), label: impl Into<String>) -> &mut Self {
        self.related.push(Related { span, label: label.into() });
        self
    }

    pub(crate) fn fix(&mut self, title: impl Into<String>, span: (Span, Span), edit: FaultEdit) {
        self.fix = Some(FaultFix { title: title.into(), span, edit });
    }

    /// Writes the `compile_error!`, at the fault's tokens.
    pub(crate) fn written(&self) -> TokenStream {
        let mut text = format!("{} [{}]", self.message, self.code);
        if let Some(help) = &self.help {
            text = format!("{text}\nhelp: {help}");
        }
        let (first, last) = self.span;
        let text = quote_spanned!(last=> { #text });
        quote_spanned!(first=> ::core::compile_error! #text)
    }
}

/// Returns the error for an invalid argument. The help is a second error, combined with the first.
pub(crate) fn invalid(
    tokens: impl ToTokens,
    message: impl Into<String>,
    help: impl Into<String>,
) -> syn::Error {
    let tokens = tokens.to_token_stream();
    let mut error = syn::Error::new_spanned(&tokens, message.into());
    error.combine(syn::Error::new_spanned(&tokens, help.into()));
    error
}

/// Returns the error for an invalid or missing token at the start of `input`.
pub(crate) fn invalid_next(input: ParseStream<'_>, message: &str, help: &str) -> syn::Error {
    let mut error = input.error(message);
    error.combine(input.error(help));
    error
}

/// Returns the fault of a decorator above `#[node]`.
pub(crate) fn above_node(decorator: &str, tokens: impl ToTokens) -> Fault {
    let message = format!("`#[{decorator}]` is above `#[node]`, which only reads the attributes below it");
    Fault::new(code::DECORATOR_ABOVE_NODE, tokens, message, format!("move `#[{decorator}]` below `#[node]`"))
}
