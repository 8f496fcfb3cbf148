//! The names of decorators in attributes.

use std::fmt::Display;

use icosian_spec::BuiltIn;
use syn::{Attribute, Ident, Path};

use crate::read::behind_cfg_attr;

/// Returns the name of a decorator's attribute. Its path may start with `icosian`, `icosian::decorators` or `icosian::prelude`.
pub(crate) fn name_of(attribute: &Attribute) -> Option<&Ident> {
    name_in(attribute.path())
}

/// Returns the decorator's name in `path`.
pub(crate) fn name_in(path: &Path) -> Option<&Ident> {
    let segments = &path.segments;
    let name = &segments.last()?.ident;
    let door = segments.iter().rev().nth(1);
    let is_ours =
        door.is_none_or(|door| ["icosian", "decorators", "prelude"].iter().any(|ours| door.ident == ours));
    (is_ours && is_name(&name.to_string())).then_some(name)
}

/// Returns whether `name` is the name of a decorator, reserved or not.
pub(crate) fn is_name(name: &str) -> bool {
    BuiltIn::named(name).is_some()
}

/// Returns the name of a decorator inside a `cfg_attr`.
pub(crate) fn hidden_name(attribute: &Attribute) -> Option<Ident> {
    behind_cfg_attr(attribute).iter().find_map(|hidden| name_in(hidden.path()).cloned())
}

/// Returns the message for the decorator `name` of an item that cannot be a node.
pub(crate) fn not_a_node(name: impl Display) -> String {
    format!("`#[{name}]` decorates an item that is not a node")
}
