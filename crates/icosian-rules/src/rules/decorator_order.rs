use icosian_core::decorator::{DecoratorSpec, Phase, Verdict, judge};
use icosian_core::{AdapterSpec, Caps};

use crate::{DecoratorFacts, Facts, Finding, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds decorators that only have an effect in another order.
    ///
    /// ## Rationale
    /// A decorator wraps the decorators below it:
    ///
    /// - `retry` reacts to errors, and a `fallback` with a value or a closure replaces all errors. So `retry` belongs
    ///   below `fallback`.
    /// - `timeout` must be able to stop the function. A sync function cannot be stopped, but with `offload` the
    ///   adapter can abandon its thread. So `offload` belongs below `timeout`.
    /// - A decorator that names an output belongs above the decorator that adds this output.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[retry(attempts = 3)]
    ///     #[fallback(value = 1.0)]
    ///     pub async fn rate(url: &str) -> Result<f64, Unreachable> { fetch(url).await }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[fallback(value = 1.0)]
    ///     #[retry(attempts = 3)]
    ///     pub async fn rate(url: &str) -> Result<f64, Unreachable> { fetch(url).await }
    /// }
    /// ```
    pub(crate) struct DecoratorOrder {
        code: "ICO0405",
        name: "decorator-order",
        level: Deny,
        stage: Macro,
        fix: Safe,
    }
    |facts: &Facts| facts.functions().filter_map(out_of_order).collect()
}

/// An adapter with every capability, so only the order can be at fault.
const ABLE: AdapterSpec = AdapterSpec::new("any").with_caps(Caps::ALL);

fn out_of_order(function: &FunctionFacts) -> Option<Finding> {
    // Innermost first. Decorators of other phases apply earlier, whatever their order in the source.
    let around = function.decorators.iter().rev().filter_map(|it| Some((it, it.spec()?)));
    let around: Vec<(&DecoratorFacts, &DecoratorSpec)> =
        around.filter(|(_, spec)| spec.phase() == Phase::Wrap).collect();
    let specs = || around.iter().map(|(_, spec)| *spec);
    let Verdict::Unsupported { by, missing } = judge(function.asyncness, specs(), &ABLE) else { return None };

    let at = around.iter().position(|(_, spec)| spec.name() == by)?;
    let (needs, granted) =
        (around[at].0, |spec: &DecoratorSpec| !missing.without(spec.provided()).contains(missing));
    let (gives, _) = around[at + 1..].iter().find(|(_, spec)| granted(spec))?;
    let mut better: Vec<_> = specs().collect();
    better.sort_by_key(|spec| !granted(spec));
    if matches!(judge(function.asyncness, better, &ABLE), Verdict::Unsupported { .. }) {
        return None;
    }
    let message = format!(
        "`{by}` on `{}` requires {missing}, which `{}` above it provides too late",
        function.name, gives.name
    );
    let finding = Finding::new(needs.span, message).labelled("is applied first");
    let finding = finding.also(gives.span, "is applied later");
    Some(finding.help(format!("write `#[{}]` below `#[{by}]`", gives.name)))
}
