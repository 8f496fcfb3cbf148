use icosian_core::{AdapterSpec, Caps, DecoratorSpec, Phase, Verdict, judge};

use crate::{Decorator, Facts, Finding, Function, rule};

rule! {
    /// ## What it does
    /// Finds decorators that cannot work because of the order in which they stand, and could in another.
    ///
    /// ## Why is this bad
    /// A decorator wraps what stands below it. `timeout` needs a way to stop what it wraps, and a plain function has none
    /// until `offload` has put it on a thread of its own: so `offload` stands below `timeout`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[offload]
    ///     #[timeout(Duration::from_secs(1))]
    ///     pub fn rate(url: &str) -> f64 { fetch(url) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[timeout(Duration::from_secs(1))]
    ///     #[offload]
    ///     pub fn rate(url: &str) -> f64 { fetch(url) }
    /// }
    /// ```
    pub(crate) struct DecoratorOrder {
        code: "ICO0405",
        name: "decorator-order",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| facts.functions().filter_map(out_of_order).collect()
}

/// An adapter that has everything, so that only the order can be to blame.
const ABLE: AdapterSpec = AdapterSpec::new("any")
    .polls_futures()
    .granting(Caps::TIMER.with(Caps::INTERRUPT).with(Caps::THREADS).with(Caps::GROUPS).with(Caps::REMOTE));

fn out_of_order(function: &Function) -> Option<Finding> {
    // Innermost first. Those of other phases are applied before, wherever they stand.
    let around = function.decorators.iter().rev().filter_map(|it| Some((it, it.spec()?)));
    let around: Vec<(&Decorator, &DecoratorSpec)> =
        around.filter(|(_, spec)| spec.phase() == Phase::Around).collect();
    let specs = || around.iter().map(|(_, spec)| *spec);
    let Verdict::Unsupported { by, missing } = judge(function.colour, specs(), &ABLE) else { return None };

    let at = around.iter().position(|(_, spec)| spec.name() == by)?;
    let (needs, granted) =
        (around[at].0, |spec: &DecoratorSpec| !missing.without(spec.granted()).contains(missing));
    let (gives, _) = around[at + 1..].iter().find(|(_, spec)| granted(spec))?;
    let mut better: Vec<_> = specs().collect();
    better.sort_by_key(|spec| !granted(spec));
    if matches!(judge(function.colour, better, &ABLE), Verdict::Unsupported { .. }) {
        return None;
    }
    let message =
        format!("`{by}` on `{}` needs {missing}, which `{}` gives only above it", function.name, gives.name);
    let finding = Finding::new(needs.span, message).labelled("finds nothing to stop what it wraps");
    let finding = finding.also(gives.span, "is applied later");
    Some(finding.help(format!("write `#[{}]` below `#[{by}]`", gives.name)))
}
