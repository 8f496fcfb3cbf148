use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

use crate::tidy::source::is_test;

/// Macros whose tokens are code of another place.
const QUOTING: [&str; 5] = ["quote", "quote_spanned", "parse_quote", "parse_quote_spanned", "stringify"];

/// An import of an item of one file by another file.
#[derive(Debug, Clone)]
pub(super) struct Import {
    /// The importing file: an index into the sources.
    pub(super) from: usize,
    /// The line of the first such import.
    pub(super) line: usize,
    /// The name of the item.
    pub(super) item: String,
    /// The file that defines the item: an index into the sources.
    pub(super) to: usize,
}

/// A path in the code of a module, without a leading `::`.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
    pub(super) kind: ReferenceKind,
}

/// The syntax that a path is part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReferenceKind {
    /// A type, an expression, a pattern or a bound.
    Path,
    /// A `use` that binds this name, or `_`.
    Use { name: String, visibility: UseVisibility },
    /// A `use` that ends in `*`.
    Glob { visibility: UseVisibility },
}

/// The visibility of a `use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UseVisibility {
    Private,
    Exported,
}

impl ReferenceKind {
    pub(super) fn is_exported(&self) -> bool {
        let (Self::Use { visibility, .. } | Self::Glob { visibility }) = self else { return false };
        *visibility == UseVisibility::Exported
    }
}

/// The code of one module, without the code of its child modules and of tests.
#[derive(Debug, Default)]
pub(super) struct ModuleCode {
    /// The names of the items that the module defines.
    pub(super) items: Vec<String>,
    /// The names of its `macro_rules!` macros with `#[macro_export]`.
    pub(super) exported_macros: Vec<String>,
    pub(super) references: Vec<Reference>,
}

impl ModuleCode {
    /// Reads the items of a module.
    pub(super) fn read(items: &[Item]) -> Self {
        let mut code = Self::default();
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            code.items.extend(defined_name(item).map(ToString::to_string));
            if let Item::Macro(item) = item
                && let Some(name) = &item.ident
                && item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
            {
                code.exported_macros.push(name.to_string());
            }
            code.visit_item(item);
        }
        code
    }

    fn add_use(&mut self, tree: &UseTree, prefix: &[String], visibility: UseVisibility) {
        let line = tree.span().start().line;
        let extended = |ident: &Ident| {
            let mut path = prefix.to_vec();
            // `use plan::{self}` imports `plan`.
            if ident != "self" || path.is_empty() {
                path.push(ident.to_string());
            }
            path
        };
        let (path, kind) = match tree {
            UseTree::Path(path) => return self.add_use(&path.tree, &extended(&path.ident), visibility),
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.add_use(tree, prefix, visibility));
            }
            UseTree::Name(name) => {
                let path = extended(&name.ident);
                let name = path.last().cloned().unwrap_or_default();
                (path, ReferenceKind::Use { name, visibility })
            }
            UseTree::Rename(rename) => {
                (extended(&rename.ident), ReferenceKind::Use { name: rename.rename.to_string(), visibility })
            }
            UseTree::Glob(_) => (prefix.to_vec(), ReferenceKind::Glob { visibility }),
        };
        self.references.push(Reference { line, path, kind });
    }

    /// Adds the paths among the tokens of a macro's arguments.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let is_colon =
            |index: usize| matches!(tokens.get(index), Some(TokenTree::Punct(it)) if it.as_char() == ':');
        let mut index = 0;
        while index < tokens.len() {
            match &tokens[index] {
                TokenTree::Ident(first) => {
                    let is_member = index > 0
                        && matches!(&tokens[index - 1], TokenTree::Punct(it) if matches!(it.as_char(), '.' | '$' | '\''));
                    let is_absolute = index > 1 && is_colon(index - 1) && is_colon(index - 2);
                    let mut path = vec![first.to_string()];
                    while is_colon(index + 1)
                        && is_colon(index + 2)
                        && let Some(TokenTree::Ident(next)) = tokens.get(index + 3)
                    {
                        path.push(next.to_string());
                        index += 3;
                    }
                    if !is_member && !is_absolute {
                        let line = first.span().start().line;
                        self.references.push(Reference { line, path, kind: ReferenceKind::Path });
                    }
                }
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                _ => {}
            }
            index += 1;
        }
    }
}

impl<'ast> Visit<'ast> for ModuleCode {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    // A child module has its own code.
    fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {}

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            let visibility = match item.vis {
                Visibility::Inherited => UseVisibility::Private,
                _ => UseVisibility::Exported,
            };
            self.add_use(&item.tree, &[], visibility);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let line = path.span().start().line;
            let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.references.push(Reference { line, path: segments, kind: ReferenceKind::Path });
        }
        visit::visit_path(self, path);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if item.ident.is_none() {
            self.visit_macro(&item.mac);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        let name = call.path.segments.last().map(|segment| segment.ident.to_string());
        if !name.is_some_and(|name| QUOTING.contains(&name.as_str())) {
            self.add_tokens(call.tokens.clone());
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

fn defined_name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(it) => Some(&it.ident),
        Item::Enum(it) => Some(&it.ident),
        Item::Fn(it) => Some(&it.sig.ident),
        Item::Macro(it) => it.ident.as_ref(),
        Item::Static(it) => Some(&it.ident),
        Item::Struct(it) => Some(&it.ident),
        Item::Trait(it) => Some(&it.ident),
        Item::TraitAlias(it) => Some(&it.ident),
        Item::Type(it) => Some(&it.ident),
        Item::Union(it) => Some(&it.ident),
        _ => None,
    }
}
