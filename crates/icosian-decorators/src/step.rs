use icosian_core::decorator::DecorateContext;
use icosian_core::node::{Function, NodeFn, Role};
use icosian_core::value::Constant;
use icosian_core::{Name, Node, Outline, Param};
use icosian_diagnostics::{Diagnostics, Location, Spanned};

use crate::decorate_errors::{Decorated, decorate_error, unknown_param};
use crate::head_defaults::HeadDefaults;
use crate::wrap::wrap;
use crate::{Binding, Condition};

/// A step of a pipe: a function whose first parameter reads the previous step.
///
/// Other parameters read the node with their name, unless they are bound.
///
/// The function may be sync or async. It may have decorators that wrap its body, such as [`Retry`](crate::Retry).
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline, Param};
/// use icosian_decorators::{Condition, PipeStep, value};
///
/// let clip = Outline::new("clip").with_param(Param::taken::<f64>("given")).with_param(Param::taken::<f64>("most"));
/// let clip = Node::sync(clip, |args| Ok(args.take::<f64>(0).min(args.take(1))));
/// let step = PipeStep::of(clip).bind("most", value(3.0)).when(Condition::when("env", "prod"));
/// ```
#[derive(Clone, Debug)]
pub struct PipeStep {
    function: Function,
    bindings: Vec<(Name, Binding)>,
    condition: Option<Condition>,
    name: Option<Name>,
    namespace: Option<Namespace>,
    targets: Vec<Name>,
}

/// The namespace of a step's node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Namespace {
    Nothing,
    Named(Name),
}

impl Namespace {
    /// Returns the name of a node in this namespace.
    pub(crate) fn before(&self, name: &str) -> Name {
        match self {
            Self::Nothing => name.to_owned().into(),
            Self::Named(namespace) => format!("{namespace}.{name}").into(),
        }
    }
}

impl PipeStep {
    /// Creates a step from a function.
    #[must_use]
    pub fn of(function: impl Into<Function>) -> Self {
        Self {
            function: function.into(),
            bindings: Vec::new(),
            condition: None,
            name: None,
            namespace: None,
            targets: Vec::new(),
        }
    }

    /// Creates a step from the function of a handle.
    #[must_use]
    pub fn new<F: NodeFn>() -> Self {
        Self::of(F::function())
    }

    /// Binds a parameter of the function.
    #[must_use]
    pub fn bind(mut self, param: impl Into<Name>, binding: Binding) -> Self {
        self.bindings.push((param.into(), binding));
        self
    }

    /// Skips the step unless `condition` holds. Several conditions must all hold.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.condition = Some(match self.condition {
            Some(first) => first.and(condition),
            None => condition,
        });
        self
    }

    /// Sets the name of the step's node. The default is `with_` followed by the function's name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the namespace of the step's node. The default is the namespace of the pipe.
    #[must_use]
    pub fn namespaced(mut self, namespace: impl Into<Name>) -> Self {
        self.namespace = Some(Namespace::Named(namespace.into()));
        self
    }

    /// Removes the namespace from the name of the step's node.
    #[must_use]
    pub fn without_namespace(mut self) -> Self {
        self.namespace = Some(Namespace::Nothing);
        self
    }

    /// Restricts the step to these outputs, in a [`PipeOutput`](crate::PipeOutput) or [`Mutate`](crate::Mutate).
    #[must_use]
    pub fn on_output<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.targets.extend(names.into_iter().map(Into::into));
        self
    }

    /// Returns the outputs that the step is restricted to. An empty list means no restriction.
    pub(crate) fn targets(&self) -> &[Name] {
        &self.targets
    }

    /// Returns the parameter that reads the previous step.
    fn first(&self) -> Option<&Name> {
        reading(self.function.node().outline()).map(Param::name)
    }

    /// Returns the step's node, which reads `before`, and the nodes of its lists and maps.
    fn nodes(
        &self,
        decorator: &'static str,
        name: &Name,
        before: &Before,
        head: Option<&Head<'_>>,
        scope: &DecorateContext<'_>,
    ) -> Decorated<Vec<Node>> {
        let outline = self.function.node().outline();
        let mut problems = Diagnostics::default();
        let Some(first) = self.first() else {
            return Err(decorate_error(
                "ICO0417 unfit-step",
                format!("step `{}` of `{}` has no parameters", outline.name(), scope.function().name()),
                "add a first parameter, which reads the previous step",
            )
            .into());
        };
        for (param, _) in &self.bindings {
            let error = if param == first {
                decorate_error(
                    "ICO0416 param-bound-twice",
                    format!("`{param}` of step `{}` already reads the previous step", outline.name()),
                    "bind another parameter",
                )
            } else if outline.params().iter().any(|it| it.name() == param) {
                continue;
            } else {
                unknown_param(decorator, outline, param)
            };
            problems.push(Spanned::new(error, Vec::new()));
        }
        let mut made = Vec::new();
        let mut defaults = HeadDefaults::default();
        let mut position = 0..;
        let bound = outline.clone().with_name(name).in_role(Role::Function).map_params(|param| {
            let at = position.next().unwrap_or_default();
            if param.name() == first {
                let param = before.clone().read_by(param);
                let Some(Head { param: head, function }) = head else { return param };
                return defaults.feed(at, param.clone(), head, (function, outline)).unwrap_or_else(|error| {
                    problems.push(Spanned::new(error, Vec::new()));
                    param
                });
            }
            let binding = self.bindings.iter().find(|(bound, _)| bound == param.name());
            let Some((_, binding)) = binding else { return param };
            binding.bind(name, param.clone(), &mut made).unwrap_or_else(|error| {
                problems.push(Spanned::new(error, Vec::new()));
                param
            })
        });
        let node = Node::from_parts(bound, self.function.node().body().clone());
        let scope = DecorateContext::new(outline, scope.config(), scope.adapter());
        let decorations = self.function.decorations();
        let node = wrap(node, outline, decorations, &scope, |by| not_a_step(outline, by))?;
        let (outline, body) = node.into_parts();
        made.push(Node::from_parts(outline.in_role(Role::MadeBy(decorator)), defaults.apply(body)));
        problems.into_result(made)
    }
}

