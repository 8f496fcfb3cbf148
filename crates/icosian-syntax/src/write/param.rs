use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, Ident, Type};

use super::default::{DefaultValue, HeldDefault, span_of};
use super::place;
use crate::known::Producer;
use crate::model::{NodeSource, ParamSource, WrittenForm};
use crate::span;
use crate::text;
use crate::written_type::{bare, ends_with};

/// Writes the code for one parameter.
pub(crate) struct ParamWriter<'a> {
    pub(crate) node: &'a NodeSource,
    pub(crate) param: &'a ParamSource,
    pub(crate) position: usize,
    /// The node of the same module with the parameter's name.
    pub(crate) producer: Option<&'a Producer<'a>>,
    pub(crate) door: &'a TokenStream,
}

impl ParamWriter<'_> {
    /// Writes the constant description of the parameter.
    pub(crate) fn declared(&self) -> TokenStream {
        let (door, wanted, name) = (self.door(), self.wanted(), &self.param.name);
        let span = self.span();
        let cloner = self.cloner();
        let declared = match self.param.form {
            WrittenForm::Borrowed => quote_spanned!(span=> borrowed::<#wanted>(#name)),
            WrittenForm::Taken => quote_spanned!(span=> taken::<#wanted>(#name, #cloner)),
            WrittenForm::OptionalBorrowed => quote_spanned!(span=> optional_borrowed::<#wanted>(#name)),
            WrittenForm::OptionalTaken => quote_spanned!(span=> optional_taken::<#wanted>(#name, #cloner)),
            WrittenForm::Result => quote_spanned!(span=> result::<#wanted>(#name)),
        };
        let or_default = self.param.default.as_ref().map(|default| self.default(default));
        let place = place::of(&self.param.ident).map(|place| quote_spanned!(span=> .at(#place)));
        let collecting = self.param.collection.as_ref().map(|collection| {
            let unordered = collection.is_unordered.then(|| quote_spanned!(span=> .unordered()));
            quote_spanned!(span=> .collecting(#door::probe::Probe::<#wanted>::COLLECTION #unordered))
        });
        let param = |via| quote_spanned!(span=> #door::generated::StaticParam::#declared #via #or_default #collecting #place);
        let has_edge = matches!(self.param.form, WrittenForm::Borrowed | WrittenForm::Result)
            && self.param.collection.is_none();
        let Some(producer) = self.producer.filter(|_| has_edge) else {
            return param(None);
        };
        let given = self.given(producer);
        let with_edge = param(Some(quote_spanned!(span=> .via::<#given>())));
        let Some(cfg) = &producer.cfg else { return with_edge };
        let without = param(None);
        quote_spanned! {span=>
            #[cfg(#cfg)]
            #with_edge,
            #[cfg(not(#cfg))]
            #without
        }
    }

    /// Writes the output type of the node that the parameter reads, at the parameter's type.
    fn given(&self, producer: &Producer<'_>) -> TokenStream {
        let (first, last) = span::ends(&self.param.written);
        let (door, producer) = (span::at(first, self.door), at(producer.ident, first));
        let output = Ident::new("Output", last);
        quote_spanned!(first=> <#producer as #door::Handle>::#output)
    }

    /// Writes the check that the parameter collects results of the type of the node that it reads.
    pub(crate) fn collects(&self) -> Option<TokenStream> {
        let element = self.param.collection.as_ref()?.element.as_ref()?;
        let producer = self.producer?;
        let given = self.given(producer);
        let cfg = producer.cfg.as_ref().map(|cfg| quote!(#[cfg(#cfg)]));
        let (first, last) = span::ends(&self.param.written);
        let door = span::at(first, self.door);
        let (producer, consumer) = (at(producer.ident, first), at(&self.node.ident, first));
        let fits = Ident::new("FITS", last);
        Some(quote_spanned! {first=>
            #cfg
            const _: () = <#given as #door::FeedsCollection<#producer, #consumer, #element>>::#fits;
        })
    }

    /// Writes the type of the argument, or the function that reads a borrowed one, so that the compiler checks the edge from the
    /// node that the parameter reads. An error underlines the parameter's type.
    fn edge(&self, producer: &Producer<'_>) -> TokenStream {
        let (wanted, given) = (self.wanted(), self.given(producer));
        let (first, last) = span::ends(&self.param.written);
        let door = span::at(first, self.door);
        let (producer, consumer) = (at(producer.ident, first), at(&self.node.ident, first));
        let (name, item) = match self.param.form {
            WrittenForm::Borrowed if self.node.is_async => ("Feeds", "BORROW_LEASED"),
            WrittenForm::Borrowed => ("Feeds", "BORROW"),
            WrittenForm::Taken => ("FeedsValue", "Wanted"),
            WrittenForm::OptionalBorrowed => ("FeedsOption", "Wanted"),
            WrittenForm::OptionalTaken => ("FeedsOptionValue", "Wanted"),
            WrittenForm::Result if self.node.is_async => ("Feeds", "RESULT_LEASED"),
            WrittenForm::Result => ("Feeds", "RESULT"),
        };
        let (name, item) = (Ident::new(name, first), Ident::new(item, last));
        quote_spanned!(first=> <#given as #door::#name<#producer, #consumer, #wanted>>::#item)
    }

    /// Writes the default as a value that the driver can create, for decorators that replace the body.
    ///
    /// A default that awaits, or that borrows a value without an owned type, stays in the body.
    fn default(&self, written: &Expr) -> TokenStream {
        let (door, wanted, span) = (self.door(), self.wanted(), self.span());
        let (held_type, default, holds) = if self.param.form == WrittenForm::Borrowed {
            self.default_value().borrowed(written)
        } else {
            (
                Some(quote_spanned!(span=> : #wanted)),
                text::converted(written, None, self.door),
                HeldDefault::Value,
            )
        };
        let has_owned = ["str", "Path", "OsStr"].iter().any(|name| ends_with(wanted, name));
        if awaits(default.clone()) || (holds == HeldDefault::Reference && !has_owned) {
            return quote_spanned!(span=> .or_default());
        }
        let value = match (holds, bare(wanted)) {
            (HeldDefault::Reference, _) => quote_spanned!(span=> {
                let default #held_type = #default;
                let default: &#wanted = default;
                ::std::borrow::ToOwned::to_owned(default)
            }),
            // Slices are read from vectors.
            (HeldDefault::Value, Type::Slice(_)) if is_array(written) => quote_spanned!(span=> {
                let default = ::std::vec::Vec::from(#default);
                let _: &#wanted = &default;
                default
            }),
            (HeldDefault::Value, _) => quote_spanned!(span=> {
                let default #held_type = #default;
                let _: &#wanted = &default;
                default
            }),
        };
        quote_spanned!(span=> .with_default(|| #door::ParamDefault::new(|| #value)))
    }

    /// Writes the statement that consumes the argument, unless it is borrowed.
    pub(crate) fn taken(&self) -> Option<TokenStream> {
        let (local, position, cloner, span) = (self.local(), self.position, self.cloner(), self.span());
        match self.param.form {
            WrittenForm::Borrowed | WrittenForm::OptionalBorrowed | WrittenForm::Result => None,
            WrittenForm::Taken => Some(self.by_edge(|wanted, _| {
                let take = quote_spanned!(span=> args.take_with::<#wanted>(#position, #cloner));
                let take = if self.param.default.is_none() { take } else { self.if_provided(&take) };
                quote_spanned!(span=> let #local = #take;)
            })),
            WrittenForm::OptionalTaken => Some(self.by_edge(|wanted, _| {
                let (door, of) = (self.door(), self.wanted());
                let of_option = quote_spanned!(span=> #door::probe::Probe::<#of>::OPTION_CLONER);
                quote_spanned! {span=>
                    let #local = args.take_optional_with::<#wanted>(#position, #cloner, #of_option);
                }
            })),
        }
    }

    /// Writes the statement that borrows the argument, unless it is consumed. A future borrows it from `leased`.
    pub(crate) fn read(&self) -> Option<TokenStream> {
        if !self.is_borrowed() {
            return None;
        }
        let (local, position, span) = (self.local(), self.position, self.span());
        let is_optional = self.param.form == WrittenForm::OptionalBorrowed;
        let args = self.source();
        Some(self.by_edge(|of, has_edge| {
            let read = if has_edge && !is_optional {
                let args = if self.node.is_async {
                    quote_spanned!(span=> &#args)
                } else {
                    quote_spanned!(span=> #args)
                };
                quote_spanned!(span=> (#of)(#args, #position))
            } else {
                let method = match self.param.form {
                    WrittenForm::OptionalBorrowed => "borrow_optional",
                    WrittenForm::Result => "result",
                    _ => "borrow",
                };
                let method = Ident::new(method, span);
                quote_spanned!(span=> #args.#method::<#of>(#position))
            };
            let read =
                if self.param.default.is_none() || is_optional { read } else { self.if_provided(&read) };
            quote_spanned!(span=> let #local = #read;)
        }))
    }

    /// Returns whether the function borrows the argument.
    pub(crate) fn is_borrowed(&self) -> bool {
        self.param.form.is_borrowed()
    }

    /// Returns the variable that a borrowed argument is read from.
    fn source(&self) -> Ident {
        let name = if self.node.is_async && self.is_borrowed() { "leased" } else { "args" };
        Ident::new(name, self.span())
    }

    /// Wraps `found` in an `Option` that is `None` if the parameter is not provided.
    fn if_provided(&self, found: &TokenStream) -> TokenStream {
        let (position, args) = (self.position, self.source());
        quote_spanned! {self.span()=>
            if #args.is_provided(#position) {
                ::core::option::Option::Some(#found)
            } else {
                ::core::option::Option::None
            }
        }
    }

    /// Writes the statement that replaces a parameter without a value by its default, if it has one.
    ///
    /// The statement precedes the call of the function, inside the future of an async node, so that the default may await.
    pub(crate) fn unwrapped(&self) -> Option<TokenStream> {
        let held = format_ident!("default_{}", self.position, span = self.span());
        self.default_value().or_default(&self.local(), &held)
    }

    fn default_value(&self) -> DefaultValue<'_> {
        DefaultValue { param: self.param, door: self.door }
    }

    /// Writes the argument of the call.
    pub(crate) fn argument(&self) -> TokenStream {
        let local = self.local();
        quote_spanned!(self.span()=> #local)
    }

    /// Writes a statement with the [edge](Self::edge), if the parameter reads a node of the module, and with the parameter's type
    /// otherwise. Writes both if a `#[cfg]` decides.
    fn by_edge(&self, statement: impl Fn(TokenStream, bool) -> TokenStream) -> TokenStream {
        let without = || statement(self.wanted().to_token_stream(), false);
        // A parameter that collects reads the results of a block, and not the output of one node.
        let Some(producer) = self.producer.filter(|_| self.param.collection.is_none()) else {
            return without();
        };
        let with_edge = statement(self.edge(producer), true);
        let Some(cfg) = &producer.cfg else { return with_edge };
        let without = without();
        quote! {
            #[cfg(#cfg)]
            #with_edge
            #[cfg(not(#cfg))]
            #without
        }
    }

    fn cloner(&self) -> TokenStream {
        let (door, wanted) = (self.door(), self.wanted());
        quote_spanned!(self.span()=> #door::probe::Probe::<#wanted>::CLONER)
    }

    fn door(&self) -> TokenStream {
        span::at(self.span(), self.door)
    }

    fn wanted(&self) -> &Type {
        &self.param.wanted
    }

    fn local(&self) -> Ident {
        format_ident!("param_{}", self.position, span = self.span())
    }

    fn span(&self) -> Span {
        span_of(self.param)
    }
}

/// Returns whether an array is written, or a reference to one.
fn is_array(written: &Expr) -> bool {
    match written {
        Expr::Reference(reference) => is_array(&reference.expr),
        Expr::Array(_) | Expr::Repeat(_) => true,
        _ => false,
    }
}

/// Returns whether `.await` is anywhere in the tokens. An `async` block that awaits counts too, which costs a default little.
fn awaits(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => awaits(group.stream()),
        TokenTree::Ident(ident) => ident == "await",
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn at(ident: &Ident, span: Span) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(ident.span().located_at(span));
    ident
}
