use icosian_core::Phase;
use icosian_spec::{BuiltIn, Repetition};

use crate::{Decorator, Edit, Facts, Finding, Fix, Function, rule};

rule! {
    /// ## What it does
    /// Finds decorators that stand twice above a function, with the same arguments, where the second changes nothing; and
    /// two of those of which a function has one at most: `limit`, `parameterize` and its kin.
    ///
    /// ## Why is this bad
    /// One of them says nothing, and was perhaps meant to say something else. Checks, pipes, retries and fallbacks may be stacked, so
    /// they are left out; so is a `timeout` with one of these, or with an `offload`, between it and the same again.
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

fn duplicates(function: &Function) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, second) in function.decorators.iter().enumerate() {
        let before = &function.decorators[..at];
        let same =
            before.iter().find(|first| is_same(first, second)).or_else(|| same_timeout(before, second));
        if let Some(first) = same {
            let name = &second.name;
            let message = format!("`{name}` stands twice above `{}`, and says the same", function.name);
            let fix = Fix::safe(format!("remove the second `{name}`"), [Edit::removed(second.span)]);
            let finding =
                Finding::new(second.span, message).labelled("the second").also(first.span, "the first");
            findings.push(finding.help("remove one of them").fix(fix));
        } else if let Some(help) = once(second)
            && let Some(first) = before.iter().find(|first| first.name == second.name)
        {
            let name = &second.name;
            let message = format!("`{name}` stands twice above `{}`", function.name);
            let finding =
                Finding::new(second.span, message).labelled("the second").also(first.span, "the first");
            findings.push(finding.help(help));
        }
    }
    findings
}

fn is_same(first: &Decorator, second: &Decorator) -> bool {
    first.name == second.name
        && first.arguments == second.arguments
        && second.built_in().is_some_and(|it| {
            it.row().phase() == Phase::Parameterize || it.row().repetition() != Repetition::Stacks
        })
}

/// Returns the same `timeout` around `second`, when both time the same.
fn same_timeout<'a>(before: &'a [Decorator], second: &Decorator) -> Option<&'a Decorator> {
    let times = |it: &&Decorator| it.spec().is_none_or(|spec| spec.phase() != Phase::Mark);
    let around = before.iter().rev().find(times)?;
    let is_same = |it: &&Decorator| it.name == second.name && it.arguments == second.arguments;
    Some(around).filter(|_| second.is(BuiltIn::Timeout)).filter(is_same)
}

/// Returns the fix for a second one of a decorator that a function has at most once.
fn once(decorator: &Decorator) -> Option<&'static str> {
    let row = decorator.built_in()?.row();
    match row.repetition() {
        Repetition::Once { help } => Some(help),
        _ if row.phase() == Phase::Parameterize => Some("write all parameterizations in one of them"),
        _ => None,
    }
}
