use icosian_core::{DecoratorSpec, Phase};
use icosian_diagnostics::nearest;

use crate::{Bindings, Decorator, Edit, Facts, Finding, Fix, Function, Meaning, rule};

rule! {
    /// ## What it does
    /// Finds decorators that bind a parameter which their function does not have.
    ///
    /// ## Why is this bad
    /// Nothing reads what is bound there, and the parameter that was meant reads something else. No driver is built from
    /// it.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(regoin = value("eu")))]
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
    pub(crate) struct ParameterizeUnknownParam {
        code: "ICO0410",
        name: "parameterize-unknown-param",
        level: Deny,
        stage: Macro,
        fix: Unsafe,
    }
    |facts: &Facts| facts.functions().flat_map(unknown).collect()
}

fn unknown(function: &Function) -> Vec<Finding> {
    let mut findings = Vec::new();
    for decorator in &function.decorators {
        let Some(Meaning::Bindings(nodes)) = decorator.meaning.known() else { continue };
        let params = nodes.iter().flat_map(|node| node.params.iter().map(move |param| (node, param)));
        for (node, (param, span)) in params {
            let names = || function.params.iter().map(|param| param.name.as_str());
            if names().any(|name| name == param) {
                continue;
            }
            let message = format!("`{}` has no parameter `{param}`", function.name);
            let finding = Finding::new(*span, message).also(function.name_span, "is not read by this");
            findings.push(match nearest(param, names()) {
                // A fix must not bind what is bound, nor what another fix binds.
                Some(meant) if may_be_bound(function, node, meant) => {
                    let fix = Fix::risky(format!("rename it to `{meant}`"), [Edit::replaced(*span, meant)]);
                    finding.help(format!("write `{meant}`")).fix(fix)
                }
                _ => finding.help("remove it, or give the function such a parameter"),
            });
        }
    }
    findings
}

/// Returns whether nothing but one parameter that nobody knows can bind `meant` in `node`.
fn may_be_bound(function: &Function, node: &Bindings, meant: &str) -> bool {
    let names = || function.params.iter().map(|param| param.name.as_str());
    let is_unknown = |param: &&str| !names().any(|name| name == *param);
    let here = || node.params.iter().map(|(param, _)| param.as_str());
    let may_mean_it =
        here().filter(|it| *it == meant || is_unknown(it) && nearest(it, names()) == Some(meant));
    // Others that say what is read may bind it too.
    let is_only = |decorator: &Decorator| match decorator.spec().map(DecoratorSpec::phase) {
        Some(Phase::Inject) | None => false,
        Some(Phase::Parameterize) => {
            matches!(decorator.meaning.known(), Some(Meaning::Bindings(nodes)) if nodes.contains(node))
        }
        Some(_) => true,
    };
    may_mean_it.count() == 1 && function.decorators.iter().all(is_only)
}
