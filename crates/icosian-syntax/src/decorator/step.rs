//! A function as a step: `step(function, param = value(..)).when(key = ..).named(..)`.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token};

use super::argument::ParamName;
use super::argument::{Dotted, Reading, in_parentheses, names, skip_all, texts, unknown};
use super::binding;
use super::bound_param::BoundParam;
use super::called_function::check_called;
use super::condition::{self, Comparison};
use crate::code;
use crate::connection::{CallCondition, DecoratorCall};
use crate::fault::{invalid, invalid_next};
use crate::faults::Faults;
use crate::known::gives_of;
use crate::model::DataflowSource;
use crate::model::ExpandContext;
use crate::span;

pub(super) struct StepArgs {
    pub(super) function: Path,
    bound: Vec<BoundParam>,
    pub(super) said: Said,
}

/// The methods of a step.
#[derive(Default)]
pub(super) struct Said {
    comparisons: Vec<Comparison>,
    named: Option<Dotted>,
    namespaced: Option<Dotted>,
    without_namespace: bool,
    pub(super) on_output: Vec<Dotted>,
}

impl StepArgs {
    /// Reads the rest of a step after `step`.
    pub(super) fn read(
        input: ParseStream<'_>,
        reading: &mut Reading<'_>,
        methods: &[&str],
    ) -> syn::Result<Self> {
        let content;
        syn::parenthesized!(content in input);
        if content.is_empty() {
            return Err(invalid_next(&content, "`step` has no function", "write `step(function)`"));
        }
        let function = match binding::function(&content) {
            Ok(function) => function,
            Err(error) => {
                skip_all(&content);
                return Err(error);
            }
        };
        if !content.is_empty() && !content.peek(Token![,]) {
            let rest: TokenStream = content.parse()?;
            let help = "bind its parameters with `param = value(..)`";
            return Err(invalid(rest, "`step` requires a function, but this is a call", help));
        }
        let _ = content.parse::<Option<Token![,]>>();
        let bound = BoundParam::read_all(&content, reading);
        Ok(Self { function, bound, said: Said::read(input, "a step", methods)? })
    }

    pub(super) fn check(&self, flow: &DataflowSource, faults: &mut Faults) {
        check_called(&self.function, flow, faults);
        if let Some(function) = flow.function(&self.function) {
            self.bound.iter().for_each(|bound| _ = bound.check(function, faults));
            if function.params.is_empty() && !function.refused {
                let message = format!("step `{}` has no parameter for its input", function.name);
                faults.report(
                    code::INVALID_STEP,
                    &self.function,
                    message,
                    "declare a parameter for the value of the previous step",
                );
            }
        }
    }

