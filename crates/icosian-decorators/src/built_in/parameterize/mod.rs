use icosian_core::decorator::{BuiltIn, DecorateContext, DecorateError, DecoratorSpec};
use icosian_core::{Decorator, Name, Node};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::decorate_errors::{Decorated, decorate_error, unknown_param};
use crate::{Binding, source, value};

/// Creates several nodes from one function, each with different bindings of its parameters.
///
/// A parameter with a pipe keeps its pipe. The nodes that do not bind the parameter share the steps of
/// [`PipeInput`](crate::PipeInput). Each node that binds it has a copy of the steps below its name: `eu.with_clip`. A parameter
/// that a [`Subdag`](crate::Subdag) provides cannot be bound.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Parameterization, Parameterize, apply, source, value};
///
/// let report = Outline::new("report").with_param(Param::borrowed::<str>("region")).with_param(Param::borrowed::<f64>("rate"));
/// let report = Node::sync(report, |args| Ok(format!("{}: {}", args.borrow::<str>(0), args.borrow::<f64>(1))));
/// let report = report.with_decorator(
///     Parameterize::new()
///         .with(Parameterization::new("eu").bind("region", value("eu")).bind("rate", source("eu_rate")))
///         .with(Parameterization::new("us").bind("region", value("us")).with_documentation("What {region} pays.")),
/// );
/// let nodes = apply(vec![Dataflow::new("flow").with_node(report)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["eu", "us"]);
/// assert_eq!(nodes[0][0].outline().params()[1].source(), &"eu_rate");
/// assert_eq!(nodes[0][1].outline().documentation(), "What us pays.");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Parameterize {
    nodes: Vec<Parameterization>,
}

/// A node created by [`Parameterize`].
#[derive(Clone, Debug)]
pub struct Parameterization {
    name: Name,
    documentation: Option<String>,
    bindings: Vec<(Name, Binding)>,
}

impl Parameterization {
    /// Creates a node without bindings.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), documentation: None, bindings: Vec::new() }
    }

    /// Binds a parameter.
    #[must_use]
    pub fn bind(mut self, param: impl Into<Name>, binding: Binding) -> Self {
        self.bindings.push((param.into(), binding));
        self
    }

    /// Replaces the function's doc comment for this node. In both, `{param}` is replaced by the binding of the parameter.
    #[must_use]
    pub fn with_documentation(mut self, documentation: impl Into<String>) -> Self {
        self.documentation = Some(documentation.into());
        self
    }

    /// Returns the node and the nodes of its lists and maps.
    pub(crate) fn node(&self, decorator: &'static str, node: &Node) -> Decorated<Vec<Node>> {
        let outline = node.outline();
        let mut problems = Diagnostics::default();
        let mut made = Vec::new();
        for (at, (param, _)) in self.bindings.iter().enumerate() {
            let is_there =
                |outline: &icosian_core::Outline| outline.params().iter().any(|it| it.name() == param);
            if !is_there(outline) {
                problems.push(Spanned::new(unknown_param(decorator, outline, param), Vec::new()));
            }
            if self.bindings[..at].iter().any(|(other, _)| other == param) {
                let error = decorate_error(
                    "ICO0416 param-bound-twice",
                    format!("`{decorator}` binds `{param}` of `{}` twice", self.name),
                    "bind it once",
                );
                problems.push(Spanned::new(error, Vec::new()));
            }
        }
        let documentation = self.documentation.clone().unwrap_or_else(|| outline.documentation().to_owned());
        let documentation = self.bindings.iter().fold(documentation, |text, (param, binding)| {
            text.replace(&format!("{{{param}}}"), &binding.to_string())
        });
        let outline =
            outline.clone().with_name(&self.name).with_documentation(documentation).map_params(|param| {
                let binding = self.bindings.iter().find(|(bound, _)| bound == param.name());
                let Some((_, binding)) = binding else { return param };
                binding.bind(&self.name, param.clone(), &mut made).unwrap_or_else(|error| {
                    problems.push(Spanned::new(error, Vec::new()));
                    param
                })
            });
        made.push(Node::from_parts(outline, node.body().clone()));
        problems.into_result(made)
    }
}

impl Parameterize {
    /// Creates a decorator without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node.
    #[must_use]
    pub fn with(mut self, node: Parameterization) -> Self {
        self.nodes.push(node);
        self
    }

    /// Adds a node with parameters bound to other nodes: `parameterize_sources`.
    #[must_use]
    pub fn sources<P: Into<Name>, S: Into<Name>>(
        self,
        name: impl Into<Name>,
        sources: impl IntoIterator<Item = (P, S)>,
    ) -> Self {
        let node = Parameterization::new(name);
        self.with(sources.into_iter().fold(node, |node, (param, read)| node.bind(param, source(read))))
    }

    /// Adds a node for each pair, with `param` bound to a value: `parameterize_values`.
    #[must_use]
    pub fn values<N: Into<Name>, T: std::any::Any + Send + Sync + Clone>(
        self,
        param: impl Into<Name>,
        values: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let param = param.into();
        let node = |(name, bound)| Parameterization::new(name).bind(&param, value(bound));
        values.into_iter().map(node).fold(self, Self::with)
    }
}

impl Decorator for Parameterize {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Parameterize.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        if self.nodes.is_empty() {
            let error: DecorateError = decorate_error(
                "ICO0418 nothing-to-decorate",
                format!("`parameterize` on `{}` creates no nodes", scope.function().name()),
                "add at least one parameterization",
            );
            return Err(error.into());
        }
        let mut problems = Diagnostics::default();
        let mut made = Vec::new();
        for node in &nodes {
            for parameterization in &self.nodes {
                match parameterization.node("parameterize", node) {
                    Ok(nodes) => made.extend(nodes),
                    Err(wrong) => problems.extend(wrong),
                }
            }
        }
        problems.into_result(made)
    }
}
