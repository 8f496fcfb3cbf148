//! `pipe_input` and `pipe_output`: steps before a parameter, and after an output.

use icosian_diagnostics::nearest;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Path};

use super::argument::ParamName;
use super::argument::{Dotted, Reading, equals, names, texts, unknown};
use super::step::StepArgs;
use crate::code;
use crate::connection::Connection;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, Feed, ReadResult, Unbound};

/// `#[pipe_input(step(normalise), step(clip, max = value(3.0)), on_input(raw), namespace = "ns")]`
struct PipeArgs {
    end: PipeEnd,
    steps: Vec<StepArgs>,
    /// The parameters or the outputs that pass through the steps.
    on: Vec<Dotted>,
    namespace: Option<LitStr>,
    without_namespace: bool,
}

/// The end of a function to which a pipe is attached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PipeEnd {
    Input,
    Output,
}

impl PipeArgs {
    fn is_input(&self) -> bool {
        self.end == PipeEnd::Input
    }
}

pub(super) fn input(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    read(input, reading, PipeEnd::Input)
}

pub(super) fn output(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    read(input, reading, PipeEnd::Output)
}

const CONDITIONS: [&str; 7] =
    ["when", "when_not", "when_in", "when_not_in", "named", "namespaced", "without_namespace"];

fn read(input: ParseStream<'_>, reading: &mut Reading<'_>, end: PipeEnd) -> ReadResult {
    let on = match end {
        PipeEnd::Input => "on_input",
        PipeEnd::Output => "on_output",
    };
    let known = ["step", on, "namespace", "without_namespace"];
    let methods: Vec<&str> =
        CONDITIONS.into_iter().chain((end == PipeEnd::Output).then_some("on_output")).collect();
    let mut pipe =
        PipeArgs { end, steps: Vec::new(), on: Vec::new(), namespace: None, without_namespace: false };
    let mut count = 0;
    reading.each(input, |input, reading| {
        if input.cursor().ident().is_none() {
            count += 1;
            return Err(reading.nameless(input, "step(function)"));
        }
        let name = input.call(Ident::parse_any)?;
        let text = name.to_string();
        if text == "step" {
            count += 1;
            pipe.steps.push(StepArgs::read(input, reading, &methods)?);
            return Ok(());
        }
        if !known.contains(&text.as_str()) {
            count += 1;
            if nearest(&text, known).is_none() {
                return Err(invalid(
                    name,
                    format!("`{text}` is not a step"),
                    format!("write `step({text})`"),
                ));
            }
            let decorator = format!("`#[{}]`", reading.decorator);
            let (message, help) = unknown(&decorator, "argument", &text, known.into_iter());
            return Err(invalid(name, message, help));
        }
        reading.once(&text, &name)?;
        match text.as_str() {
            "namespace" => pipe.namespace = Some(equals(input)?),
            "without_namespace" => pipe.without_namespace = true,
            _ => pipe.on = names(input)?,
        }
        if pipe.namespace.is_some() && pipe.without_namespace {
            let message = "`namespace` and `without_namespace` exclude each other";
            return Err(invalid(name, message, "remove one of the two"));
        }
        Ok(())
    });
    if count == 0 {
        reading.refuse("has no steps", "write `step(function)`");
    }
    let by_step = pipe.steps.iter().find_map(|step| step.said.on_output.first());
    if let (Some(by_step), false) = (by_step, pipe.on.is_empty()) {
        let message = "`on_output` is an argument of the decorator and of a step";
        reading.faults.report(code::INVALID_STEP, by_step, message, "remove one of the two");
    }
    Ok(Box::new(pipe))
}

impl PipeArgs {
    /// Returns the names and namespaces of the steps' nodes that do not follow from the name of the function's node.
    fn added_names(&self) -> Vec<Connection<'_>> {
        let mut names = Vec::new();
        names.extend(self.namespace.as_ref().map(|name| Connection::AddNamespace(name.value())));
        if self.on.len() > 1 {
            for on in self.on.iter().filter(|_| self.is_input()) {
                let namespace = self.namespace.as_ref().map(|name| format!("{}_{}", name.value(), on.name));
                names.push(Connection::AddNamespace(namespace.unwrap_or_else(|| on.name.clone())));
            }
        }
        for step in &self.steps {
            let namespace = step.namespace();
            names.extend(namespace.map(|name| Connection::AddNamespace(name.to_owned())));
            if step.is_without_namespace() || (self.without_namespace && namespace.is_none()) {
                names.push(Connection::AddNode(step.node_name()));
            }
        }
        names
    }
}