    /// Returns the call of its function.
    pub(super) fn call(&self) -> DecoratorCall<'_> {
        let bound = self.bound.iter().collect();
        let condition =
            if self.said.is_conditional() { CallCondition::ByConfig } else { CallCondition::Always };
        DecoratorCall { function: &self.function, bound, condition }
    }

    /// Returns the name of its node without a namespace.
    pub(super) fn node_name(&self) -> String {
        let function = || self.function.segments.last().map(|last| last.ident.unraw().to_string());
        let with = |name: String| format!("with{}{name}", if name.starts_with('_') { "" } else { "_" });
        self.said
            .named
            .as_ref()
            .map_or_else(|| function().map_or_else(String::new, with), |it| it.name.clone())
    }

    /// Returns the namespace of its node, if it has its own.
    pub(super) fn namespace(&self) -> Option<&str> {
        self.said.namespaced.as_ref().map(|name| name.name.as_str())
    }

    /// Returns whether it puts nothing before the name of its node.
    pub(super) fn is_without_namespace(&self) -> bool {
        self.said.without_namespace
    }

    /// Returns the names of the parameters that it binds.
    pub(super) fn bound_names(&self) -> Vec<String> {
        self.bound.iter().map(BoundParam::name).collect()
    }

    /// Returns the parameters that it binds, with the function that has them.
    pub(super) fn params(&mut self) -> impl Iterator<Item = (Option<&Path>, &mut dyn ParamName)> {
        let function = &self.function;
        self.bound.iter_mut().map(move |bound| (Some(function), &mut bound.param as &mut dyn ParamName))
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &Dotted> {
        self.bound.iter().flat_map(|bound| bound.binding.sources())
    }

    pub(super) fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (first, _) = span::ends(&self.function);
        let (span, function) = (span::own(first), binding::as_trait(&self.function, "NodeFn", &scope.door()));
        let door = scope.door_at(span);
        let known = scope.flow.function(&self.function);
        let bound = self.bound.iter().map(|bound| bound.written(known, scope));
        let said = self.said.written(scope);
        quote_spanned!(span=> #door::PipeStep::of(#function::function())#(#bound)*#said)
    }

    /// Writes the type of its output; `None` if its function is unknown.
    pub(super) fn gives(&self, flow: &DataflowSource, door: &TokenStream) -> Option<TokenStream> {
        if let Some(function) = flow.function(&self.function) {
            return Some(gives_of(function, door));
        }
        let ident = self.function.get_ident().map(ToString::to_string);
        if ident.zip(flow.brought.as_ref()).is_some_and(|(name, brought)| !brought.contains(&name)) {
            return None;
        }
        let gives = binding::as_trait(&self.function, "Gives", door);
        Some(quote_spanned!(span::ends(&self.function).0=> #gives::Output))
    }
}

impl Said {
    /// Returns whether config decides if the step exists.
    pub(super) fn is_conditional(&self) -> bool {
        !self.comparisons.is_empty()
    }

    pub(super) fn read(input: ParseStream<'_>, of: &str, known: &[&str]) -> syn::Result<Self> {
        let mut said = Self::default();
        while input.parse::<Option<Token![.]>>()?.is_some() {
            let method = input.call(Ident::parse_any)?;
            let name = method.to_string();
            if !known.contains(&name.as_str()) {
                let (message, help) = unknown(of, "method", &name, known.iter().copied());
                return Err(invalid(method, message, help));
            }
            match name.as_str() {
                "named" => said.named = Some(in_parentheses(input, syn::parse::Parse::parse)?),
                "namespaced" => said.namespaced = Some(in_parentheses(input, syn::parse::Parse::parse)?),
                "without_namespace" => {
                    in_parentheses(input, |_| Ok(()))?;
                    said.without_namespace = true;
                }
                "on_output" => said.on_output = names(input)?,
                _ => {
                    let Some(kind) = condition::KINDS.into_iter().find(|kind| name == **kind) else {
                        continue;
                    };
                    in_parentheses(input, |content| {
                        if content.is_empty() {
                            let message = format!("`{name}` has no comparison");
                            return Err(invalid_next(content, &message, "write `key = ..`"));
                        }
                        while !content.is_empty() {
                            if let Some((key, value)) = condition::pair(content) {
                                return Err(condition::not_a_pair(&key, &value));
                            }
                            let key: Dotted = content.parse()?;
                            said.comparisons.push(Comparison::read(kind, &name, key, content)?);
                            content.parse::<Option<Token![,]>>()?;
                        }
                        Ok(())
                    })?;
                }
            }
        }
        Ok(said)
    }

    pub(super) fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let span = scope.span;
        let when =
            condition::written(&self.comparisons, scope).map(|when| quote_spanned!(span=> .when(#when)));
        let text = |method: &str, name: &Option<Dotted>| {
            name.as_ref().map(|name| {
                let (method, text) = (Ident::new(method, name.span()), name.text());
                quote_spanned!(name.span()=> .#method(#text))
            })
        };
        let named = text("named", &self.named);
        let namespaced = text("namespaced", &self.namespaced);
        let without = self.without_namespace.then(|| quote_spanned!(span=> .without_namespace()));
        let on_output = (!self.on_output.is_empty()).then(|| {
            let names = texts(&self.on_output);
            quote_spanned!(span=> .on_output(#names))
        });
        quote_spanned!(span=> #when #named #namespaced #without #on_output)
    }
}
