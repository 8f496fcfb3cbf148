use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, sinks};
use icosian_core::node::Role;
use icosian_core::{Decorator, Name, Node};
use icosian_diagnostics::Diagnostics;

use crate::PipeStep;
use crate::decorate_errors::{Decorated, decorate_error, unknown_node};
use crate::step::{Before, Chain, Namespace, free, standing_for};

/// Runs steps on a function's output. `f.raw` is the output of the function, `f.with_clip` that of the step `clip`, and `f` that of
/// the last step.
///
/// With several outputs each has its own steps, unless [restricted](Self::on_output). A second pipe above the first adds its
/// steps after those of the first. Where no step's condition holds, nothing changes.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Condition, PipeOutput, PipeStep, apply};
///
/// let half = Outline::new("half").with_param(Param::taken::<f64>("number"));
/// let half = Node::sync(half, |args| Ok(args.take::<f64>(0) / 2.0));
/// let rate = || Node::sync(Outline::new("rate"), |_| Ok(1.5));
/// let pipe = PipeOutput::new().step(PipeStep::of(half).when(Condition::when("env", "prod")));
/// let names = |config| {
///     let flow = Dataflow::new("flow").with_node(rate().with_decorator(pipe.clone()));
///     let nodes = apply(vec![flow], &config, &AdapterSpec::new("sync")).expect("it is right");
///     nodes[0].iter().map(|node| node.name().to_string()).collect::<Vec<_>>()
/// };
/// assert_eq!(names(Config::new().with("env", "prod")), ["rate.raw", "rate.with_half", "rate"]);
/// assert_eq!(names(Config::new()), ["rate"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct PipeOutput {
    steps: Vec<PipeStep>,
    outputs: Vec<Name>,
    namespace: Option<Namespace>,
}

const NAME: &str = BuiltIn::PipeOutput.name();

impl PipeOutput {
    /// Creates a pipe without steps.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a step.
    #[must_use]
    pub fn step(mut self, step: PipeStep) -> Self {
        self.steps.push(step);
        self
    }

    /// Restricts the steps to these outputs.
    #[must_use]
    pub fn on_output<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.outputs.extend(names.into_iter().map(Into::into));
        self
    }

    /// Sets the namespace of the steps' nodes. The default is the output's name.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Name>) -> Self {
        self.namespace = Some(Namespace::Named(namespace.into()));
        self
    }

    /// Removes the namespace from the names of the steps' nodes.
    #[must_use]
    pub fn without_namespace(mut self) -> Self {
        self.namespace = Some(Namespace::Nothing);
        self
    }

    /// Returns the names of the outputs that the pipe applies to.
    fn targets(&self, nodes: &[Node], scope: &DecorateContext<'_>) -> Decorated<Vec<Name>> {
        let by_step = self.steps.iter().flat_map(PipeStep::targets);
        if !self.outputs.is_empty() && by_step.clone().next().is_some() {
            let error = decorate_error(
                "ICO0419 unclear-target",
                format!(
                    "`pipe_output` above `{}` and one of its steps both name outputs",
                    scope.function().name()
                ),
                "name the outputs in one of the two",
            );
            return Err(error.into());
        }
        let known = || nodes.iter().map(|node| node.name().as_str());
        let mut problems = Diagnostics::default();
        for name in self.outputs.iter().chain(by_step.clone()) {
            if !known().any(|known| *known == **name) {
                problems.extend(Diagnostics::from(unknown_node(
                    NAME,
                    scope.function().name(),
                    name,
                    known(),
                )));
            }
        }
        let mut targets = self.outputs.clone();
        if targets.is_empty() {
            targets = sinks(nodes).into_iter().map(|at| nodes[at].name().clone()).collect();
            let named: Vec<_> = by_step.filter(|name| !targets.contains(name)).cloned().collect();
            targets.extend(named);
        }
        problems.into_result(targets)
    }
}

impl Decorator for PipeOutput {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::PipeOutput.spec()
    }

    fn decorate(&self, mut nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut problems = Diagnostics::default();
        for target in self.targets(&nodes, scope)? {
            let Some(at) = nodes.iter().position(|node| *node.name() == target) else { continue };
            let raw = Name::from(format!("{target}.raw"));
            let is_end = nodes[at].outline().role() == Role::MadeBy(NAME);
            let goes_on = is_end && nodes.iter().any(|node| *node.name() == raw);
            let raw = if goes_on { raw } else { free(raw.to_string(), &[nodes.as_slice()]) };
            let before = if goes_on { nodes[at].outline().params()[0].source().clone() } else { raw.clone() };
            let namespace = self.namespace.clone().unwrap_or_else(|| Namespace::Named(target.clone()));
            let chain = Chain { decorator: NAME, namespace: &namespace, scope, head: None, there: &nodes };
            let is_meant = |step: &&PipeStep| step.targets().is_empty() || step.targets().contains(&target);
            let steps = match chain.nodes(self.steps.iter().filter(is_meant), Before::Node(before)) {
                Ok(steps) => steps,
                Err(wrong) => {
                    problems.extend(wrong);
                    continue;
                }
            };
            let Some(last) = steps.last() else { continue };
            let end = Node::forwarding(last.outline(), target.clone());
            let end = standing_for(end, nodes[at].outline(), NAME);
            let (outline, body) = nodes.remove(at).into_parts();
            let raw = (!goes_on).then(|| Node::from_parts(outline.with_name(raw), body));
            nodes.splice(at..at, raw.into_iter().chain(steps).chain([end]));
        }
        problems.into_result(nodes)
    }
}
