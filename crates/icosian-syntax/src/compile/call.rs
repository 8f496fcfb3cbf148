//! Writes the call of a function with its decorators.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{Expr, Ident};

use super::graph::{CallArgument, FunctionCall, Root, SourceValue, ValuePart};
use super::inputs::InputPresence;
use super::module::{CompiledFunction, Wrap, WrapEffect};
use super::writer::{LocalKind, Locals, OutputWriter, local};
use crate::inlined::{Accessor, RetryWaits};
use crate::known::{gives_of, output_of};
use crate::model::{ExpandContext, NodeSource, WrittenForm};
use crate::span;
use crate::text;
use crate::write::default::{DefaultValue, span_of};
use crate::write::kept_error::{keep, result};

/// Writes a call where some variables exist.
pub(super) struct Caller<'c, 'w, 'a> {
    pub(super) writer: &'c OutputWriter<'w, 'a>,
    pub(super) call: usize,
    pub(super) locals: &'c Locals,
}

/// An expression for a call, with the decorators so far.
enum Layer {
    /// A `Result`.
    Outcome(TokenStream),
    /// A future of a `Result`.
    Future(TokenStream),
}

impl Layer {
    /// Returns the expression of a future.
    fn into_future(self) -> TokenStream {
        match self {
            Self::Future(future) => future,
            Self::Outcome(outcome) => quote_spanned!(Span::mixed_site()=> async move { #outcome }),
        }
    }
}

impl<'a> Caller<'_, '_, 'a> {
    fn call(&self) -> &FunctionCall<'a> {
        &self.writer.output.calls[self.call]
    }

    fn function(&self) -> &CompiledFunction<'a> {
        &self.writer.module.functions[self.call().function]
    }