impl Decorates for PipeArgs {
    fn check(&self, function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
        self.steps.iter().for_each(|step| step.check(flow, faults));
        if !self.is_input() || function.refused {
            return;
        }
        let params = function.params.iter().map(|param| param.name.as_str());
        for on in &self.on {
            if !params.clone().any(|param| param == on.name) {
                let owner = format!("`{}`", function.name);
                let (message, help) = unknown(&owner, "parameter", &on.name, params.clone());
                faults.report(code::UNKNOWN_PARAM, on, message, help);
            }
        }
        if self.on.is_empty() && function.params.is_empty() {
            let message = format!("`{}` has no parameter that the steps could provide", function.name);
            faults.report(code::INVALID_STEP, &function.ident, message, "remove the steps");
        }
    }

    fn change(&self, known: &mut KnownNodes) {
        if self.is_input() {
            let on: Vec<_> = self.on.iter().map(|on| on.name.as_str()).collect();
            known.pipe_into(&on, self.steps.iter().flat_map(StepArgs::sources));
        }
    }

    fn change_outputs(&self, known: &mut KnownNodes, flow: &DataflowSource, door: &TokenStream) {
        if self.is_input() {
            return;
        }
        for step in &self.steps {
            let on = if step.said.on_output.is_empty() { &self.on } else { &step.said.on_output };
            let on: Vec<_> = on.iter().map(|on| on.name.as_str()).collect();
            if let Some(gives) = step.gives(flow, door) {
                known.pipe(&on, &gives);
            }
        }
    }

    fn connections(&self, _: &NodeSource, sinks: &[String]) -> Vec<Connection<'_>> {
        let pipes = if self.is_input() {
            let on = self.on.iter().map(|on| on.name.as_str()).collect();
            let calls = self.steps.iter().map(StepArgs::call).collect();
            vec![Connection::PipeInto { on, calls }]
        } else {
            let pipes = self.steps.iter().map(|step| {
                let on = if step.said.on_output.is_empty() { &self.on } else { &step.said.on_output };
                let on: Vec<String> = on.iter().map(|on| on.name.clone()).collect();
                let outputs = if on.is_empty() { sinks.to_vec() } else { on };
                Connection::PipeOutOf { outputs, call: step.call() }
            });
            pipes.collect()
        };
        pipes.into_iter().chain(self.added_names()).collect()
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, span) = (scope.door(), scope.span);
        let steps = self.steps.iter().map(|step| {
            let step = step.written(scope);
            quote_spanned!(span=> .step(#step))
        });
        let on = if self.is_input() {
            let on = self.on.iter().map(|on| {
                let name = on.text();
                quote_spanned!(on.span()=> .on_input(#name))
            });
            on.collect()
        } else if self.on.is_empty() {
            TokenStream::new()
        } else {
            let names = texts(&self.on);
            quote_spanned!(span=> .on_output(#names))
        };
        let namespace = self.namespace.as_ref().map(|name| quote_spanned!(span=> .namespace(#name)));
        let without = self.without_namespace.then(|| quote_spanned!(span=> .without_namespace()));
        let pipe = Ident::new(if self.is_input() { "PipeInput" } else { "PipeOutput" }, span);
        quote_spanned!(span=> #door::#pipe::new()#(#steps)*#on #namespace #without)
    }

    fn calls(&self) -> Vec<&Path> {
        self.steps.iter().map(|step| &step.function).collect()
    }

    fn outputs(&self) -> Vec<&Dotted> {
        if self.is_input() {
            return Vec::new();
        }
        self.on.iter().chain(self.steps.iter().flat_map(|step| &step.said.on_output)).collect()
    }

    fn feeds(&self) -> Vec<Feed<'_>> {
        let steps = self.steps.iter().enumerate();
        let feeds = steps.map(|(at, step)| {
            let unbound = if self.is_input() && at == 0 {
                Unbound::Entered(self.on.iter().map(|on| on.name.as_str()).collect())
            } else {
                Unbound::Piped
            };
            Feed { function: &step.function, bound: step.bound_names(), unbound }
        });
        feeds.collect()
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        let is_input = self.is_input();
        let on = self.on.iter_mut().filter(|_| is_input).map(|on| (None, on as &mut dyn ParamName));
        on.chain(self.steps.iter_mut().flat_map(StepArgs::params)).collect()
    }
}