/// Returns the parameter of a step that reads the previous step.
pub(crate) fn reading(step: &Outline) -> Option<&Param> {
    step.params().iter().find(|param| !param.is_context())
}

fn not_a_step(outline: &Outline, decorator: &str) -> icosian_core::decorator::DecorateError {
    decorate_error(
        "ICO0417 unfit-step",
        format!(
            "step `{}` has the decorator `{decorator}`, but a step supports only decorators that wrap its body",
            outline.name()
        ),
        format!("move the body into a function without `{decorator}`, and use that function as the step"),
    )
}

/// The input of the first step.
#[derive(Clone)]
pub(crate) enum Before {
    Node(Name),
    Value(Constant),
}

impl Before {
    /// Returns the input of `param`.
    pub(crate) fn of(param: &Param) -> Self {
        match param.constant() {
            Some(constant) => Self::Value(constant.clone()),
            None => Self::Node(param.source().clone()),
        }
    }

    pub(crate) fn read_by(self, param: Param) -> Param {
        match self {
            Self::Node(name) => param.with_source(name),
            Self::Value(constant) => param.with_constant(constant),
        }
    }
}

/// The parameter whose input the first step reads, where that input may be missing.
pub(crate) struct Head<'a> {
    pub(crate) param: &'a Param,
    pub(crate) function: &'a Outline,
}

/// A sequence of steps, each of which reads the previous step.
pub(crate) struct Chain<'a> {
    pub(crate) decorator: &'static str,
    pub(crate) namespace: &'a Namespace,
    pub(crate) scope: &'a DecorateContext<'a>,
    pub(crate) head: Option<Head<'a>>,
    /// Existing nodes, whose names are not available.
    pub(crate) there: &'a [Node],
}

impl Chain<'_> {
    /// Returns the nodes of the steps whose conditions hold, the first of which reads `before`.
    pub(crate) fn nodes<'s>(
        &self,
        steps: impl Iterator<Item = &'s PipeStep>,
        mut before: Before,
    ) -> Decorated<Vec<Node>> {
        let mut problems = Diagnostics::default();
        let mut made: Vec<Node> = Vec::new();
        for step in steps {
            match step.condition.as_ref().map_or(Ok(true), |condition| condition.holds(self.scope.config())) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(error) => {
                    problems.push(Spanned::new(error, Vec::new()));
                    continue;
                }
            }
            let name = self.name(step, &made);
            let head = self.head.as_ref().filter(|_| made.is_empty());
            match step.nodes(self.decorator, &name, &before, head, self.scope) {
                Ok(nodes) => made.extend(nodes),
                Err(wrong) => problems.extend(wrong),
            }
            before = Before::Node(name);
        }
        problems.into_result(made)
    }

    fn name(&self, step: &PipeStep, made: &[Node]) -> Name {
        let namespace = step.namespace.as_ref().unwrap_or(self.namespace);
        if let Some(name) = &step.name {
            return namespace.before(name);
        }
        let function = step.function.node().name();
        let underscore = if function.starts_with('_') { "" } else { "_" };
        let name = namespace.before(&format!("with{underscore}{function}"));
        free(name.to_string(), &[self.there, made])
    }
}

/// Returns the first unused name of `plain`, `plain_1`, `plain_2` and so on.
pub(crate) fn free(plain: String, nodes: &[&[Node]]) -> Name {
    let is_taken = |name: &str| nodes.iter().copied().flatten().any(|node| **node.name() == *name);
    let mut numbered = (1..).map(|again| format!("{plain}_{again}"));
    let free = if is_taken(&plain) { numbered.find(|name| !is_taken(name)) } else { None };
    free.unwrap_or(plain).into()
}

/// Copies the documentation, the location and the tags of another node.
pub(crate) fn standing_for(node: Node, other: &Outline, decorator: &'static str) -> Node {
    let (outline, body) = node.into_parts();
    let outline =
        outline.with_documentation(other.documentation().to_owned()).in_role(Role::MadeBy(decorator));
    let place: Option<Location> = other.location();
    let outline = match place {
        Some(place) => outline.with_location(place),
        None => outline,
    };
    let tags = other.tags().iter();
    let outline =
        tags.fold(outline, |outline, (key, words)| outline.with_tag(key, words.iter().map(Name::from)));
    Node::from_parts(outline, body)
}
