use icosian_core::{AdapterSpec, Caps, Colour, Verdict, judge};

use crate::{Decorator, Edit, Facts, Finding, Fix, Function, rule};

rule! {
    /// ## What it does
    /// Finds async nodes that await nothing.
    ///
    /// ## Why is this bad
    /// Each costs a future, and an async adapter to run under, for nothing. Bodies with macros that nobody can look into
    /// are left out.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub async fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct AsyncWithoutAwait {
        code: "ICO0206",
        name: "async-without-await",
        level: Allow,
        stage: Source,
        fix: Unsafe,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async()) {
        let (Some(body), Some(word)) = (function.body.known(), function.async_span) else { continue };
        if !body.is_opaque && body.awaits.iter().all(|it| it.is_elsewhere) {
            let message = format!("async node `{}` awaits nothing", function.name);
            let finding = Finding::new(function.name_span, message);
            findings.push(if may_be_sync(function) {
                let fix = Fix::risky("remove `async`", [Edit::removed(word)]);
                finding.help("remove `async`").fix(fix)
            } else {
                finding.help("remove `async`, and the decorators that need it")
            });
        }
    }
    findings
}

/// Returns whether its decorators are known to take a sync function too.
fn may_be_sync(function: &Function) -> bool {
    let innermost_first = function.decorators.iter().rev().map(Decorator::spec);
    let Some(specs) = innermost_first.collect::<Option<Vec<_>>>() else { return false };
    let everything = [Caps::TIMER, Caps::THREADS, Caps::GROUPS, Caps::REMOTE];
    let adapter = everything.into_iter().fold(AdapterSpec::new("any").polls_futures(), AdapterSpec::granting);
    !matches!(judge(Colour::Sync, specs, &adapter), Verdict::Unsupported { .. })
}
