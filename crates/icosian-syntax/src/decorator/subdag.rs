//! `subdag` and `parameterized_subdag`: include another dataflow, once or several times.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitStr, Path, Token, token};

use super::argument::ParamName;
use super::argument::{Dotted, Reading, equals, in_parentheses, names, texts, unknown};
use super::bound_param::BindingArg;
use super::node_name::node_name;
use crate::code;
use crate::connection::Connection;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;

/// `#[subdag(path::to::module, namespace = "ns", inputs(x = source(y)), config(k = 3), external(z))]`
struct SubdagArgs {
    dataflow: Included,
    namespace: Option<LitStr>,
    wiring: WiringArgs,
    /// Of `parameterized_subdag`.
    variants: Option<Vec<(Ident, WiringArgs)>>,
}

enum Included {
    /// A module with a function `dataflow`.
    Module(Path),
    Written(Expr),
}

#[derive(Default)]
struct WiringArgs {
    inputs: Vec<(Dotted, BindingArg)>,
    config: Vec<(Dotted, SubdagValue)>,
    external: Vec<Dotted>,
}

/// A config value.
enum SubdagValue {
    Written(Expr),
    /// The driver's config value of this name.
    Driver(Dotted),
}

/// The number of inclusions of the dataflow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inclusion {
    Once,
    /// Once for each variant that the arguments list.
    PerVariant,
}

const WIRING: [&str; 3] = ["inputs", "config", "external"];

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    read_inclusion(input, reading, Inclusion::Once)
}

pub(super) fn parameterized(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    read_inclusion(input, reading, Inclusion::PerVariant)
}

fn read_inclusion(input: ParseStream<'_>, reading: &mut Reading<'_>, inclusion: Inclusion) -> ReadResult {
    let several = inclusion == Inclusion::PerVariant;
    let missing = |reading: &Reading<'_>| {
        let message = format!("`#[{}]` names no dataflow", reading.decorator);
        invalid(reading.decorator, message, "write the path of a `#[dataflow]` module as the first argument")
    };
    if input.is_empty() || input.peek2(Token![=]) {
        return Err(missing(reading));
    }
    let (mut dataflow, mut namespace, mut wiring) = (None, None, WiringArgs::default());
    let (mut variants, mut count) = (Vec::new(), 0);
    reading.each(input, |input, reading| {
        if dataflow.is_none() {
            dataflow = Some(Included::read(input)?);
            return Ok(());
        }
        let is_wiring =
            input.cursor().ident().is_some_and(|(name, _)| WIRING.iter().any(|word| name == word));
        if several && !is_wiring {
            count += 1;
            if input.cursor().ident().is_none() {
                return Err(reading.nameless(input, "name(inputs(..))"));
            }
            let name = node_name(input)?;
            if !input.peek(token::Paren) {
                let help = format!("write `{name}(inputs(..))`");
                return Err(invalid(&name, format!("variant `{name}` has no arguments"), help));
            }
            reading.once(&name.unraw().to_string(), &name)?;
            let content;
            syn::parenthesized!(content in input);
            let mut own = WiringArgs::default();
            let mut inner = Reading::new(reading.decorator, reading.row, reading.faults);
            inner.each(&content, |content, reading| {
                let word = reading.argument(content, &WIRING)?;
                own.read(&word, content, reading)
            });
            variants.push((name, own));
            return Ok(());
        }
        let known = ["inputs", "config", "external", "namespace"];
        let word = reading.argument(input, if several { &WIRING } else { &known })?;
        if word == "namespace" {
            namespace = Some(equals(input)?);
            return Ok(());
        }
        wiring.read(&word, input, reading)
    });
    if several && count == 0 {
        reading.refuse("has no variants", "write at least one variant, as in `name(inputs(..))`");
    }
    let dataflow = dataflow.ok_or_else(|| missing(reading))?;
    Ok(Box::new(SubdagArgs { dataflow, namespace, wiring, variants: several.then_some(variants) }))
}

impl Included {
    fn read(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let path = ahead.call(Path::parse_mod_style);
        if path.is_ok() && (ahead.is_empty() || ahead.peek(Token![,])) {
            return Ok(Self::Module(input.call(Path::parse_mod_style)?));
        }
        Ok(Self::Written(input.parse()?))
    }

