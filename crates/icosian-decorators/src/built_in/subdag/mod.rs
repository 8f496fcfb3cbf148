use std::any::Any;
use std::cell::RefCell;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, is_own};
use icosian_core::node::{NodeOrigin, Role};
use icosian_core::{Config, Dataflow, Decorator, Name, Node, Outline, Param};
use icosian_diagnostics::{Diagnostics, Label, Spanned};

use crate::decorate_errors::{Decorated, decorate_error, suggest};
use crate::{Binding, apply};

/// Includes another dataflow: its nodes are `namespace.node`, and the function's parameters read them.
///
/// The namespace is the function's name, unless it is [set](Self::namespace). Unbound inputs of the other dataflow read the nodes of
/// their names in the including dataflow. Its config is that of the driver and the values that are added here. Parameters of the
/// function that read no node of the other dataflow are [named](Self::external), unless they have a default or are optional.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Subdag, apply, source};
///
/// let mean = Outline::new("mean").with_param(Param::borrowed::<[f64]>("samples"));
/// let mean = Node::sync(mean, |args| Ok(args.borrow::<[f64]>(0).iter().sum::<f64>()));
/// let statistics = Dataflow::new("statistics").with_node(mean);
///
/// let report = Outline::new("report").with_param(Param::borrowed::<f64>("mean"));
/// let report = Node::sync(report, |args| Ok(args.borrow::<f64>(0).to_string()));
/// let report = report.with_decorator(Subdag::new(statistics).namespace("spend").input("samples", source("spend_samples")));
/// let nodes = apply(vec![Dataflow::new("flow").with_node(report)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["spend.mean", "report"]);
/// assert_eq!(nodes[0][0].outline().params()[0].source(), &"spend_samples");
/// assert_eq!(nodes[0][1].outline().params()[0].source(), &"spend.mean");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Subdag {
    dataflow: Dataflow,
    wiring: Wiring,
    namespace: Option<Name>,
}

/// The connections of an included dataflow to the including one.
#[derive(Clone, Debug, Default)]
struct Wiring {
    inputs: Vec<(Name, Binding)>,
    config: Config,
    config_from: Vec<(Name, Name)>,
    external: Vec<Name>,
}

impl Wiring {
    fn input(&mut self, name: Name, binding: Binding) {
        self.inputs.retain(|(other, _)| *other != name);
        self.inputs.push((name, binding));
    }

    /// Returns this wiring, completed by `common`.
    fn or(mut self, common: &Self) -> Self {
        for (name, binding) in &common.inputs {
            if !self.inputs.iter().any(|(own, _)| own == name) {
                self.inputs.push((name.clone(), binding.clone()));
            }
        }
        self.config = common.config.clone().merge(self.config);
        self.config_from = common.config_from.iter().cloned().chain(self.config_from).collect();
        if self.external.is_empty() {
            self.external.clone_from(&common.external);
        }
        self
    }
}

impl Subdag {
    /// Creates a decorator that includes `dataflow`.
    #[must_use]
    pub fn new(dataflow: Dataflow) -> Self {
        Self { dataflow, wiring: Wiring::default(), namespace: None }
    }

    /// Sets the namespace of the included nodes. The default is the function's name.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Name>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Binds the input `name` of the dataflow.
    #[must_use]
    pub fn input(mut self, name: impl Into<Name>, binding: Binding) -> Self {
        self.wiring.input(name.into(), binding);
        self
    }

    /// Sets a config value of the dataflow, which replaces the driver's value of the same name.
    #[must_use]
    pub fn config<T: Any + Send + Sync + Clone>(mut self, name: impl Into<Name>, value: T) -> Self {
        self.wiring.config = self.wiring.config.with(name, value);
        self
    }

    /// Sets the config value `ours` of the dataflow to the driver's config value `theirs`.
    #[must_use]
    pub fn config_from(mut self, ours: impl Into<Name>, theirs: impl Into<Name>) -> Self {
        self.wiring.config_from.push((ours.into(), theirs.into()));
        self
    }

    /// Declares parameters of the function that read nodes of the including dataflow.
    #[must_use]
    pub fn external<N: Into<Name>>(mut self, params: impl IntoIterator<Item = N>) -> Self {
        self.wiring.external.extend(params.into_iter().map(Into::into));
        self
    }

