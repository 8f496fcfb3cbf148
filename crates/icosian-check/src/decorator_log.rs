//! A log of the decorators that are applied while a driver is built.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use icosian_core::decorator::{
    Attachments, ConfigChoice, ConfigReads, DecorateContext, DecorateError, DecoratorSpec, Phase, Verdict,
    is_own, judge,
};
use icosian_core::node::{Asyncness, Decoration, Function};
use icosian_core::{AdapterSpec, Caps, Config, Dataflow, Decorator, Name, Node, Outline};
use icosian_diagnostics::{Diagnostics, Location, nearest};
use icosian_rules::ConfigKey;

use crate::declared_outputs::DeclaredOutputs;

/// A shared log. Each decorator of an observed dataflow is wrapped in one that records its calls.
#[derive(Clone, Default)]
pub(crate) struct DecoratorLog(Arc<Mutex<Records>>);

/// The entries of a [`DecoratorLog`].
#[derive(Default)]
pub(crate) struct Records {
    applied: Vec<Applied>,
    pub(crate) variants: Vec<VariantRecord>,
    pub(crate) declared: DeclaredOutputs,
    dataflows: usize,
    decorators: usize,
    /// The names of the config values.
    config: Vec<Name>,
    /// The names of nodes.
    nodes: BTreeSet<Name>,
    /// The names that parameters read and that decorators compare.
    reads: BTreeSet<Name>,
    /// The decorators that may add parameters and have not been applied yet.
    unapplied: BTreeSet<usize>,
    /// Set if a decorator failed.
    has_failed: bool,
}

/// A decorator that was applied to a function, in the order of application.
struct Applied {
    /// The number of the dataflow, and the name of the function.
    function: (usize, Name),
    /// The number of the decorator. It is applied to each node that runs the function's body.
    decorator: usize,
    spec: DecoratorSpec,
    location: Option<Location>,
    /// The asyncness of the body when the decorator was applied.
    asyncness: Asyncness,
}

/// A function that is a variant of a node.
pub(crate) struct VariantRecord {
    pub(crate) dataflow: usize,
    pub(crate) node: Name,
    pub(crate) function: Outline,
}

/// A decorator that lacks a capability of the adapter which it wants but does not require.
pub(crate) struct DegradedDecorator {
    pub(crate) function: Name,
    pub(crate) decorator: &'static str,
    pub(crate) location: Option<Location>,
    pub(crate) missing: Caps,
}

impl DecoratorLog {
    /// Returns the dataflow with observed decorators.
    pub(crate) fn observe(&self, dataflow: Dataflow) -> Dataflow {
        let at = self.with_records(|records| {
            records.dataflows += 1;
            records.dataflows
        });
        self.with_records(|records| records.declared.add(&dataflow));
        let empty = Dataflow::new(dataflow.name().clone())
            .with_private(dataflow.private())
            .with_declared_outputs(dataflow.declared_outputs());
        dataflow.into_functions().into_iter().fold(empty, |dataflow, function| {
            let (node, decorations) = function.into_parts();
            self.with_records(|records| records.add_node(node.outline()));
            let observed = decorations.into_iter().map(|decoration| {
                let inner = Arc::clone(decoration.decorator());
                Decoration::new(self.wrap(at, inner, decoration.location()), decoration.location())
            });
            dataflow.with_node(observed.fold(Function::new(node), Function::with_decoration))
        })
    }

    fn wrap(
        &self,
        dataflow: usize,
        inner: Arc<dyn Decorator>,
        location: Option<Location>,
    ) -> Arc<dyn Decorator> {
        let choices = inner.config_choices();
        let may_read = !matches!(inner.spec().phase(), Phase::Resolve | Phase::Mark | Phase::Wrap);
        let number = self.with_records(|records| {
            records.decorators += 1;
            records.reads.extend(choices.iter().map(|choice| choice.key().clone()));
            if may_read {
                records.unapplied.insert(records.decorators);
            }
            records.decorators
        });
        Arc::new(ObservedDecorator { inner, dataflow, number, location, log: self.clone() })
    }

    /// Records the names of the config values.
    pub(crate) fn record_config(&self, config: &Config) {
        self.with_records(|records| records.config.extend(config.entries().map(|(name, _)| name.clone())));
    }

    /// Records the result of a decorator.
    fn record_result<T>(
        &self,
        result: Result<T, Diagnostics<DecorateError>>,
    ) -> Result<T, Diagnostics<DecorateError>> {
        if result.is_err() {
            self.with_records(|records| records.has_failed = true);
        }
        result
    }

