use icosian_core::Phase;

use crate::{Decorator, Facts, Finding, Function, rule};

rule! {
    /// ## What it does
    /// Finds different decorators above one function of which only one can stand there, because
    /// both say what the function's parameters read.
    ///
    /// ## Why is this bad
    /// Each of them says what the function becomes, and it cannot become both: no driver is built from it.
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
    |facts: &Facts| facts.functions().filter_map(conflict).collect()
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
    decorator.spec().is_some_and(|spec| spec.phase() == Phase::Expand)
}
