use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, is_own};
use icosian_core::node::Role;
use icosian_core::{Decorator, Name, Node, Outline, Param};
use icosian_diagnostics::Diagnostics;

use crate::PipeStep;
use crate::decorate_errors::{Decorated, decorate_error, unknown_param};
use crate::step::{Before, Chain, Head, Namespace, reading};

/// Runs steps on the input of a parameter: the first parameter, or those of [`on_input`](Self::on_input).
///
/// The steps are nodes: `f.with_clip`, and `f.with_clip_1` for a second step `clip`. With several inputs each has separate steps,
/// `input.with_clip`. A second pipe above the first runs its steps before those of the first. Where no step's condition holds,
/// nothing changes.
///
/// The steps are part of the function for [`Inject`](crate::Inject) and [`Parameterize`](crate::Parameterize): a binding of the
/// parameter feeds the first step. The parameter's default feeds the first step too; it wins over a default of the step.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{PipeInput, PipeStep, apply, value};
///
/// let scale = Outline::new("scale").with_param(Param::taken::<f64>("given")).with_param(Param::taken::<f64>("by"));
/// let scale = Node::sync(scale, |args| Ok(args.take::<f64>(0) * args.take::<f64>(1)));
/// let total = Outline::new("total").with_param(Param::taken::<f64>("net"));
/// let total = Node::sync(total, |args| Ok(args.take::<f64>(0)));
///
/// let pipe = PipeInput::new()
///     .step(PipeStep::of(scale.clone()).bind("by", value(1.2)))
///     .step(PipeStep::of(scale).bind("by", value(0.5)));
/// let flow = Dataflow::new("flow").with_node(total.with_decorator(pipe));
/// let nodes = apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["total.with_scale", "total.with_scale_1", "total"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PipeInput {
    steps: Vec<PipeStep>,
    inputs: Vec<Name>,
    namespace: Option<Namespace>,
}

const NAME: &str = BuiltIn::PipeInput.name();

impl PipeInput {
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

    /// Adds a parameter whose input the steps run on.
    #[must_use]
    pub fn on_input(mut self, param: impl Into<Name>) -> Self {
        self.inputs.push(param.into());
        self
    }

    /// Sets the namespace of the steps' nodes. The default is the function's name.
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

    fn namespace_of(&self, function: &Name, param: &Name) -> Namespace {
        match (&self.namespace, self.inputs.len()) {
            (None, 0 | 1) => Namespace::Named(function.clone()),
            (Some(namespace), 0 | 1) => namespace.clone(),
            (Some(Namespace::Named(name)), _) => Namespace::Named(format!("{name}_{param}").into()),
            _ => Namespace::Named(param.clone()),
        }
    }

    /// Adds the steps of the parameter `input` to `all`, and connects the parameter to the last step.
    fn add_steps(
        &self,
        input: &Name,
        outline: Outline,
        all: &mut Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Decorated<Outline> {
        let Some(param) = outline.params().iter().find(|param| param.name() == input) else {
            return Err(unknown_param(NAME, &outline, input).into());
        };
        let namespace = self.namespace_of(outline.name(), input);
        // Below are the steps of other pipes, which come after these.
        let next = steps_before(all, param).first().copied();
        let before = next.and_then(|at| reading(all[at].outline())).unwrap_or(param);
        let is_made = |param: &Param| all.iter().any(|node| param.reads(node.name()));
        let may_be_missing = param.is_optional() && before.constant().is_none() && !is_made(before);
        let head = may_be_missing.then_some(Head { param, function: &outline });
        let chain = Chain { decorator: NAME, namespace: &namespace, scope, head, there: all };
        let steps = chain.nodes(self.steps.iter(), Before::of(before))?;
        let Some(last) = steps.last().map(|step| step.name().clone()) else { return Ok(outline) };
        let Some(at) = next else {
            all.extend(steps);
            return Ok(redirect(outline, input, &last));
        };
        let (step, body) = all.remove(at).into_parts();
        let first = reading(&step).map(|param| param.name().clone());
        let step = first.iter().fold(step, |step, param| redirect(step, param, &last));
        all.splice(at..at, steps.into_iter().chain([Node::from_parts(step, body)]));
        Ok(outline)
    }
}

/// Returns the positions of the steps before `param`, in the order in which they run.
pub(crate) fn steps_before(nodes: &[Node], param: &Param) -> Vec<usize> {
    let mut steps = Vec::new();
    let mut read = Some(param);
    while let Some(param) = read {
        let is_step = |node: &Node| node.outline().role() == Role::MadeBy(NAME) && param.reads(node.name());
        // A step that has the name of the input that it reads is a cycle, which the graph reports.
        let Some(at) = nodes.iter().position(is_step).filter(|at| !steps.contains(at)) else { break };
        steps.push(at);
        read = reading(nodes[at].outline());
    }
    steps.reverse();
    steps
}

/// Connects a parameter to the node `last`.
fn redirect(outline: Outline, param: &Name, last: &Name) -> Outline {
    outline.map_params(|it| if it.name() == param { it.with_source(last) } else { it })
}

impl Decorator for PipeInput {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::PipeInput.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut problems = Diagnostics::default();
        let mut all: Vec<Node> = Vec::with_capacity(nodes.len() + self.steps.len());
        for node in nodes {
            if !is_own(node.outline()) {
                all.push(node);
                continue;
            }
            let (mut outline, body) = node.into_parts();
            let mut params = outline.params().iter().filter(|param| !param.is_context()).map(Param::name);
            let inputs: Vec<Name> = match params.next() {
                _ if !self.inputs.is_empty() => self.inputs.clone(),
                Some(first) => vec![first.clone()],
                None => {
                    let error = decorate_error(
                        "ICO0418 nothing-to-decorate",
                        format!("`pipe_input` is above `{}`, which has no parameters", outline.name()),
                        "add a parameter to the function, or use `pipe_output`",
                    );
                    return Err(error.into());
                }
            };
            for input in &inputs {
                match self.add_steps(input, outline.clone(), &mut all, scope) {
                    Ok(piped) => outline = piped,
                    Err(wrong) => problems.extend(wrong),
                }
            }
            all.push(Node::from_parts(outline, body));
        }
        problems.into_result(all)
    }
}
