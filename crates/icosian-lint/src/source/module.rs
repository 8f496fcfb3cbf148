//! A file's items to facts.

use icosian_rules::{Allow, Dataflow, Facts, Stage};
use syn::ext::IdentExt;
use syn::{ImplItem, Item, ItemMod, Visibility};

use super::function::{self, Source};
use super::scope::Scopes;
use super::{Spans, attribute};

/// Reads all dataflows of a file, and the functions with `#[node]`.
pub(super) fn facts(file: &syn::File, spans: &mut Spans<'_>) -> Facts {
    let mut scopes = Scopes::default();
    let mut modules = Vec::new();
    declare(&file.items, None, &mut scopes, &mut modules, spans);
    let mut reader =
        Reader { scopes: &scopes, spans, facts: Facts { stage: Stage::Source, ..Facts::default() } };
    for (position, (module, items)) in modules.into_iter().enumerate() {
        reader.module(position, module, items);
    }
    reader.facts
}

type Module<'a> = (Option<&'a ItemMod>, &'a [Item]);

/// Notes the names of a module and of all modules in it, each at its position in `modules`.
fn declare<'a>(
    items: &'a [Item],
    within: Option<(usize, &'a ItemMod)>,
    scopes: &mut Scopes,
    modules: &mut Vec<Module<'a>>,
    spans: &mut Spans<'_>,
) -> usize {
    let own = scopes.add(within.map(|(parent, _)| parent), items, spans);
    modules.push((within.map(|(_, module)| module), items));
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &module.content
        {
            let inner = declare(items, Some((own, module)), scopes, modules, spans);
            scopes.nest(own, module.ident.unraw().to_string(), inner);
        }
    }
    own
}

struct Reader<'a, 'b> {
    scopes: &'a Scopes,
    spans: &'a mut Spans<'b>,
    facts: Facts,
}

impl Reader<'_, '_> {
    fn module(&mut self, position: usize, module: Option<&ItemMod>, items: &[Item]) {
        // An attribute above a module is resolved where the module stands.
        let outside = self.scopes.parent(position).unwrap_or(position);
        let is_dataflow = |it: &&syn::Attribute| attribute::is_own(it, "dataflow", outside, self.scopes);
        let found = module.and_then(|module| Some((module, module.attrs.iter().find(is_dataflow)?)));
        let Some((module, dataflow)) = found else {
            for item in items {
                self.loose(position, item);
            }
            return;
        };

        let end = module
            .content
            .as_ref()
            .map_or(dataflow.bracket_token.span.close(), |(brace, _)| brace.span.close());
        let scope = attribute::item(&module.attrs, &module.vis, end, self.spans);
        let allows = attribute::allows(dataflow, true, scope, self.spans);
        self.facts.allows.extend(allows);
        let name = attribute::name(dataflow).unwrap_or_else(|| module.ident.unraw().to_string());
        let name_span = self.spans.of(&module.ident);
        let mut functions = Vec::new();
        for item in items {
            let Item::Fn(item) = item else { continue };
            if !matches!(item.vis, Visibility::Public(_)) {
                continue;
            }
            let source = Source {
                attributes: &item.attrs,
                visibility: &item.vis,
                signature: &item.sig,
                block: &item.block,
                node: None,
            };
            let (function, scope) = function::read(&source, position, self.scopes, self.spans);
            functions.push(function);
            for node in item.attrs.iter().filter(|it| attribute::is_own(it, "node", position, self.scopes)) {
                let allows: Vec<Allow> = attribute::allows(node, false, scope, self.spans);
                self.facts.allows.extend(allows);
            }
        }
        self.facts.dataflows.push(Dataflow { name, name_span, functions, ..Dataflow::default() });
    }

    /// Reads what has a `#[node]`.
    fn loose(&mut self, position: usize, item: &Item) {
        match item {
            Item::Fn(item) => self.node(position, &item.attrs, &item.vis, &item.sig, &item.block),
            Item::Impl(item) => {
                for item in &item.items {
                    if let ImplItem::Fn(item) = item {
                        self.node(position, &item.attrs, &item.vis, &item.sig, &item.block);
                    }
                }
            }
            _ => {}
        }
    }

    fn node(
        &mut self,
        position: usize,
        attributes: &[syn::Attribute],
        visibility: &Visibility,
        signature: &syn::Signature,
        block: &syn::Block,
    ) {
        let is_node = |it: &syn::Attribute| attribute::is_own(it, "node", position, self.scopes);
        let Some(node) = attributes.iter().position(is_node) else { return };
        let source = Source { attributes, visibility, signature, block, node: Some(node) };
        let (function, scope) = function::read(&source, position, self.scopes, self.spans);
        let allows = attribute::allows(&attributes[node], true, scope, self.spans);
        self.facts.allows.extend(allows);
        self.facts.loose.push(function);
    }
}
