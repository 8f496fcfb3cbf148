use icosian_core::Phase;

use crate::{Decorator, Edit, Facts, Finding, Fix, Function, rule};

rule! {
    /// ## What it does
    /// Finds decorators that stand twice above a function, with the same arguments, where the second changes nothing; and
    /// two of those of which a function has one at most.
    ///
    /// ## Why is this bad
    /// One of them says nothing, and was perhaps meant to say something else. Checks, pipes and retries may be stacked, so
    /// they are left out.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     #[tag(owner = "finance")]
    ///     #[tag(owner = "finance")]
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     #[tag(owner = "finance")]
    ///     #[tag(team = "reports")]
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct DuplicateDecorator {
        code: "ICO0406",
        name: "duplicate-decorator",
        level: Deny,
        stage: Macro,
        fix: Safe,
    }
    |facts: &Facts| facts.functions().flat_map(duplicates).collect()
}

/// Decorators that do the same twice as once.
const IDEMPOTENT: [&str; 11] = [
    "config_when",
    "config_when_in",
    "config_when_not",
    "config_when_not_in",
    "exclude",
    "extract_fields",
    "extract_outputs",
    "offload",
    "tag",
    "tag_outputs",
    "unpack_fields",
];

fn duplicates(function: &Function) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, second) in function.decorators.iter().enumerate() {
        let before = &function.decorators[..at];
        if let Some(first) = before.iter().find(|first| is_same(first, second)) {
            let name = &second.name;
            let message = format!("`{name}` stands twice above `{}`, and says the same", function.name);
            let fix = Fix::safe(format!("remove the second `{name}`"), [Edit::removed(second.span)]);
            let finding =
                Finding::new(second.span, message).labelled("the second").also(first.span, "the first");
            findings.push(finding.help("remove one of them").fix(fix));
        } else if is_expander(second)
            && let Some(first) = before.iter().find(|first| first.name == second.name)
        {
            let name = &second.name;
            let message = format!("`{name}` stands twice above `{}`", function.name);
            let finding =
                Finding::new(second.span, message).labelled("the second").also(first.span, "the first");
            findings.push(finding.help("write all parameterizations in one of them"));
        }
    }
    findings
}

fn is_same(first: &Decorator, second: &Decorator) -> bool {
    first.name == second.name
        && first.arguments == second.arguments
        && (IDEMPOTENT.contains(&second.name.as_str()) || is_expander(second))
}

fn is_expander(decorator: &Decorator) -> bool {
    decorator.spec().is_some_and(|spec| spec.phase() == Phase::Expand)
}
