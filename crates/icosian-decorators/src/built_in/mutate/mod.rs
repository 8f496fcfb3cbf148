use std::sync::Arc;

use icosian_core::decorator::{Attachments, BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::{Decorator, Name, Node};

use crate::decorate_errors::Decorated;
use crate::{Binding, Condition, PipeOutput, PipeStep};

/// Applies a function as a step to the outputs of other functions of the same dataflow. The function is not a node.
///
/// Its first parameter reads the target's output. The bindings of one target take precedence over those of all
/// targets. Targets that config drops are ignored, as long as one target remains.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Mutate, MutateTarget, apply, value};
///
/// let clip = Outline::new("clip").with_param(Param::taken::<f64>("given")).with_param(Param::taken::<f64>("most"));
/// let clip = Node::sync(clip, |args| Ok(args.take::<f64>(0).min(args.take(1))));
/// let rate = |name| Node::sync(Outline::new(name), |_| Ok(1.5));
/// let clip = clip.with_decorator(
///     Mutate::new()
///         .target(MutateTarget::of("eu").bind("most", value(1.0)))
///         .target(MutateTarget::of("us"))
///         .bind("most", value(2.0)),
/// );
/// let flow = Dataflow::new("flow").with_node(rate("eu")).with_node(rate("us")).with_node(clip);
/// let nodes = apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["eu.raw", "eu.with_clip", "eu", "us.raw", "us.with_clip", "us"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mutate {
    targets: Vec<MutateTarget>,
    bindings: Vec<(Name, Binding)>,
}

/// A function to whose output [`Mutate`] applies a step.
///
/// # Examples
/// ```
/// use icosian_decorators::{Condition, MutateTarget};
///
/// let target = MutateTarget::of("rates").when(Condition::when("env", "prod")).named("clipped");
/// ```
#[derive(Clone, Debug)]
pub struct MutateTarget {
    function: Name,
    bindings: Vec<(Name, Binding)>,
    outputs: Vec<Name>,
    condition: Option<Condition>,
    name: Option<Name>,
}

impl MutateTarget {
    /// Creates a target: the function with this name.
    #[must_use]
    pub fn of(function: impl Into<Name>) -> Self {
        Self {
            function: function.into(),
            bindings: Vec::new(),
            outputs: Vec::new(),
            condition: None,
            name: None,
        }
    }

    /// Binds a parameter of the step.
    #[must_use]
    pub fn bind(mut self, param: impl Into<Name>, binding: Binding) -> Self {
        self.bindings.push((param.into(), binding));
        self
    }

    /// Restricts the step to these outputs of the function.
    #[must_use]
    pub fn on_output<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.outputs.extend(names.into_iter().map(Into::into));
        self
    }

    /// Skips the step unless `condition` holds.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Sets the name of the step's node. The default is `with_` followed by the function's name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }
}

impl Mutate {
    /// Creates a decorator without targets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a decorator with the functions of these names as targets.
    #[must_use]
    pub fn of<N: Into<Name>>(functions: impl IntoIterator<Item = N>) -> Self {
        functions.into_iter().fold(Self::new(), |mutate, name| mutate.target(MutateTarget::of(name)))
    }

    /// Adds a target.
    #[must_use]
    pub fn target(mut self, target: MutateTarget) -> Self {
        self.targets.push(target);
        self
    }

    /// Binds a parameter for all targets without a binding of this parameter.
    #[must_use]
    pub fn bind(mut self, param: impl Into<Name>, binding: Binding) -> Self {
        self.bindings.push((param.into(), binding));
        self
    }

    fn step(&self, node: &Node, target: &MutateTarget) -> PipeStep {
        let shared = self.bindings.iter().filter(|(param, _)| {
            let mut own = target.bindings.iter();
            !own.any(|(own, _)| own == param)
        });
        let bindings = shared.chain(&target.bindings);
        let step = bindings
            .fold(PipeStep::of(node.clone()), |step, (param, binding)| step.bind(param, binding.clone()));
        let step = step.on_output(target.outputs.iter());
        let step = target.condition.iter().fold(step, |step, condition| step.when(condition.clone()));
        target.name.iter().fold(step, PipeStep::named)
    }
}

impl Decorator for Mutate {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Mutate.spec()
    }

    fn decorate(&self, _: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        Ok(Vec::new())
    }

    fn attachments(&self, node: &Node, scope: &DecorateContext<'_>) -> Decorated<Attachments> {
        // A step and its target may both be dropped by config. The pipe reports errors of conditions.
        let is_left_out = |target: &&MutateTarget| {
            let condition = target.condition.as_ref();
            condition.is_some_and(|condition| matches!(condition.holds(scope.config()), Ok(false)))
        };
        let pipe = |target: &MutateTarget| -> (Name, Arc<dyn Decorator>) {
            (target.function.clone(), Arc::new(PipeOutput::new().step(self.step(node, target))))
        };
        Ok(self.targets.iter().filter(|target| !is_left_out(target)).map(pipe).collect())
    }
}
