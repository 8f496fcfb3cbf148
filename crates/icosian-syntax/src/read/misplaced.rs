//! Attributes in places where they have no effect.

use std::collections::HashSet;

use syn::ext::IdentExt;
use syn::{Attribute, ImplItem, Item};

use crate::decorator;
use crate::refusals::Refusals;

/// Refuses a second `#[node]` or `#[dataflow]`, whichever the attribute `name` is, and takes it out.
pub(super) fn refuse_second(attributes: &mut Vec<Attribute>, name: &str, refusals: &mut Refusals) {
    attributes.retain(|attribute| {
        let segments = &attribute.path().segments;
        let is_ours = segments.len() == 1 || segments[0].ident == "icosian";
        let is_second = is_ours && segments.last().is_some_and(|segment| segment.ident == name);
        if is_second {
            refusals.at(attribute, format!("`#[{name}]` is there twice; remove one"));
        }
        !is_second
    });
}

/// Refuses `#[default(..)]` above the functions among `items`, unless the module imports an attribute of this name.
pub(super) fn refuse_defaults(
    items: &mut [Item],
    brought: Option<&HashSet<String>>,
    refusals: &mut Refusals,
) {
    if brought.is_some_and(|brought| brought.contains("default")) {
        return;
    }
    for item in items {
        if let Item::Fn(function) = item {
            refuse_default(&mut function.attrs, refusals);
        }
    }
}

/// Refuses `#[default(..)]` above a function, and removes it.
pub(super) fn refuse_default(attributes: &mut Vec<Attribute>, refusals: &mut Refusals) {
    attributes.retain(|attribute| {
        let is_default = attribute.path().is_ident("default");
        if is_default {
            let why = "`#[default]` goes before a parameter; write `#[default(value)] name: Type` in the parentheses";
            refusals.at(attribute, why);
        }
        !is_default
    });
}

/// Refuses decorators above what is no function, and takes them out. `brought` are the names that the module brings in: what
/// has one of these may be another's attribute, or is ours and says itself that it is misplaced.
pub(super) fn refuse(items: &mut [Item], brought: Option<&HashSet<String>>, refusals: &mut Refusals) {
    let Some(brought) = brought else { return };
    let mut refuse = |attributes: &mut Vec<Attribute>| {
        if attributes.iter().any(|attribute| attribute.path().is_ident("derive")) {
            // It may have attributes of its own.
            return;
        }
        attributes.retain(|attribute| {
            let name = decorator::name_of(attribute).filter(|_| attribute.path().get_ident().is_some());
            let Some(name) = name.filter(|name| !brought.contains(&name.unraw().to_string())) else {
                return true;
            };
            let why = format!(
                "`#[{name}]` decorates nodes, and this is none; write it above a `pub fn` of the module"
            );
            refusals.at(name, why);
            false
        });
    };
    for item in items {
        match item {
            Item::Struct(item) => refuse(&mut item.attrs),
            Item::Enum(item) => refuse(&mut item.attrs),
            Item::Union(item) => refuse(&mut item.attrs),
            Item::Type(item) => refuse(&mut item.attrs),
            Item::Const(item) => refuse(&mut item.attrs),
            Item::Static(item) => refuse(&mut item.attrs),
            Item::Trait(item) => refuse(&mut item.attrs),
            Item::Mod(item) => refuse(&mut item.attrs),
            Item::Impl(item) => {
                refuse(&mut item.attrs);
                for inner in &mut item.items {
                    if let ImplItem::Fn(method) = inner {
                        refuse(&mut method.attrs);
                    }
                }
            }
            _ => {}
        }
    }
}
