use icosian_core::Phase;

use crate::{Decorator, Facts, Finding, Function, rule};

rule! {
    /// ## What it does
    /// Finds two decorators above one function that exclude each other: two that bind the function's
    /// parameters, or `offload` and `spawn`.
    ///
    /// ## Why is this bad
    /// The function cannot follow both: the compiler or the driver refuses it.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[inject(region = value("eu"))]
    ///     #[parameterize(eu_rate(region = value("eu")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(region = value("eu")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    pub(crate) struct ConflictingDecorators {
        code: "ICO0407",
        name: "conflicting-decorators",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| facts.functions().flat_map(|it| [conflict(it), two_places(it)]).flatten().collect()
}

/// Finds a function with two places to run.
fn two_places(function: &Function) -> Option<Finding> {
    let mut placed =
        function.decorators.iter().filter(|it| it.built_in().is_some_and(|it| it.row().is_placement()));
    let first = placed.next()?;
    let second = placed.find(|it| it.name != first.name)?;
    let message = format!("`{}` has both `{}` and `{}`", function.name, first.name, second.name);
    let finding = Finding::new(second.span, message)
        .labelled("sets where it runs")
        .also(first.span, "sets where it runs, too");
    Some(finding.help("remove `spawn` if the function blocks, or `offload` if it computes"))
}

fn conflict(function: &Function) -> Option<Finding> {
    let expanders: Vec<_> = function.decorators.iter().filter(|it| is_expander(it)).collect();
    let first = *expanders.first()?;
    let second = expanders.into_iter().find(|it| it.name != first.name)?;
    let message = format!("`{}` has both `{}` and `{}`", function.name, first.name, second.name);
    let finding =
        Finding::new(second.span, message).labelled("says what it reads").also(first.span, "so does this");
    Some(finding.help("write all bindings in one of them"))
}

fn is_expander(decorator: &Decorator) -> bool {
    decorator.spec().is_some_and(|spec| spec.phase() == Phase::Parameterize)
}
