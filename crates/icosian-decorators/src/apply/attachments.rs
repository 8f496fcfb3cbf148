use std::collections::HashSet;
use std::sync::Arc;

use icosian_core::decorator::{Attachments, BuiltIn, DecorateContext, DecorateError, DecoratorSpec};
use icosian_core::node::{Decoration, Function};
use icosian_core::{Decorator, Name, Node, Outline};
use icosian_diagnostics::Diagnostics;

use crate::decorate_errors::{Decorated, decorate_error, suggest, with_labels};

/// The decorators that a function attaches to other functions.
pub(crate) struct AttachedDecorators {
    pub(crate) attachments: Attachments,
    /// The decorator that attaches them.
    pub(crate) by: Decoration,
    pub(crate) from: Outline,
}

/// The names of the functions of a dataflow and of their nodes.
#[derive(Debug, Default)]
pub(crate) struct FlowNames {
    all: Vec<Name>,
    /// Those of functions that are not nodes under any config.
    never: Vec<Name>,
}

impl FlowNames {
    pub(crate) fn add(&mut self, name: &Name) {
        self.all.push(name.clone());
    }

    /// Notes the names of a function before anything is done with it: its own, and that of the node that it is a variant of.
    pub(crate) fn add_function(&mut self, function: &Function) {
        let outline = function.node().outline();
        self.add(outline.name());
        for decoration in function.decorations() {
            let decorator = decoration.decorator();
            if matches!(decorator.spec().built_in(), Some(BuiltIn::Exclude | BuiltIn::Mutate)) {
                self.never.push(outline.name().clone());
            }
            self.all.extend(decorator.variant_of(outline));
        }
    }

    /// Returns each once, but for `own`.
    fn others(&self, own: &Name) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.all.iter().filter(|name| *name != own && seen.insert(*name)).map(Name::as_str).collect()
    }
}

impl AttachedDecorators {
    /// Attaches the decorators to their targets with `put`, which returns whether the target exists.
    pub(crate) fn deliver(
        self,
        dataflow: &Name,
        names: &FlowNames,
        mut put: impl FnMut(&Name, &Decoration) -> bool,
        problems: &mut Diagnostics<DecorateError>,
    ) {
        let Self { attachments, by, from } = self;
        let name = by.decorator().spec().name();
        let mut told = |error: DecorateError| problems.extend(with_labels(error.into(), &by, &from));
        let mut dropped = Vec::new();
        let mut is_of_use = false;
        for (target, decorator) in attachments {
            let decoration = Decoration::new(Arc::new(Attached { name, decorator }), by.location());
            if put(&target, &decoration) {
                is_of_use = true;
            } else if names.all.contains(&target) {
                dropped.push(target);
            } else {
                is_of_use = true;
                told(decorate_error(
                    "ICO0413 mutate-target-missing",
                    format!("`{}` targets `{target}`, which is not a function of `{dataflow}`", from.name()),
                    suggest(&target, &names.others(from.name()), "name a function of the same dataflow"),
                ));
            }
        }
        // Where others are there, one that is not needs nothing.
        if is_of_use || dropped.is_empty() {
            return;
        }
        let (never, by_config): (Vec<_>, Vec<_>) =
            dropped.iter().partition(|target| names.never.contains(target));
        let (targets, why) =
            if by_config.is_empty() { (never, "is not a node") } else { (by_config, "config excludes") };
        let targets: Vec<_> = targets.iter().map(|target| format!("`{target}`")).collect();
        told(decorate_error(
            "ICO0413 mutate-target-missing",
            format!("`{}` targets only {}, which {why}", from.name(), targets.join(", ")),
            format!("exclude `{}` by config too, or target a function that is a node", from.name()),
        ));
    }
}

/// An attached decorator, under the name of the decorator in the source.
#[derive(Debug)]
struct Attached {
    name: &'static str,
    decorator: Arc<dyn Decorator>,
}

impl Decorator for Attached {
    fn spec(&self) -> DecoratorSpec {
        self.decorator.spec().with_name(self.name)
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        self.decorator.decorate(nodes, scope)
    }
}
