//! What decorators do while a driver is built, seen by decorators around them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use icosian_core::{
    AdapterSpec, Asked, Attachments, Caps, Colour, Config, ConfigChoice, Dataflow, DecorateContext,
    DecorateError, Decoration, Decorator, DecoratorSpec, Function, Name, Node, Outline, Phase, Verdict,
    is_own, judge,
};
use icosian_diagnostics::{Diagnostics, Location, nearest};
use icosian_rules::Key;

/// All that was seen.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
pub(crate) struct Seen {
    applied: Vec<Applied>,
    pub(crate) variants: Vec<SeenVariant>,
    dataflows: usize,
    decorators: usize,
    /// The names of the config values.
    config: Vec<Name>,
    /// The names of nodes.
    nodes: BTreeSet<Name>,
    /// The names that parameters read and that decorators compare.
    reads: BTreeSet<Name>,
    /// The decorators that may add parameters and were not applied so far.
    unapplied: BTreeSet<usize>,
    /// Whether a decorator failed.
    has_failed: bool,
}

/// A decorator that was applied to a function, in the order in which that was done.
struct Applied {
    /// Which dataflow, and which of its functions.
    function: (usize, Name),
    /// Which decorator: it is applied to each node that runs the function's body.
    decorator: usize,
    spec: DecoratorSpec,
    place: Option<Location>,
    /// What kind of body it found.
    colour: Colour,
}

/// A function that is a variant of a node.
pub(crate) struct SeenVariant {
    pub(crate) dataflow: usize,
    pub(crate) node: Name,
    pub(crate) function: Outline,
}

/// A decorator that does less than it says.
pub(crate) struct SeenDoubt {
    pub(crate) function: Name,
    pub(crate) decorator: &'static str,
    pub(crate) place: Option<Location>,
    pub(crate) missing: Caps,
}

impl Watch {
    /// Returns the dataflow with watched decorators.
    pub(crate) fn over(&self, dataflow: Dataflow) -> Dataflow {
        let at = self.seen(|seen| {
            seen.dataflows += 1;
            seen.dataflows
        });
        let empty = Dataflow::new(dataflow.name().clone()).with_private(dataflow.private());
        dataflow.into_functions().into_iter().fold(empty, |dataflow, function| {
            let (node, decorations) = function.into_parts();
            self.seen(|seen| seen.add_node(node.outline()));
            let watched = decorations.into_iter().map(|decoration| {
                let inner = Arc::clone(decoration.decorator());
                Decoration::new(self.around(at, inner, decoration.location()), decoration.location())
            });
            dataflow.with_node(watched.fold(Function::new(node), Function::with_decoration))
        })
    }

    fn around(
        &self,
        dataflow: usize,
        inner: Arc<dyn Decorator>,
        place: Option<Location>,
    ) -> Arc<dyn Decorator> {
        let choices = inner.config_choices();
        let may_read = !matches!(inner.spec().phase(), Phase::Resolve | Phase::Mark | Phase::Wrap);
        let number = self.seen(|seen| {
            seen.decorators += 1;
            seen.reads.extend(choices.iter().map(|choice| choice.key().clone()));
            if may_read {
                seen.unapplied.insert(seen.decorators);
            }
            seen.decorators
        });
        Arc::new(Watched { inner, dataflow, number, place, watch: self.clone() })
    }

    /// Records the names of the config values.
    pub(crate) fn see_config(&self, config: &Config) {
        self.seen(|seen| seen.config.extend(config.entries().map(|(name, _)| name.clone())));
    }

    /// Records the result of a decorator.
    fn see_result<T>(
        &self,
        result: Result<T, Diagnostics<DecorateError>>,
    ) -> Result<T, Diagnostics<DecorateError>> {
        if result.is_err() {
            self.seen(|seen| seen.has_failed = true);
        }
        result
    }

