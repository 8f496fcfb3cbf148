use icosian_core::nearest;

use crate::{Edit, Facts, Finding, Fix, Function, Meaning, rule};

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
        for (param, span) in nodes.iter().flat_map(|node| &node.params) {
            let names = || function.params.iter().map(|param| param.name.as_str());
            if names().any(|name| name == param) {
                continue;
            }
            let message = format!("`{}` has no parameter `{param}`", function.name);
            let finding = Finding::new(*span, message).also(function.name_span, "is not read by this");
            findings.push(match nearest(param, names()) {
                Some(meant) => {
                    let fix = Fix::risky(format!("rename it to `{meant}`"), [Edit::replaced(*span, meant)]);
                    finding.help(format!("write `{meant}`")).fix(fix)
                }
                None => finding.help("remove it, or give the function such a parameter"),
            });
        }
    }
    findings
}
