use icosian_core::{Caps, DecoratorSpec, Phase};

/// The decorators of icosian, as `icosian-decorators` describes them, by the names of their attributes.
const SPECS: [DecoratorSpec; 32] = [
    DecoratorSpec::new("config", Phase::Resolve),
    DecoratorSpec::new("config_when", Phase::Resolve),
    DecoratorSpec::new("config_when_in", Phase::Resolve),
    DecoratorSpec::new("config_when_not", Phase::Resolve),
    DecoratorSpec::new("config_when_not_in", Phase::Resolve),
    DecoratorSpec::new("exclude", Phase::Resolve),
    DecoratorSpec::new("mutate", Phase::Resolve),
    DecoratorSpec::new("resolve", Phase::Resolve),
    DecoratorSpec::new("resolve_from_config", Phase::Resolve),
    DecoratorSpec::new("does", Phase::Create),
    DecoratorSpec::new("parameterized_subdag", Phase::Create),
    DecoratorSpec::new("subdag", Phase::Create),
    DecoratorSpec::new("pipe_input", Phase::Inject),
    DecoratorSpec::new("inject", Phase::Expand),
    DecoratorSpec::new("parameterize", Phase::Expand),
    DecoratorSpec::new("parameterize_sources", Phase::Expand),
    DecoratorSpec::new("parameterize_values", Phase::Expand),
    DecoratorSpec::new("check_output", Phase::Transform),
    DecoratorSpec::new("check_output_custom", Phase::Transform),
    DecoratorSpec::new("extract_fields", Phase::Transform),
    DecoratorSpec::new("extract_outputs", Phase::Transform),
    DecoratorSpec::new("pipe_output", Phase::Transform),
    DecoratorSpec::new("unpack_fields", Phase::Transform),
    DecoratorSpec::new("tag", Phase::Mark),
    DecoratorSpec::new("tag_outputs", Phase::Mark),
    DecoratorSpec::new("fallback", Phase::Around),
    DecoratorSpec::new("limit", Phase::Around).needs(Caps::GROUPS),
    DecoratorSpec::new("offload", Phase::Around).wants(Caps::THREADS).grants(Caps::INTERRUPT),
    DecoratorSpec::new("remote", Phase::Around).wants(Caps::REMOTE),
    DecoratorSpec::new("retry", Phase::Around),
    DecoratorSpec::new("spawn", Phase::Around).needs(Caps::TASKS),
    DecoratorSpec::new("timeout", Phase::Around).needs(Caps::TIMER.with(Caps::INTERRUPT)),
];

/// Returns what icosian's decorator `name` says of itself.
///
/// # Examples
/// ```
/// use icosian_core::{Caps, Phase};
///
/// assert_eq!(icosian_rules::spec("parameterize").map(|spec| spec.phase()), Some(Phase::Expand));
/// assert!(icosian_rules::spec("shout").is_none());
/// ```
#[must_use]
pub fn spec(name: &str) -> Option<&'static DecoratorSpec> {
    static TABLE: [DecoratorSpec; SPECS.len()] = SPECS;
    TABLE.iter().find(|spec| spec.name() == name)
}

/// Returns whether icosian has a decorator `name`.
///
/// # Examples
/// ```
/// assert!(icosian_rules::is_builtin("retry") && !icosian_rules::is_builtin("inline"));
/// ```
#[must_use]
pub fn is_builtin(name: &str) -> bool {
    spec(name).is_some()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use icosian_core::Decorator;
    use icosian_decorators::{
        CheckOutput, Condition, ConfigWhen, Exclude, Inject, Limit, Offload, Parameterize, PipeInput,
        PipeOutput, Remote, Spawn, Tag, TagOutputs, Timeout,
    };

    #[test]
    fn the_table_says_what_the_decorators_say() {
        let all: Vec<Box<dyn Decorator>> = vec![
            Box::new(CheckOutput::<f64>::new()),
            Box::new(ConfigWhen::new(Condition::when("env", "prod"))),
            Box::new(Exclude),
            Box::new(Inject::new()),
            Box::new(Limit::new("group")),
            Box::new(Offload),
            Box::new(Parameterize::new()),
            Box::new(PipeInput::new()),
            Box::new(PipeOutput::new()),
            Box::new(Remote::new()),
            Box::new(Spawn),
            Box::new(Tag::new()),
            Box::new(TagOutputs::new()),
            Box::new(Timeout::new(Duration::from_secs(1))),
        ];
        for decorator in all {
            let spec = decorator.spec();
            assert_eq!(super::spec(spec.name()), Some(&spec));
        }
    }
}