    pub(crate) fn with_records<T>(&self, work: impl FnOnce(&mut Records) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Records {
    fn add_node(&mut self, outline: &Outline) {
        self.nodes.insert(outline.name().clone());
        self.reads.extend(outline.params().iter().map(|param| param.source().clone()));
    }

    /// Returns the config values of a driver that was not built.
    ///
    /// Returns none if a decorator may read further names: it failed, or it was not applied.
    pub(crate) fn config_keys(&self, reads: &ConfigReads) -> Vec<ConfigKey> {
        if self.has_failed || !self.unapplied.is_empty() {
            return Vec::new();
        }
        let reads = reads.names();
        let read: BTreeSet<&Name> = self.reads.iter().chain(&reads).collect();
        let keys = self.config.iter().map(|name| {
            let is_read = read.contains(name) || self.nodes.contains(name);
            let missed = read.iter().filter(|it| !self.config.contains(it) && !self.nodes.contains(**it));
            let meant = if is_read { None } else { nearest(name, missed.map(|it| it.as_str())) };
            ConfigKey { name: name.to_string(), is_read, meant: meant.map(str::to_owned) }
        });
        keys.collect()
    }

    /// Returns the decorators that lack a capability which they want of `adapter`.
    pub(crate) fn find_degraded(&self, adapter: &AdapterSpec) -> Vec<DegradedDecorator> {
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
        functions.iter().flat_map(|((_, name), applied)| find_degraded(name, applied, adapter)).collect()
    }
}

fn find_degraded(function: &Name, applied: &[&Applied], adapter: &AdapterSpec) -> Vec<DegradedDecorator> {
    // A wrapper may change a body from async to sync for later decorators. All are judged by the body itself.
    let wrapper = applied.iter().find(|it| it.spec.phase() == Phase::Wrap).or(applied.last());
    let Some(asyncness) = wrapper.map(|it| it.asyncness) else { return Vec::new() };
    let mut specs: Vec<DecoratorSpec> = applied.iter().map(|it| it.spec).collect();
    let mut found = Vec::new();
    while let Verdict::Degraded { by, missing } = judge(asyncness, &specs, adapter) {
        let wants = |spec: &DecoratorSpec| spec.name() == by && spec.used().contains(missing);
        let Some(at) = specs.iter().position(wants) else { break };
        let (decorator, location) = (by, applied[at].location);
        found.push(DegradedDecorator { function: function.clone(), decorator, location, missing });
        // The next verdict is about another decorator. A degraded decorator provides no capabilities.
        let spec = &specs[at];
        specs[at] =
            DecoratorSpec::new(spec.name(), spec.phase()).requires(spec.required()).removes(spec.removed());
    }
    found
}

/// A decorator that records its calls and forwards them.
struct ObservedDecorator {
    inner: Arc<dyn Decorator>,
    dataflow: usize,
    number: usize,
    location: Option<Location>,
    log: DecoratorLog,
}

impl Decorator for ObservedDecorator {
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
                location: self.location,
                asyncness: own.unwrap_or(scope.function()).asyncness(),
            };
            self.log.with_records(|records| records.applied.push(applied));
        }
        let nodes = self.log.record_result(self.inner.decorate(nodes, scope))?;
        self.log.with_records(|records| {
            records.unapplied.remove(&self.number);
            for node in &nodes {
                records.add_node(node.outline());
            }
        });
        Ok(nodes)
    }

    fn stands_for(
        &self,
        scope: &DecorateContext<'_>,
    ) -> Result<Option<Vec<Arc<dyn Decorator>>>, Diagnostics<DecorateError>> {
        let others = self.log.record_result(self.inner.stands_for(scope))?;
        let wrap = |inner| self.log.wrap(self.dataflow, inner, self.location);
        Ok(others.map(|others| others.into_iter().map(wrap).collect()))
    }

    fn attachments(
        &self,
        node: &Node,
        scope: &DecorateContext<'_>,
    ) -> Result<Attachments, Diagnostics<DecorateError>> {
        let attachments = self.log.record_result(self.inner.attachments(node, scope))?.into_iter();
        let wrap = |inner| self.log.wrap(self.dataflow, inner, self.location);
        Ok(attachments.map(|(target, inner)| (target, wrap(inner))).collect())
    }

    fn variant_of(&self, function: &Outline) -> Option<Name> {
        let node = self.inner.variant_of(function)?;
        let variant =
            VariantRecord { dataflow: self.dataflow, node: node.clone(), function: function.clone() };
        self.log.with_records(|records| records.variants.push(variant));
        Some(node)
    }

    fn config_choices(&self) -> Vec<ConfigChoice> {
        self.inner.config_choices()
    }
}

impl fmt::Debug for ObservedDecorator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}
