use std::time::Duration;

use icosian_core::{BoxError, Config, Dataflow, Decorator, DecoratorSpec, Node, Outline};

use crate::{
    CheckOutput, Condition, ConfigWhen, Does, Exclude, ExtractOutputs, Fallback, Inject, Limit, Mutate,
    Offload, Parameterize, ParameterizedSubdag, PipeInput, PipeOutput, Remote, Resolve, Retry, Spawn, Subdag,
    Tag, TagOutputs, Timeout,
};

/// Returns what the decorators of this crate say of themselves, in the order of their phases.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Colour, Verdict, judge};
///
/// let adapter = AdapterSpec::new("plain");
/// let unsupported = |spec: &&icosian_core::DecoratorSpec| {
///     matches!(judge(Colour::Sync, [*spec], &adapter), Verdict::Unsupported { .. })
/// };
/// let all = icosian_decorators::catalogue();
/// let names: Vec<_> = all.iter().filter(unsupported).map(|spec| spec.name()).collect();
/// assert_eq!(names, ["timeout", "limit", "spawn"]);
/// ```
#[must_use]
pub fn catalogue() -> Vec<DecoratorSpec> {
    let flow = || Subdag::new(Dataflow::new("inner"));
    let moment = Duration::from_millis(1);
    let resolve = Resolve::new(|_: &Config| Ok::<_, BoxError>(Exclude));
    let condition = Condition::of("always", |_| true);
    let all: [&dyn Decorator; 25] = [
        &resolve,
        &ConfigWhen::new(condition),
        &Exclude,
        &Mutate::new(),
        &Does::new(Node::sync(Outline::new("other"), |_| Ok(()))),
        &flow(),
        &ParameterizedSubdag::of(flow()),
        &PipeInput::new(),
        &Parameterize::new(),
        &Inject::new(),
        &ExtractOutputs::<()>::new(),
        &ExtractOutputs::<()>::fields(),
        &ExtractOutputs::<()>::positions(),
        &CheckOutput::<()>::new(),
        &PipeOutput::new(),
        &Tag::new(),
        &TagOutputs::new(),
        &Remote::new(),
        &Retry::new(3),
        &Retry::new(3).backoff(moment, moment),
        &Timeout::new(moment),
        &Limit::new("group"),
        &Offload,
        &Spawn,
        &Fallback::value(()),
    ];
    all.iter().map(|decorator| decorator.spec()).collect()
}
