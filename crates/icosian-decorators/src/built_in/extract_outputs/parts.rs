use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use icosian_core::decorator::{DecorateContext, sinks};
use icosian_core::node::{Args, Body, Role};
use icosian_core::value::{Projection, ValueType};
use icosian_core::{Name, Node, NodeError, Outline, Output, Param};

use crate::decorate_errors::{Decorated, decorate_error, unknown_node};

/// The parts of a function's output.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    parts: Vec<PartOf>,
    target: Option<Name>,
}

#[derive(Clone)]
struct PartOf {
    name: Name,
    projection: Projection,
    output: Output,
    missing: Option<Arc<MissingPart>>,
}

/// Reports a missing part of the whole, the only parameter.
type MissingPart = dyn Fn(&Args<'_>) -> NodeError + Send + Sync;

/// A map with string keys, whose values are parts.
pub trait Keyed: Any {
    /// The type of the values.
    type Value: Any + Send + Sync;

    /// Returns the value under a key.
    fn at(&self, key: &str) -> Option<&Self::Value>;

    /// Returns the keys, for error messages.
    fn known(&self) -> Vec<&str>;
}

impl<V: Any + Send + Sync, S: BuildHasher + Any> Keyed for HashMap<String, V, S> {
    type Value = V;

    fn at(&self, key: &str) -> Option<&V> {
        self.get(key)
    }

    fn known(&self) -> Vec<&str> {
        let mut keys: Vec<_> = self.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }
}

impl<V: Any + Send + Sync> Keyed for BTreeMap<String, V> {
    type Value = V;

    fn at(&self, key: &str) -> Option<&V> {
        self.get(key)
    }

    fn known(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl Parts {
    pub(crate) fn add(&mut self, name: Name, projection: Projection, output: Output) {
        self.parts.push(PartOf { name, projection, output, missing: None });
    }

    /// Adds a part: the value whose key is the part's name.
    pub(crate) fn add_key<W: Keyed>(&mut self, name: Name, output: Output) {
        let key = name.clone();
        let projection = Projection::new(move |whole: &W| whole.at(&key));
        let key = name.clone();
        let missing = move |args: &Args<'_>| missing_key(&key, args.peek::<W>(0));
        self.parts.push(PartOf { name, projection, output, missing: Some(Arc::new(missing)) });
    }

    pub(crate) fn on(&mut self, node: Name) {
        self.target = Some(node);
    }

    /// Adds a node to `nodes` for each part of the selected output.
    pub(crate) fn decorate(
        &self,
        decorator: &'static str,
        wanted: ValueType,
        mut nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Decorated<Vec<Node>> {
        let function = scope.function().name();
        let at = match &self.target {
            Some(name) => nodes.iter().position(|node| node.name() == name).ok_or_else(|| {
                unknown_node(decorator, function, name, nodes.iter().map(|node| node.name().as_str()))
            })?,
            None => match sinks(&nodes).as_slice() {
                [only] => *only,
                several => {
                    let names: Vec<_> = several.iter().map(|at| format!("`{}`", nodes[*at].name())).collect();
                    let error = decorate_error(
                        "ICO0419 unclear-target",
                        format!(
                            "`{decorator}` splits one output, but `{function}` has several: {}",
                            names.join(", ")
                        ),
                        "name the output to split with `on(..)`",
                    );
                    return Err(error.into());
                }
            },
        };
        let whole = nodes[at].outline();
        let given = whole.output().value_type();
        if given != wanted {
            let error = decorate_error(
                "ICO0421 decorator-type-mismatch",
                format!("`{decorator}` splits a `{wanted}`, but `{}` returns `{given}`", whole.name()),
                format!("split a `{given}`"),
            );
            return Err(error.into());
        }
        let parts: Vec<_> = self.parts.iter().map(|part| part.node(whole, decorator)).collect();
        let rest = nodes.split_off(at + 1);
        nodes.extend(parts.into_iter().chain(rest));
        Ok(nodes)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().map(|part| &part.name)
    }
}

impl PartOf {
    fn node(&self, whole: &Outline, decorator: &'static str) -> Node {
        let outline = Outline::new(&self.name)
            .with_param(Param::exactly(self.projection.whole(), whole.name()))
            .with_output(self.output.clone().part_of(0))
            .in_role(Role::MadeBy(decorator));
        let outline = whole.location().into_iter().fold(outline, Outline::with_location);
        let Self { projection, missing, output: part, .. } = self.clone();
        let body = Body::erased(move |args| {
            args.project(0, &projection, &part)
                .map_err(|error| missing.as_ref().map_or(error, |missing| missing(args)))
        });
        Node::from_parts(outline, body)
    }
}

/// Returns the error of a part whose key is missing in `whole`.
#[cold]
fn missing_key<W: Keyed>(key: &str, whole: Option<&W>) -> NodeError {
    let known = whole.map(Keyed::known).unwrap_or_default();
    let there = if known.is_empty() {
        "the map is empty".to_owned()
    } else {
        format!("known keys: `{}`", known.join("`, `"))
    };
    NodeError::failed(format!("key `{key}` is missing; {there}"))
}

/// Returns the value under `key`, for compiled dataflows.
///
/// # Errors
/// There is no such key.
pub fn key<'a, W: Keyed>(whole: &'a W, key: &str) -> Result<&'a W::Value, NodeError> {
    whole.at(key).ok_or_else(|| missing_key(key, Some(whole)))
}

/// Returns the value under `key`, or `default`, for compiled dataflows.
pub fn key_or<'a, W: Keyed>(whole: &'a W, key: &str, default: &'a W::Value) -> &'a W::Value {
    whole.at(key).unwrap_or(default)
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
