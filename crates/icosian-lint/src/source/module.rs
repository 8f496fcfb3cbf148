//! Reads the items of a file into facts.

use icosian_rules::{Allow, DataflowFacts, Facts, Helper, Stage};
use syn::ext::IdentExt;
use syn::{ImplItem, Item, ItemMod, Visibility};

use super::attribute::AttributeNeed;
use super::body::{self, Helpers};
use super::function::{self, FunctionSource};
use super::scope::Scopes;
use super::{Spans, attribute, fault};

/// Reads all dataflows of a file, and the functions with `#[node]`.
pub(super) fn facts(file: &syn::File, spans: &mut Spans<'_>) -> Facts {
    let mut scopes = Scopes::default();
    let mut modules = Vec::new();
    declare(&file.items, None, &mut scopes, &mut modules, spans);
    let facts = Facts { stage: Stage::Source, ..Facts::default() };
    let mut reader = ModuleReader { scopes: &scopes, spans, helpers: Helpers::default(), facts };
    for (position, (module, items)) in modules.into_iter().enumerate() {
        reader.module(position, module, items);
    }
    reader.read_helpers();
    reader.facts
}

type Module<'a> = (Option<&'a ItemMod>, &'a [Item]);

/// Records the names of a module and of all modules in it, each at its position in `modules`.
fn declare<'a>(
    items: &'a [Item],
    within: Option<(usize, &'a ItemMod)>,
    scopes: &mut Scopes<'a>,
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

struct ModuleReader<'a, 'b, 'ast> {
    scopes: &'a Scopes<'ast>,
    spans: &'a mut Spans<'b>,
    helpers: Helpers,
    facts: Facts,
}

impl<'ast> ModuleReader<'_, '_, 'ast> {
    /// Reads the functions that nodes call, directly or through others.
    fn read_helpers(&mut self) {
        let mut at = 0;
        // A helper may add further helpers.
        while let Some(declared) = self.helpers.order.get(at).and_then(|at| self.scopes.declared(*at)) {
            let body = body::read(declared, self.scopes, &mut self.helpers, self.spans);
            let name = declared.signature.ident.unraw().to_string();
            let is_async = declared.signature.asyncness.is_some();
            self.facts.helpers.push(Helper { name, is_async, body });
            at += 1;
        }
    }

    fn module(&mut self, position: usize, module: Option<&'ast ItemMod>, items: &'ast [Item]) {
        // An attribute above a module resolves in the module around it.
        let outside = self.scopes.parent(position).unwrap_or(position);
        let is_dataflow = |it: &syn::Attribute| attribute::is_own(it, "dataflow", outside, self.scopes);
        let found = module.and_then(|module| Some((module, module.attrs.iter().position(is_dataflow)?)));
        let Some((module, position_of_dataflow)) = found else {
            for item in items {
                self.loose(position, item);
            }
            return;
        };

        let faults = fault::of_module(module, position_of_dataflow, self.spans);
        self.facts.faults.extend(faults);
        let dataflow = &module.attrs[position_of_dataflow];
        let end = module
            .content
            .as_ref()
            .map_or(dataflow.bracket_token.span.close(), |(brace, _)| brace.span.close());
        let scope = attribute::item(&module.attrs, &module.vis, end, self.spans);
        let allows = attribute::allows(dataflow, AttributeNeed::Needed, scope, self.spans);
        self.facts.allows.extend(allows);
        let name = attribute::name(dataflow).unwrap_or_else(|| module.ident.unraw().to_string());
        let name_span = self.spans.of(&module.ident);
        let mut functions = Vec::new();
        for item in items {
            let Item::Fn(item) = item else { continue };
            if !matches!(item.vis, Visibility::Public(_)) {
                continue;
            }
            let source = FunctionSource {
                attributes: &item.attrs,
                visibility: &item.vis,
                signature: &item.sig,
                block: &item.block,
                of: None,
                node: None,
            };
            let (function, scope) =
                function::read(&source, position, self.scopes, &mut self.helpers, self.spans);
            functions.push(function);
            for node in item.attrs.iter().filter(|it| attribute::is_own(it, "node", position, self.scopes)) {
                let allows: Vec<Allow> = attribute::allows(node, AttributeNeed::Removable, scope, self.spans);
                self.facts.allows.extend(allows);
            }
        }
        function::read_past_underscores(&mut functions);
        self.facts.dataflows.push(DataflowFacts { name, name_span, functions, ..DataflowFacts::default() });
    }

    /// Reads the functions with `#[node]`.
    fn loose(&mut self, position: usize, item: &'ast Item) {
        match item {
            Item::Fn(item) => {
                let (visibility, signature, block) = (&item.vis, &item.sig, &*item.block);
                let attributes = &item.attrs;
                self.node(
                    position,
                    FunctionSource { attributes, visibility, signature, block, of: None, node: None },
                );
            }
            Item::Impl(item) => {
                let of = Some(&*item.self_ty);
                for item in &item.items {
                    if let ImplItem::Fn(item) = item {
                        let (visibility, signature, block) = (&item.vis, &item.sig, &item.block);
                        let attributes = &item.attrs;
                        self.node(
                            position,
                            FunctionSource { attributes, visibility, signature, block, of, node: None },
                        );
                    }
                }
            }
            _ => {}
        }
    }

    fn node(&mut self, position: usize, source: FunctionSource<'ast>) {
        let attributes = source.attributes;
        let is_node = |it: &syn::Attribute| attribute::is_own(it, "node", position, self.scopes);
        let Some(node) = attributes.iter().position(is_node) else { return };
        let source = FunctionSource { node: Some(node), ..source };
        let faults = fault::of_node(&source, node, self.spans);
        self.facts.faults.extend(faults);
        let (mut function, scope) =
            function::read(&source, position, self.scopes, &mut self.helpers, self.spans);
        function::read_past_underscores(std::slice::from_mut(&mut function));
        let allows = attribute::allows(&attributes[node], AttributeNeed::Needed, scope, self.spans);
        self.facts.allows.extend(allows);
        self.facts.loose.push(function);
    }
}
