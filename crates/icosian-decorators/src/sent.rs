use std::collections::HashSet;
use std::sync::Arc;

use icosian_core::{
    DecorateError, Decoration, Decorator, DecoratorSpec, Name, Node, Outline, Problems, Scope, Sends,
};

use crate::wrong::{Decorated, marked, suggested, wrong};

/// Decorators that one function puts on others.
pub(crate) struct Sent {
    pub(crate) sends: Sends,
    /// The decorator that puts them there.
    pub(crate) by: Decoration,
    pub(crate) from: Outline,
}

/// What the functions of a dataflow are called, and the nodes that they become.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<Name>);

impl Names {
    pub(crate) fn add(&mut self, name: &Name) {
        self.0.push(name.clone());
    }

    /// Returns each once, but for `own`.
    fn others(&self, own: &Name) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.0.iter().filter(|name| *name != own && seen.insert(*name)).map(Name::as_str).collect()
    }
}

impl Sent {
    /// Gives each target what it is sent by `put`, which says whether anything was there to be put on.
    pub(crate) fn deliver(
        self,
        dataflow: &Name,
        names: &Names,
        mut put: impl FnMut(&Name, &Decoration) -> bool,
        problems: &mut Problems<DecorateError>,
    ) {
        let Self { sends, by, from } = self;
        let name = by.decorator().spec().name();
        for (target, decorator) in sends {
            let decoration = Decoration::new(Arc::new(PutBy { name, decorator }), by.place());
            // A target that config does not keep needs nothing.
            if !put(&target, &decoration) && !names.0.contains(&target) {
                let error = wrong(
                    "icosian::decorators::unknown_target",
                    format!("`{}` is put on `{target}`, which is no function of `{dataflow}`", from.name()),
                    suggested(&target, &names.others(from.name()), "name a function of the same dataflow"),
                );
                problems.extend(marked(error.into(), &by, &from));
            }
        }
    }
}

/// A decorator that another has put here, under the name of the one that somebody wrote.
#[derive(Debug)]
struct PutBy {
    name: &'static str,
    decorator: Arc<dyn Decorator>,
}

impl Decorator for PutBy {
    fn spec(&self) -> DecoratorSpec {
        let spec = self.decorator.spec();
        DecoratorSpec::new(self.name, spec.phase())
            .needs(spec.needed())
            .wants(spec.wanted())
            .grants(spec.granted())
            .revokes(spec.revoked())
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &Scope<'_>) -> Decorated<Vec<Node>> {
        self.decorator.decorate(nodes, scope)
    }
}
