//! Attributes in places where they have no effect.

use std::collections::HashSet;

use syn::ext::IdentExt;
use syn::{Attribute, ImplItem, Item};

use super::collection::is_collect;
use crate::code;
use crate::decorator::attribute_name::{name_of, not_a_node};
use crate::faults::Faults;

/// Reports a second `#[node]` or `#[dataflow]`, and removes it.
pub(super) fn refuse_second(attributes: &mut Vec<Attribute>, name: &str, faults: &mut Faults) {
    attributes.retain(|attribute| {
        let segments = &attribute.path().segments;
        let is_ours = segments.len() == 1 || segments[0].ident == "icosian";
        let is_second = is_ours && segments.last().is_some_and(|segment| segment.ident == name);
        if is_second {
            let message = format!("`#[{name}]` is repeated");
            faults.report(code::REDUNDANT_ATTRIBUTE, attribute, message, "remove one of the two");
        }
        !is_second
    });
}

/// Reports `#[default(..)]` and `#[collect(..)]` above the functions among `items`, unless the module imports an attribute of this
/// name.
pub(super) fn refuse_attributes_of_params(
    items: &mut [Item],
    brought: Option<&HashSet<String>>,
    faults: &mut Faults,
) {
    let is_ours = |name: &str| brought.is_none_or(|brought| !brought.contains(name));
    for item in items {
        let Item::Fn(function) = item else { continue };
        if is_ours("default") {
            refuse_default(&mut function.attrs, faults);
        }
        if is_ours("collect") {
            refuse_collect(&mut function.attrs, faults);
        }
    }
}

/// Reports `#[collect(..)]` above a function, and removes it.
pub(super) fn refuse_collect(attributes: &mut Vec<Attribute>, faults: &mut Faults) {
    attributes.retain(|attribute| {
        let is_collect = is_collect(attribute);
        if is_collect {
            let help = "write `#[collect(unordered)] name: Collect<..>` in the list of parameters";
            faults.report(code::MISPLACED_DECORATOR, attribute, "`#[collect]` is above a function", help);
        }
        !is_collect
    });
}

/// Reports `#[default(..)]` above a function, and removes it.
pub(super) fn refuse_default(attributes: &mut Vec<Attribute>, faults: &mut Faults) {
    attributes.retain(|attribute| {
        let is_default = attribute.path().is_ident("default");
        if is_default {
            let help = "write `#[default(value)] name: Type` in the list of parameters";
            faults.report(code::INVALID_DEFAULT, attribute, "`#[default]` is above a function", help);
        }
        !is_default
    });
}

/// Reports decorators above items that are not functions, and removes them. An attribute with one of the `brought` names may
/// belong to another crate; if it is a decorator, it reports itself.
pub(super) fn refuse(items: &mut [Item], brought: Option<&HashSet<String>>, faults: &mut Faults) {
    let Some(brought) = brought else { return };
    let mut refuse = |attributes: &mut Vec<Attribute>| {
        if attributes.iter().any(|attribute| attribute.path().is_ident("derive")) {
            // A derive may have attributes of these names.
            return;
        }
        attributes.retain(|attribute| {
            let name = name_of(attribute).filter(|_| attribute.path().get_ident().is_some());
            let Some(name) = name.filter(|name| !brought.contains(&name.unraw().to_string())) else {
                return true;
            };
            let help = "move the attribute above a `pub fn` of the module";
            faults.report(code::MISPLACED_DECORATOR, name, not_a_node(name), help);
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