    fn written(&self) -> TokenStream {
        match self {
            Self::Module(path) => quote_spanned!(span::ends(path).1=> #path::dataflow()),
            Self::Written(dataflow) => dataflow.to_token_stream(),
        }
    }
}

impl WiringArgs {
    fn read(&mut self, word: &Ident, input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<()> {
        if word == "external" {
            self.external = names(input)?;
            return Ok(());
        }
        if !input.peek(token::Paren) {
            let help = format!("write `{word}(name = ..)`");
            return Err(invalid(word, format!("`{word}` has no list in parentheses"), help));
        }
        let content;
        syn::parenthesized!(content in input);
        let mut seen: Vec<String> = Vec::new();
        reading.each(&content, |content, reading| {
            let name: Dotted = content.parse()?;
            if seen.contains(&name.name) {
                let message = format!("`{}` is repeated", name.name);
                return Err(invalid(name, message, "remove one of the two"));
            }
            seen.push(name.name.clone());
            content.parse::<Token![=]>()?;
            if word == "inputs" {
                self.inputs.push((name, BindingArg::read(content, reading)?));
            } else {
                self.config.push((name, SubdagValue::read(content)?));
            }
            Ok(())
        });
        Ok(())
    }

    /// Returns the sources that the inputs are bound to.
    fn sources(&self) -> Vec<&str> {
        let sources = self.inputs.iter().flat_map(|(_, binding)| binding.sources());
        sources.map(|source| source.name.as_str()).collect()
    }

    fn check(&self, function: &NodeSource, faults: &mut Faults) {
        let params = function.params.iter().map(|param| param.name.as_str());
        for name in &self.external {
            if !params.clone().any(|param| param == name.name) {
                let owner = format!("`{}`", function.name);
                let (message, help) = unknown(&owner, "parameter", &name.name, params.clone());
                faults.report(code::UNKNOWN_PARAM, name, message, help);
            }
        }
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let inputs = self.inputs.iter().map(|(name, binding)| {
            let (text, binding) = (name.text(), binding.written(None, scope));
            quote_spanned!(name.span()=> .input(#text, #binding))
        });
        let config = self.config.iter().map(|(name, value)| {
            let text = name.text();
            match value {
                SubdagValue::Written(value) => quote_spanned!(name.span()=> .config(#text, #value)),
                SubdagValue::Driver(theirs) => {
                    let theirs = theirs.text();
                    quote_spanned!(name.span()=> .config_from(#text, #theirs))
                }
            }
        });
        let external = (!self.external.is_empty()).then(|| {
            let names = texts(&self.external);
            quote_spanned!(scope.span=> .external(#names))
        });
        quote_spanned!(scope.span=> #(#inputs)*#(#config)*#external)
    }
}

impl SubdagValue {
    fn read(input: ParseStream<'_>) -> syn::Result<Self> {
        let word = input.cursor().ident().map(|(word, _)| word.to_string());
        match word.as_deref() {
            Some("source") if input.peek2(token::Paren) => {
                input.call(Ident::parse_any)?;
                in_parentheses(input, |content| Ok(Self::Driver(content.parse()?)))
            }
            Some("value") if input.peek2(token::Paren) => {
                input.call(Ident::parse_any)?;
                in_parentheses(input, |content| Ok(Self::Written(content.parse()?)))
            }
            _ => Ok(Self::Written(input.parse()?)),
        }
    }
}

/// Returns whether `path` names the module of `flow`: `self` or `super::name`.
fn is_module_itself(path: &Path, flow: &DataflowSource) -> bool {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
    names == ["self"] || names == ["super", &flow.name]
}

impl Decorates for SubdagArgs {
    fn check(&self, function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
        if let Included::Module(path) = &self.dataflow
            && flow.is_module
            && function.cfgs.is_empty()
            && is_module_itself(path, flow)
        {
            let message = format!("dataflow `{}` includes itself", flow.name);
            let help = "move the functions that others include into a module that does not include them";
            faults.report(code::DEPENDENCY_CYCLE, path, message, help).lint();
        }
        if function.refused {
            return;
        }
        self.wiring.check(function, faults);
        self.variants.iter().flatten().for_each(|(_, wiring)| wiring.check(function, faults));
    }

    fn change(&self, known: &mut KnownNodes) {
        known.cut();
        match &self.variants {
            Some(variants) => known.become_several(variants.iter().map(|(name, _)| (name, Vec::new()))),
            None => known.keep(self.wiring.external.iter().map(|name| name.name.as_str())),
        }
    }

    fn connections(&self, _: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        let namespace = self.namespace.as_ref().map(|name| Connection::AddNamespace(name.value()));
        let Some(variants) = &self.variants else {
            let (external, bound) = (self.wiring.external.as_slice(), self.wiring.sources());
            return namespace.into_iter().chain([Connection::Include { external, bound }]).collect();
        };
        let nodes = variants.iter().map(|(node, own)| {
            let external = if own.external.is_empty() { &self.wiring.external } else { &own.external };
            let shared = self.wiring.sources();
            (node.unraw().to_string(), external.as_slice(), [own.sources(), shared].concat())
        });
        namespace.into_iter().chain([Connection::IncludeSeveral(nodes.collect())]).collect()
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, span) = (scope.door(), scope.span);
        let (dataflow, wiring) = (self.dataflow.written(), self.wiring.written(scope));
        let namespace = self.namespace.as_ref().map(|name| quote_spanned!(span=> .namespace(#name)));
        let subdag = quote_spanned!(span=> #door::Subdag::new(#dataflow)#namespace #wiring);
        let Some(variants) = &self.variants else { return subdag };
        let variants = variants.iter().map(|(name, wiring)| {
            let (span, wiring) = (span::own(name.span()), wiring.written(scope));
            let (door, name) = (scope.door_at(span), name.unraw().to_string());
            quote_spanned!(span=> .with(#door::SubdagVariant::new(#name)#wiring))
        });
        quote_spanned!(span=> #door::ParameterizedSubdag::of(#subdag)#(#variants)*)
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        let own = &mut self.wiring.external;
        let of_variants = self.variants.iter_mut().flatten().flat_map(|(_, wiring)| &mut wiring.external);
        own.iter_mut().chain(of_variants).map(|name| (None, name as &mut dyn ParamName)).collect()
    }
}