    /// Returns the included nodes and, last, the function's node, named `name`.
    fn nodes(
        &self,
        own: &Node,
        name: &Name,
        decorator: &'static str,
        scope: &DecorateContext<'_>,
    ) -> Decorated<Vec<Node>> {
        let namespace = self.namespace.as_ref().unwrap_or(name);
        let config = self.resolved_config(name, scope)?;
        let nesting = Nesting::enter(self.dataflow.name(), scope.function())?;
        let mut inner = apply(vec![self.dataflow.clone()], &config, scope.adapter())?.concat();
        drop(nesting);
        let local = |key: &Name| self.is_local(key);
        // As in a driver, a config value replaces the node of its name.
        inner.retain(|node| !local(node.name()));
        let names: Vec<Name> = inner.iter().map(|node| node.name().clone()).collect();
        let mut problems = self.unknown_inputs(&inner, name);
        let place = Wired { subdag: self, config: &config, names: &names, namespace };
        let mut made = Vec::new();
        let dataflow = own.outline().origin().map(NodeOrigin::dataflow);
        for node in inner {
            let (outline, body) = node.into_parts();
            let inner_name = place.inside(outline.name());
            let outline = included(outline, dataflow, namespace);
            let outline = outline.with_name(&inner_name).in_role(Role::MadeBy(decorator));
            let outline = outline.map_params(|param| {
                if param.is_context() || param.constant().is_some() {
                    return param;
                }
                place.wire(&inner_name, param, &mut made, &mut problems)
            });
            made.push(Node::from_parts(outline, body));
        }
        let outline = own.outline().clone().with_name(name).map_params(|param| {
            if param.is_context() || param.constant().is_some() || self.wiring.external.contains(param.name())
            {
                return param;
            }
            let source = param.source();
            let is_input = self.wiring.inputs.iter().any(|(input, _)| input == source);
            // A parameter with a default reads the node of its name in the including dataflow, if it exists.
            if !names.contains(source) && !is_input && !local(source) && !param.is_optional() {
                let known: Vec<_> = names.iter().map(Name::as_str).collect();
                let near = suggest(source, &known, "declare it as external");
                let error = decorate_error(
                    "ICO0414 subdag-unresolved-input",
                    format!(
                        "`{name}` reads node `{source}`, which dataflow `{}` does not contain",
                        self.dataflow.name()
                    ),
                    if near.starts_with("did") {
                        near
                    } else {
                        "declare it as external, or add the node".to_owned()
                    },
                );
                problems.push(Spanned::new(error, Vec::new()));
                return param;
            }
            place.wire(name, param, &mut made, &mut problems)
        });
        made.push(Node::from_parts(outline, own.body().clone()));
        problems.into_result(made)
    }

    /// Returns whether the config value was set on this decorator.
    fn is_local(&self, key: &Name) -> bool {
        let Wiring { config, config_from, .. } = &self.wiring;
        config.value(key).is_some() || config_from.iter().any(|(ours, _)| ours == key)
    }

    fn resolved_config(&self, name: &Name, scope: &DecorateContext<'_>) -> Decorated<Config> {
        let mut config = scope.config().clone().merge(self.wiring.config.clone());
        for (ours, theirs) in &self.wiring.config_from {
            config = config.copy_value(theirs, ours).map_err(|_| {
                let known: Vec<_> = scope.config().names().map(Name::as_str).collect();
                decorate_error(
                    "ICO0414 subdag-unresolved-input",
                    format!(
                        "config value `{theirs}` is missing; the subdag of `{name}` reads it as `{ours}`"
                    ),
                    suggest(theirs, &known, "set it in the driver's config"),
                )
            })?;
        }
        Ok(config)
    }