    /// Writes the statements that call the function, check its outputs, and define the variable of its output.
    pub(super) fn statements(&self) -> TokenStream {
        let (span, node) = (Span::mixed_site(), local("node", self.call));
        let call = self.call();
        let sources: TokenStream = (0..call.arguments.len()).map(|at| self.source(at)).collect();
        let failing = self.writer.node(self.body_name());
        let value = if self.function().wraps.is_empty() {
            let defaults = self.defaults(call.source);
            let called = self.called(call.source);
            let called = if call.source.is_async { quote_spanned!(span=> #called.await) } else { called };
            if result(call.source).is_some() {
                let outcome = self.outcome(call.source, &called);
                quote_spanned!(span=> #defaults match #outcome {
                    ::core::result::Result::Ok(output) => output,
                    ::core::result::Result::Err(error) => return ::core::result::Result::Err(#failing.fail(error).into()),
                })
            } else {
                quote_spanned!(span=> #defaults #called)
            }
        } else {
            let outcome = match self.wrapped() {
                Layer::Outcome(outcome) => outcome,
                Layer::Future(future) => quote_spanned!(span=> #future.await),
            };
            quote_spanned!(span=> match #outcome {
                ::core::result::Result::Ok(output) => output,
                ::core::result::Result::Err(error) => return ::core::result::Result::Err(#failing.fail(error).into()),
            })
        };
        let checks = self.checks();
        quote_spanned! {span=>
            let #node = { #sources #value };
            #checks
        }
    }

    /// Returns the name of the node that runs the function.
    fn body_name(&self) -> &str {
        self.function().outputs.first().map_or(&self.call().source.name, |output| output.raw_name())
    }

    fn argument_local(&self, at: usize) -> Ident {
        let param = self.call().arguments[at].param;
        let mut ident = local("argument", at);
        ident.set_span(span_of(param));
        ident
    }

    /// Writes the statement that reads the argument at `at`.
    ///
    /// The variable has the type of the parameter, or an `Option` of it if the parameter has a default.
    fn source(&self, at: usize) -> TokenStream {
        let argument = &self.call().arguments[at];
        let (span, ident) = (span_of(argument.param), self.argument_local(at));
        let Some(value) = &argument.value else {
            let context = match argument.param.form {
                WrittenForm::Borrowed | WrittenForm::Result => quote_spanned!(span=> compiled_run.context()),
                WrittenForm::Taken => quote_spanned!(span=> compiled_run.context().clone()),
                WrittenForm::OptionalBorrowed => {
                    quote_spanned!(span=> ::core::option::Option::Some(compiled_run.context()))
                }
                WrittenForm::OptionalTaken => {
                    quote_spanned!(span=> ::core::option::Option::Some(compiled_run.context().clone()))
                }
            };
            return quote_spanned!(span=> let #ident = #context;);
        };
        let read = match &value.node {
            Some(_) => self.read_node(at, argument, value),
            None => self.read_input(at, argument, value),
        };
        quote_spanned!(span=> let #ident = #read;)
    }

    fn read_node(&self, at: usize, argument: &CallArgument<'_>, value: &SourceValue<'_>) -> TokenStream {
        let Some(node) = &value.node else { return TokenStream::new() };
        let (span, wanted, gives) = (span_of(argument.param), &argument.param.wanted, &node.gives);
        let door = span::at(span, self.writer.door);
        let (producer, consumer) = (&node.node.ident, &argument.function.ident);
        let place = self.place(value);
        let feeds = |name: &str, method: &str, value: TokenStream| {
            let (name, method) = (Ident::new(name, span), Ident::new(method, span));
            quote_spanned!(span=> <#gives as #door::#name<#producer, #consumer, #wanted>>::#method(#value))
        };
        let owned = || {
            if self.writer.ownership.is_moved(self.call, at) {
                return place.clone();
            }
            quote_spanned! {span=>
                <#gives as #door::compiled::SharedOutput<#producer, #consumer>>::share(&#place)
            }
        };
        let read = match argument.param.form {
            // `check` has reported the form `Result`.
            WrittenForm::Borrowed | WrittenForm::Result => {
                feeds("Feeds", "lend", quote_spanned!(span=> &#place))
            }
            WrittenForm::Taken => feeds("FeedsValue", "give", owned()),
            WrittenForm::OptionalBorrowed => {
                return feeds("FeedsOption", "lend_option", quote_spanned!(span=> &#place));
            }
            WrittenForm::OptionalTaken => return feeds("FeedsOptionValue", "give_option", owned()),
        };
        match argument.param.default {
            Some(_) => quote_spanned!(span=> ::core::option::Option::Some(#read)),
            None => read,
        }
    }

    fn read_input(&self, at: usize, argument: &CallArgument<'_>, value: &SourceValue<'_>) -> TokenStream {
        let Root::Input(input) = value.root else { return TokenStream::new() };
        let (span, wanted, consumer) =
            (span_of(argument.param), &argument.param.wanted, &argument.function.ident);
        let door = span::at(span, self.writer.door);
        let (place, presence) = (self.place(value), self.writer.field(input).presence);
        let given = &self.writer.field(input).value;
        let owned = || {
            if self.writer.ownership.is_moved(self.call, at) {
                return place.clone();
            }
            quote_spanned!(span=> #door::compiled::SharedInput::<#consumer>::share(&#place))
        };
        // The node that would produce the value is the consumer itself: an input has none.
        let feeds = |name: &str, method: &str| {
            let (name, method) = (Ident::new(name, span), Ident::new(method, span));
            quote_spanned!(span=> <#given as #door::#name<#consumer, #consumer, #wanted>>::#method)
        };
        let (read, value, is_option) = match argument.param.form {
            WrittenForm::Borrowed | WrittenForm::Result => {
                (quote_spanned!(span=> ::core::borrow::Borrow::<#wanted>::borrow), None, false)
            }
            WrittenForm::OptionalBorrowed => (feeds("FeedsOption", "lend_option"), None, true),
            WrittenForm::Taken => (feeds("FeedsValue", "give"), Some(owned()), false),
            WrittenForm::OptionalTaken => (feeds("FeedsOptionValue", "give_option"), Some(owned()), true),
        };
        let combine = Ident::new(if is_option { "and_then" } else { "map" }, span);
        match (presence, value) {
            (InputPresence::Sometimes, None) => {
                quote_spanned!(span=> #place.as_ref().#combine(|value| #read(value)))
            }
            (InputPresence::Sometimes, Some(value)) => {
                quote_spanned!(span=> #value.#combine(|value| #read(value)))
            }
            (InputPresence::Always, value) => {
                let value = value.unwrap_or_else(|| quote_spanned!(span=> &#place));
                let read = quote_spanned!(span=> #read(#value));
                match argument.param.default {
                    Some(_) => quote_spanned!(span=> ::core::option::Option::Some(#read)),
                    None => read,
                }
            }
        }
    }

    /// Writes the place of a value. It may return from the function if a part is missing.
    pub(super) fn place(&self, value: &SourceValue<'_>) -> TokenStream {
        let (span, door) = (Span::mixed_site(), self.writer.door());
        let root = self.writer.root(value.root);
        let mut place = match value.root {
            Root::Call(call) if self.locals.kind(call) == LocalKind::Reference => {
                quote_spanned!(span=> (*#root))
            }
            _ => root,
        };
        for part in &value.parts {
            place = match &part.accessor {
                Accessor::Member(member) => quote_spanned!(span=> #place.#member),
                Accessor::Key { name, missing: None } => {
                    let node = self.writer.node(&part.node);
                    quote_spanned!(span=> (*match #door::compiled::key(&#place, #name) {
                        ::core::result::Result::Ok(part) => part,
                        ::core::result::Result::Err(error) => return ::core::result::Result::Err(#node.fail(error).into()),
                    }))
                }
                Accessor::Key { name, missing: Some(missing) } => {
                    let (gives, missing) = (&part.gives, text::converted(missing, None, &door));
                    quote_spanned!(span=> (*#door::compiled::key_or(&#place, #name, {
                        static MISSING: ::std::sync::LazyLock<#gives> = ::std::sync::LazyLock::new(|| #missing);
                        ::std::sync::LazyLock::force(&MISSING)
                    })))
                }
            };
        }
        place
    }

    /// Returns the arguments of `function`, each with its position.
    fn arguments(&self, function: &NodeSource) -> impl Iterator<Item = (usize, &CallArgument<'a>)> {
        let arguments = self.call().arguments.iter().enumerate();
        arguments.filter(move |(_, argument)| std::ptr::eq(argument.function, function))
    }

    /// Writes the statements that replace missing arguments by their defaults.
    fn defaults(&self, function: &NodeSource) -> TokenStream {
        let defaults = self.arguments(function).filter_map(|(at, argument)| {
            let mut held = local("default", at);
            held.set_span(span_of(argument.param));
            let default = DefaultValue { param: argument.param, door: self.writer.door };
            default.or_default(&self.argument_local(at), &held)
        });
        defaults.collect()
    }

    /// Writes the plain call of `function`.
    fn called(&self, function: &NodeSource) -> TokenStream {
        let ident = &function.ident;
        let arguments = self.arguments(function).map(|(at, _)| self.argument_local(at));
        quote_spanned!(span::mixed(ident)=> #ident(#(#arguments),*))
    }

    /// Writes the outcome of a call, whose return value is `returned`.
    fn outcome(&self, function: &NodeSource, returned: &TokenStream) -> TokenStream {
        let (span, door) = (span::mixed(&function.ident), self.writer.door);
        let door = &span::at(span, door);
        if let Some(gives) = result(function) {
            let keep = keep(gives, span, door);
            let written = &gives.written;
            quote_spanned! {span=> {
                #keep
                #door::generated::outcome::<#written>(#returned, keep)
            }}
        } else {
            quote_spanned!(span=> ::core::result::Result::<_, #door::NodeError>::Ok(#returned))
        }
    }

    /// Writes the call of `function` with its defaults.
    fn bare(&self, function: &NodeSource) -> Layer {
        let span = span::mixed(&function.ident);
        let (defaults, called) = (self.defaults(function), self.called(function));
        if function.is_async {
            let outcome = self.outcome(function, &quote_spanned!(span=> #called.await));
            Layer::Future(quote_spanned!(span=> async move { #defaults #outcome }))
        } else {
            let outcome = self.outcome(function, &called);
            Layer::Outcome(quote_spanned!(span=> { #defaults #outcome }))
        }
    }

    /// Writes the call of the function with its decorators.
    fn wrapped(&self) -> Layer {
        let function = self.function();
        let wraps = function.wraps.iter();
        wraps.fold(self.bare(function.source), |inner, wrap| self.wrap(wrap, inner))
    }

    fn wrap(&self, wrap: &Wrap<'a>, inner: Layer) -> Layer {
        let function = self.function();
        let span = span::own(wrap.decorator.ident.span());
        let door = span::at(span, self.writer.door);
        let name = self.body_name();
        let whole = TokenStream::new();
        let scope = ExpandContext::new(
            self.writer.door,
            function.source,
            self.writer.module.flow,
            &whole,
            &wrap.decorator.ident,
        );
        let decorator = wrap.decorator.decorator.written(&scope);
        match &wrap.effect {
            WrapEffect::Retry(waits) => self.retry(*waits, &decorator, inner, (span, &door, name)),
            WrapEffect::Timeout => {
                let inner = inner.into_future();
                Layer::Future(quote_spanned! {span=> async move {
                    let inner = ::core::pin::pin!(#inner);
                    #door::compiled::timeout(#decorator, #name, #door::compiled::CallClock, inner).await
                }})
            }
            WrapEffect::FallbackValue(value) => {
                let made = self.fallback_value(value, span);
                let made = quote_spanned!(span=> |_| ::core::result::Result::Ok(#made));
                Self::fall_back(inner, &made, (span, &door, name))
            }
            WrapEffect::FallbackWith(closure) => {
                let gives = gives_of(function.source, self.writer.door);
                let made = quote_spanned! {span=>
                    |error| ::core::result::Result::Ok(#door::compiled::replace_with::<#gives>(#closure, error))
                };
                Self::fall_back(inner, &made, (span, &door, name))
            }
            WrapEffect::FallbackFunction(path) => match self.writer.module.called(path) {
                Some(called) => self.fall_back_on(called, inner, (span, &door, name)),
                None => inner,
            },
        }
    }

    /// Writes a clone of the value of a fallback, which is made once.
    fn fallback_value(&self, value: &Expr, span: Span) -> TokenStream {
        let gives = gives_of(self.call().source, self.writer.door);
        let value = text::converted(value, None, self.writer.door);
        quote_spanned! {span=> {
            static VALUE: ::std::sync::LazyLock<#gives> = ::std::sync::LazyLock::new(|| #value);
            ::core::clone::Clone::clone(::std::sync::LazyLock::force(&VALUE))
        }}
    }

    fn fall_back(inner: Layer, made: &TokenStream, (span, door, name): (Span, &TokenStream, &str)) -> Layer {
        match inner {
            Layer::Outcome(outcome) => {
                Layer::Outcome(quote_spanned!(span=> #door::compiled::fall_back(#name, #outcome, #made)))
            }
            Layer::Future(future) => Layer::Future(quote_spanned! {span=> async move {
                #door::compiled::fall_back(#name, #future.await, #made)
            }}),
        }
    }

    /// Writes the call of the fallback function `called` after a failure.
    fn fall_back_on(
        &self,
        called: &NodeSource,
        inner: Layer,
        (span, door, name): (Span, &TokenStream, &str),
    ) -> Layer {
        match (inner, self.bare(called)) {
            (Layer::Outcome(outcome), Layer::Outcome(other)) => Layer::Outcome(quote_spanned! {span=>
                #door::compiled::fall_back(#name, #outcome, |_| #other)
            }),
            (inner, other) => {
                let (inner, other) = (inner.into_future(), other.into_future());
                Layer::Future(quote_spanned! {span=> async move {
                    let inner = ::core::pin::pin!(#inner);
                    #door::compiled::fall_back_async(#name, inner, || #other).await
                }})
            }
        }
    }

    /// Writes the repetition of a call. Arguments that the function consumes are held for the next call.
    fn retry(
        &self,
        waits: RetryWaits,
        policy: &TokenStream,
        inner: Layer,
        (span, door, name): (Span, &TokenStream, &str),
    ) -> Layer {
        let consumed: Vec<Ident> = (0..self.call().arguments.len())
            .filter(|&at| {
                matches!(
                    self.call().arguments[at].param.form,
                    WrittenForm::Taken | WrittenForm::OptionalTaken
                )
            })
            .map(|at| self.argument_local(at))
            .collect();
        let hold = quote_spanned!(span=> #(let mut #consumed = #door::compiled::Held::new(#consumed);)*);
        let get = quote_spanned!(span=> #(let #consumed = #consumed.get(attempt);)*);
        let policy = quote_spanned! {span=>
            static POLICY: ::std::sync::LazyLock<#door::Retry> = ::std::sync::LazyLock::new(|| #policy);
        };
        let clock = match waits {
            RetryWaits::Never => quote_spanned!(span=> #door::compiled::Untimed),
            RetryWaits::Sometimes => quote_spanned!(span=> #door::compiled::CallClock),
        };
        match inner {
            Layer::Outcome(outcome) if !self.writer.output.is_async || waits == RetryWaits::Never => {
                Layer::Outcome(quote_spanned! {span=> {
                    #policy
                    #hold
                    #door::compiled::retry_in_sync(&POLICY, #name, |attempt| { #get #outcome })
                }})
            }
            inner => {
                let future = inner.into_future();
                Layer::Future(quote_spanned! {span=> async move {
                    #policy
                    #hold
                    #door::compiled::retry(&POLICY, #name, #clock, |attempt| { #get #future }).await
                }})
            }
        }
    }

    /// Writes the checks of the function's outputs.
    fn checks(&self) -> TokenStream {
        let function = self.function();
        let checks = self.call().checked.iter().map(|&at| {
            let output = &function.outputs[at];
            let (name, span) = (&output.node.name, span::mixed(&output.node.ident));
            let (door, failing) = (span::at(span, self.writer.door), self.writer.node(name));
            let place = self.place_of_output(at);
            let validate = output.checks.iter().map(|checks| {
                let importance = if let Some(importance) = &checks.importance {
                    importance.clone()
                } else {
                    quote_spanned!(span=> ::core::default::Default::default())
                };
                let validators = &checks.validators;
                quote_spanned!(span=> .importance(#importance)#(.check(#validators))*)
            });
            quote_spanned! {span=>
                if let ::core::result::Result::Err(error) =
                    #door::compiled::Checking::new(#name, &#place)#(#validate)*.finish()
                {
                    return ::core::result::Result::Err(#failing.fail(error).into());
                }
            }
        });
        checks.collect()
    }

    /// Writes the place of the function's output at `at`, from the call's own variable.
    fn place_of_output(&self, at: usize) -> TokenStream {
        let function = self.function();
        let mut parts = Vec::new();
        let mut output = &function.outputs[at];
        while let Some((whole, accessor)) = &output.whole {
            let gives = output_of(output.node, function.source, self.writer.door);
            let node = output.raw_name().to_owned();
            parts.push(ValuePart { accessor: accessor.clone(), node, gives });
            output = &function.outputs[*whole];
        }
        parts.reverse();
        self.place(&SourceValue { root: Root::Call(self.call), parts, node: None })
    }
}
