//! Decorators under other names: `use icosian::retry as again`, `use icosian::decorators as deco`.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, Item, Path, UseTree, parse_quote};

use crate::decorator::attribute_name::{is_name, name_of};

/// The other names of decorators that a module imports.
#[derive(Default)]
pub(crate) struct Aliases {
    /// Names of decorators, by alias.
    decorators: HashMap<String, String>,
    /// Names of modules that hold decorators.
    modules: HashSet<String>,
    /// All names that the module imports one by one, whatever its configuration.
    imported: HashSet<String>,
    /// The decorators that were written by one of these names.
    used: Vec<Path>,
}

impl Aliases {
    /// Collects the names that the `use` items among `items` import from `icosian`, or from `facade`.
    pub(super) fn of(items: &[Item], facade: Option<&Path>) -> Self {
        let mut aliases = Self::default();
        let root =
            facade.and_then(|facade| facade.segments.last()).map(|last| last.ident.unraw().to_string());
        aliases.modules.extend(root);
        for item in items {
            if let Item::Use(item) = item
                && !item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"))
            {
                aliases.add(&item.tree, &mut Vec::new(), facade);
            }
        }
        aliases
    }

    fn add(&mut self, tree: &UseTree, before: &mut Vec<String>, facade: Option<&Path>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.unraw().to_string());
                self.add(&path.tree, before, facade);
                before.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(tree, before, facade)),
            UseTree::Rename(rename) => self.import(before, &rename.ident, &rename.rename, facade),
            UseTree::Name(name) => self.import(before, &name.ident, &name.ident, facade),
            UseTree::Glob(_) => {}
        }
    }

    fn import(&mut self, before: &[String], imported: &Ident, alias: &Ident, facade: Option<&Path>) {
        let (imported, alias) = (imported.unraw().to_string(), alias.unraw().to_string());
        self.imported.insert(alias.clone());
        let mut path: Vec<&str> = before.iter().map(String::as_str).collect();
        if imported != "self" {
            path.push(&imported);
        }
        let facade: Vec<_> = facade.iter().flat_map(|facade| &facade.segments).collect();
        let is_under_facade = !facade.is_empty()
            && path.len() >= facade.len()
            && facade.iter().zip(&path).all(|(segment, name)| segment.ident == name);
        let inside = match path.split_first() {
            _ if is_under_facade => &path[facade.len()..],
            Some((&"icosian", inside)) => inside,
            _ => return,
        };
        match inside {
            [] | ["decorators" | "prelude"] => _ = self.modules.insert(alias),
            [.., last] if is_name(last) && *last != alias => {
                self.decorators.insert(alias, (*last).to_owned());
            }
            _ => {}
        }
    }

    /// Replaces each alias of a decorator in `attributes` by the decorator's own name.
    pub(super) fn resolve(&mut self, attributes: &mut [Attribute]) {
        for attribute in attributes {
            let path = attribute.path();
            let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else { continue };
            let (first, last) = (first.ident.unraw().to_string(), &last.ident);
            let name = if path.segments.len() == 1 {
                self.decorators.get(&first).cloned()
            } else {
                let is_ours = self.modules.contains(&first);
                Some(last.unraw().to_string()).filter(|name| is_ours && is_name(name))
            };
            let is_decorator = name.is_some() || name_of(attribute).is_some();
            if is_decorator && path.leading_colon.is_none() && self.imported.contains(&first) {
                self.used.push(path.clone());
            }
            if let Some(name) = name {
                *path_of(attribute) = format_ident!("{name}", span = last.span()).into();
            }
        }
    }

    /// Writes a use of each import that only attributes use. The attributes are gone after expansion, and the compiler
    /// would report the imports as unused.
    pub(super) fn written(&self) -> Option<Item> {
        let used = &self.used;
        (!used.is_empty()).then(|| {
            parse_quote! {
                const _: () = {
                    #(
                        #[allow(unused_imports, reason = "marks the import of the module as used")]
                        use #used as _;
                    )*
                };
            }
        })
    }
}

fn path_of(attribute: &mut Attribute) -> &mut Path {
    match &mut attribute.meta {
        syn::Meta::Path(path) => path,
        syn::Meta::List(list) => &mut list.path,
        syn::Meta::NameValue(meta) => &mut meta.path,
    }
}

/// Returns the name under which an attribute was written, if its source is known and the name is not `name`.
pub(crate) fn written_name(attribute: Span, name: &str) -> Option<String> {
    let source = attribute.source_text()?;
    let inside = source.trim_start().strip_prefix("#[").unwrap_or(&source);
    let path: String =
        inside.chars().take_while(|letter| letter.is_alphanumeric() || "_:#".contains(*letter)).collect();
    let last = path.rsplit("::").next()?.trim_start_matches("r#");
    (!last.is_empty() && last != name).then(|| last.to_owned())
}