    fn unknown_inputs(
        &self,
        inner: &[Node],
        function: &Name,
    ) -> Diagnostics<icosian_core::decorator::DecorateError> {
        let mut problems = Diagnostics::default();
        let params = || inner.iter().flat_map(|node| node.outline().params());
        let reads = || params().filter(|param| param.constant().is_none()).map(Param::source);
        for (input, _) in &self.wiring.inputs {
            let is_node = inner.iter().any(|node| node.name() == input);
            let error = if is_node {
                decorate_error(
                    "ICO0414 subdag-unresolved-input",
                    format!("input `{input}` of the subdag of `{function}` is one of its nodes"),
                    "bind inputs only, or rename one of the two",
                )
            } else if reads().any(|read| read == input) {
                continue;
            } else {
                let is_outer = |read: &&Name| !inner.iter().any(|node| node.name() == *read);
                let known: Vec<_> = reads().filter(is_outer).map(Name::as_str).collect();
                decorate_error(
                    "ICO0414 subdag-unresolved-input",
                    format!("no node in the subdag of `{function}` reads input `{input}`"),
                    suggest(input, &known, "remove it"),
                )
            };
            problems.push(Spanned::new(error, Vec::new()));
        }
        problems
    }
}

/// Records the dataflow that includes a node.
fn included(outline: Outline, dataflow: Option<&Name>, namespace: &Name) -> Outline {
    let origin = outline.origin().zip(dataflow);
    let origin =
        origin.map(|(origin, dataflow)| origin.clone().included(dataflow.clone(), namespace.clone()));
    match origin {
        Some(origin) => outline.with_origin(origin.into()),
        None => outline,
    }
}

thread_local! {
    /// The dataflows that this thread expands within each other, and the functions that include them.
    static NESTED: RefCell<Vec<(Name, Outline)>> = const { RefCell::new(Vec::new()) };
}

/// The expansion of an included dataflow.
///
/// `resolve` may return a subdag whose functions use the same `resolve`. Its construction ends, but its expansion does not.
struct Nesting;

impl Nesting {
    /// The depth at which an included dataflow is assumed to include itself.
    const LIMIT: usize = 32;

    fn enter(dataflow: &Name, function: &Outline) -> Decorated<Self> {
        NESTED.with_borrow_mut(|nested| {
            if nested.len() < Self::LIMIT {
                nested.push((dataflow.clone(), function.clone()));
                return Ok(Self);
            }
            // Each of the functions on the cycle is nested more than once.
            let is_again =
                |at: usize| nested[..at].iter().any(|(_, other)| other.location() == nested[at].1.location());
            let again = (0..nested.len()).find(|at| is_again(*at)).unwrap_or(nested.len());
            let names: Vec<_> = nested[..again].iter().map(|(name, _)| format!("`{name}`")).collect();
            let error = decorate_error(
                "ICO0003 dependency-cycle",
                format!(
                    "more than {} dataflows include each other: {}, and so on",
                    Self::LIMIT,
                    names.join(", which includes ")
                ),
                "end the recursion: return a decorator other than `subdag` from `resolve`",
            );
            let marks = nested[..again].iter().filter_map(|(name, function)| {
                Some(Label::new(function.location()?, format!("includes `{name}`")))
            });
            let mut problems = Diagnostics::default();
            problems.push(Spanned::new(error, marks.collect()));
            Err(problems)
        })
    }
}

impl Drop for Nesting {
    fn drop(&mut self) {
        NESTED.with_borrow_mut(Vec::pop);
    }
}

/// The nodes that the parameters of included nodes read.
struct Wired<'a> {
    subdag: &'a Subdag,
    config: &'a Config,
    names: &'a [Name],
    namespace: &'a Name,
}

impl Wired<'_> {
    fn inside(&self, name: &Name) -> Name {
        format!("{}.{name}", self.namespace).into()
    }

    fn wire(
        &self,
        node: &Name,
        param: Param,
        made: &mut Vec<Node>,
        problems: &mut Diagnostics<icosian_core::decorator::DecorateError>,
    ) -> Param {
        let source = param.source().clone();
        if self.names.contains(&source) {
            return param.with_source(self.inside(&source));
        }
        let given = self.subdag.wiring.inputs.iter().find(|(input, _)| *input == source);
        let local = || {
            let value = self.config.value(&source).filter(|_| self.subdag.is_local(&source))?;
            Binding::of_value(value.duplicate()?)
        };
        let Some(binding) = given.map(|(_, binding)| binding.clone()).or_else(local) else { return param };
        binding.bind(node, param.clone(), made).unwrap_or_else(|error| {
            problems.push(Spanned::new(error, Vec::new()));
            param
        })
    }
}

impl Decorator for Subdag {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Subdag.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut made = Vec::new();
        for node in nodes {
            if is_own(node.outline()) {
                made.extend(self.nodes(&node, node.name(), "subdag", scope)?);
            } else {
                made.push(node);
            }
        }
        Ok(made)
    }
}