    pub(crate) fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Seen {
    fn add_node(&mut self, outline: &Outline) {
        self.nodes.insert(outline.name().clone());
        self.reads.extend(outline.params().iter().map(|param| param.source().clone()));
    }

    /// Returns the config values of a driver that was not built.
    ///
    /// Returns none if a decorator may read further names: it failed, or it was not applied.
    pub(crate) fn keys(&self, asked: &Asked) -> Vec<Key> {
        if self.has_failed || !self.unapplied.is_empty() {
            return Vec::new();
        }
        let asked = asked.names();
        let read: BTreeSet<&Name> = self.reads.iter().chain(&asked).collect();
        let keys = self.config.iter().map(|name| {
            let is_read = read.contains(name) || self.nodes.contains(name);
            let missed = read.iter().filter(|it| !self.config.contains(it) && !self.nodes.contains(**it));
            let meant = if is_read { None } else { nearest(name, missed.map(|it| it.as_str())) };
            Key { name: name.to_string(), is_read, meant: meant.map(str::to_owned) }
        });
        keys.collect()
    }

    /// Returns the decorators that do without something that they want of `adapter`.
    pub(crate) fn doubts(&self, adapter: &AdapterSpec) -> Vec<SeenDoubt> {
        let mut functions: Vec<(&(usize, Name), Vec<&Applied>)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for applied in &self.applied {
            let at = *places.entry(&applied.function).or_insert_with(|| {
                functions.push((&applied.function, Vec::new()));
                functions.len() - 1
            });
            if functions[at].1.iter().all(|other| other.decorator != applied.decorator) {
                functions[at].1.push(applied);
            }
        }
        functions.iter().flat_map(|((_, name), applied)| doubts(name, applied, adapter)).collect()
    }
}

fn doubts(function: &Name, applied: &[&Applied], adapter: &AdapterSpec) -> Vec<SeenDoubt> {
    // What is around a body has changed its colour for those after it; they are all judged by the body's own.
    let around = applied.iter().find(|it| it.spec.phase() == Phase::Wrap).or(applied.last());
    let Some(colour) = around.map(|it| it.colour) else { return Vec::new() };
    let mut specs: Vec<DecoratorSpec> = applied.iter().map(|it| it.spec).collect();
    let mut doubts = Vec::new();
    while let Verdict::Degraded { by, missing } = judge(colour, &specs, adapter) {
        let wants = |spec: &DecoratorSpec| spec.name() == by && spec.used().contains(missing);
        let Some(at) = specs.iter().position(wants) else { break };
        let (decorator, place) = (by, applied[at].place);
        doubts.push(SeenDoubt { function: function.clone(), decorator, place, missing });
        // The next verdict is about the next one. One that does without what it wants grants nothing.
        let spec = &specs[at];
        specs[at] =
            DecoratorSpec::new(spec.name(), spec.phase()).requires(spec.required()).removes(spec.removed());
    }
    doubts
}

/// A decorator that is watched. It does what the one in it does.
struct Watched {
    inner: Arc<dyn Decorator>,
    dataflow: usize,
    number: usize,
    place: Option<Location>,
    watch: Watch,
}

impl Decorator for Watched {
    fn spec(&self) -> DecoratorSpec {
        self.inner.spec()
    }

    fn decorate(
        &self,
        nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        let spec = self.spec();
        if spec.phase() != Phase::Resolve {
            let own = nodes.iter().map(Node::outline).find(|outline| is_own(outline));
            let applied = Applied {
                function: (self.dataflow, scope.function().name().clone()),
                decorator: self.number,
                spec,
                place: self.place,
                colour: own.unwrap_or(scope.function()).colour(),
            };
            self.watch.seen(|seen| seen.applied.push(applied));
        }
        let nodes = self.watch.see_result(self.inner.decorate(nodes, scope))?;
        self.watch.seen(|seen| {
            seen.unapplied.remove(&self.number);
            for node in &nodes {
                seen.add_node(node.outline());
            }
        });
        Ok(nodes)
    }

    fn stands_for(
        &self,
        scope: &DecorateContext<'_>,
    ) -> Result<Option<Vec<Arc<dyn Decorator>>>, Diagnostics<DecorateError>> {
        let others = self.watch.see_result(self.inner.stands_for(scope))?;
        let around = |inner| self.watch.around(self.dataflow, inner, self.place);
        Ok(others.map(|others| others.into_iter().map(around).collect()))
    }

    fn attachments(
        &self,
        node: &Node,
        scope: &DecorateContext<'_>,
    ) -> Result<Attachments, Diagnostics<DecorateError>> {
        let sends = self.watch.see_result(self.inner.attachments(node, scope))?.into_iter();
        let around = |inner| self.watch.around(self.dataflow, inner, self.place);
        Ok(sends.map(|(target, inner)| (target, around(inner))).collect())
    }

    fn variant_of(&self, function: &Outline) -> Option<Name> {
        let node = self.inner.variant_of(function)?;
        let variant = SeenVariant { dataflow: self.dataflow, node: node.clone(), function: function.clone() };
        self.watch.seen(|seen| seen.variants.push(variant));
        Some(node)
    }

    fn config_choices(&self) -> Vec<ConfigChoice> {
        self.inner.config_choices()
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}
