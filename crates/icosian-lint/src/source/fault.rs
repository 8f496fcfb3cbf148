//! The faults of the reader as findings.

use icosian_rules::{Edit, Finding, Fix, ReportedFault};
use icosian_syntax::Fault;
use icosian_syntax::FunctionKind;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Item, ItemMod};

use super::Spans;
use super::function::FunctionSource;

/// Returns the faults of a module. `dataflow` is the position of its `#[dataflow]`.
pub(super) fn of_module(module: &ItemMod, dataflow: usize, spans: &mut Spans<'_>) -> Vec<ReportedFault> {
    let tokens = without_bodies(module);
    report(icosian_syntax::check_dataflow(tokens, dataflow), spans)
}

/// Returns the faults of a function with `#[node]`.
pub(super) fn of_node(
    function: &FunctionSource<'_>,
    node: usize,
    spans: &mut Spans<'_>,
) -> Vec<ReportedFault> {
    let FunctionSource { attributes, visibility, signature, of, .. } = function;
    let tokens = quote!(#(#attributes)* #visibility #signature {});
    let kind = if of.is_some() { FunctionKind::Associated } else { FunctionKind::Free };
    report(icosian_syntax::check_node(tokens, node, kind), spans)
}

/// Returns the tokens of `module` with empty function bodies, which the reader ignores.
fn without_bodies(module: &ItemMod) -> TokenStream {
    let ItemMod { attrs, vis, unsafety, mod_token, ident, content, semi } = module;
    let Some((_, items)) = content else { return module.to_token_stream() };
    let attributes = attrs.iter().filter(|attribute| matches!(attribute.style, syn::AttrStyle::Outer));
    let items = items.iter().map(|item| match item {
        Item::Fn(function) => {
            let (attributes, visibility, signature) = (&function.attrs, &function.vis, &function.sig);
            quote!(#(#attributes)* #visibility #signature {})
        }
        other => other.to_token_stream(),
    });
    quote!(#(#attributes)* #vis #unsafety #mod_token #ident { #(#items)* } #semi)
}

fn report(faults: Vec<Fault>, spans: &mut Spans<'_>) -> Vec<ReportedFault> {
    let mut of = |span: (Span, Span)| spans.between(span.0, span.1);
    let report = |fault: Fault| {
        let related: Vec<_> =
            fault.related.iter().map(|related| (of(related.span), &related.label)).collect();
        let mut finding = Finding::new(of(fault.span), fault.message).labelled(fault.label);
        for (span, label) in &related {
            finding = finding.also(*span, label.as_str());
        }
        if let Some(help) = fault.help {
            finding = finding.help(help);
        }
        if let Some(fix) = fault.fix {
            let span = of(fix.span);
            finding = finding.fix(match fix.edit {
                icosian_syntax::FaultEdit::Replace(text) => {
                    Fix::risky(fix.title, [Edit::replaced(span, text)])
                }
                icosian_syntax::FaultEdit::Remove => Fix::safe(fix.title, [Edit::removed(span)]),
                icosian_syntax::FaultEdit::MoveBelow(anchor) => {
                    Fix::safe(fix.title, [Edit::moved_after(span, related[anchor].0)])
                }
            });
        }
        ReportedFault { code: fault.code.to_owned(), finding }
    };
    faults.into_iter().map(report).collect()
}