/// Includes another dataflow several times, with one node of the function for each variant.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{ParameterizedSubdag, SubdagVariant, apply, source};
///
/// let mean = Outline::new("mean").with_param(Param::borrowed::<[f64]>("samples"));
/// let mean = Node::sync(mean, |args| Ok(args.borrow::<[f64]>(0).iter().sum::<f64>()));
/// let report = Outline::new("report").with_param(Param::borrowed::<f64>("mean"));
/// let report = Node::sync(report, |args| Ok(args.borrow::<f64>(0).to_string())).with_decorator(
///     ParameterizedSubdag::new(Dataflow::new("statistics").with_node(mean))
///         .with(SubdagVariant::new("eu").input("samples", source("eu_samples")))
///         .with(SubdagVariant::new("us").input("samples", source("us_samples"))),
/// );
/// let nodes = apply(vec![Dataflow::new("flow").with_node(report)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["eu.mean", "eu", "us.mean", "us"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ParameterizedSubdag {
    common: Subdag,
    variants: Vec<SubdagVariant>,
}

/// A variant of the dataflow that a [`ParameterizedSubdag`] includes.
///
/// # Examples
/// ```
/// use icosian_decorators::{SubdagVariant, source};
///
/// let eu = SubdagVariant::new("eu").input("samples", source("eu_samples")).config("robust", true);
/// ```
#[derive(Clone, Debug)]
pub struct SubdagVariant {
    name: Name,
    wiring: Wiring,
}

impl SubdagVariant {
    /// Creates a variant. `name` is its namespace and the name of the function's node.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), wiring: Wiring::default() }
    }

    /// Binds an input for this variant, like [`Subdag::input`]. It takes precedence over the common binding.
    #[must_use]
    pub fn input(mut self, name: impl Into<Name>, binding: Binding) -> Self {
        self.wiring.input(name.into(), binding);
        self
    }

    /// Sets a config value for this variant, like [`Subdag::config`]. It takes precedence over the common value.
    #[must_use]
    pub fn config<T: Any + Send + Sync + Clone>(mut self, name: impl Into<Name>, value: T) -> Self {
        self.wiring.config = self.wiring.config.with(name, value);
        self
    }

    /// Renames a config value for this variant, like [`Subdag::config_from`]. It takes precedence over the common name.
    #[must_use]
    pub fn config_from(mut self, ours: impl Into<Name>, theirs: impl Into<Name>) -> Self {
        self.wiring.config_from.push((ours.into(), theirs.into()));
        self
    }

    /// Replaces the [external parameters](Subdag::external) of all variants.
    #[must_use]
    pub fn external<N: Into<Name>>(mut self, params: impl IntoIterator<Item = N>) -> Self {
        self.wiring.external.extend(params.into_iter().map(Into::into));
        self
    }
}

impl ParameterizedSubdag {
    /// Creates a decorator that includes `dataflow` once for each variant.
    #[must_use]
    pub fn new(dataflow: Dataflow) -> Self {
        Self::of(Subdag::new(dataflow))
    }

    /// Creates a decorator whose variants share the inputs, config and external parameters of `subdag`.
    #[must_use]
    pub fn of(subdag: Subdag) -> Self {
        Self { common: subdag, variants: Vec::new() }
    }

    /// Adds a variant.
    #[must_use]
    pub fn with(mut self, variant: SubdagVariant) -> Self {
        self.variants.push(variant);
        self
    }
}

impl Decorator for ParameterizedSubdag {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::ParameterizedSubdag.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut made = Vec::new();
        let mut problems = Diagnostics::default();
        for node in nodes {
            if !is_own(node.outline()) {
                made.push(node);
                continue;
            }
            for variant in &self.variants {
                let subdag = Subdag {
                    dataflow: self.common.dataflow.clone(),
                    wiring: variant.wiring.clone().or(&self.common.wiring),
                    namespace: None,
                };
                match subdag.nodes(&node, &variant.name, "parameterized_subdag", scope) {
                    Ok(nodes) => made.extend(nodes),
                    Err(wrong) => problems.extend(wrong),
                }
            }
        }
        problems.into_result(made)
    }
}
