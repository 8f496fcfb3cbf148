use crate::{Facts, Finding, Function, Meaning, rule};

rule! {
    /// ## What it does
    /// Finds decorators that make two nodes of the same name.
    ///
    /// ## Why is this bad
    /// A name stands for one value. Parameters that read it could mean either, so no driver is built from it.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(region = value("eu")), eu_rate(region = value("us")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(region = value("eu")), us_rate(region = value("us")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    pub(crate) struct ParameterizeDuplicateName {
        code: "ICO0411",
        name: "parameterize-duplicate-name",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| facts.functions().flat_map(duplicates).collect()
}

fn duplicates(function: &Function) -> Vec<Finding> {
    let mut findings = Vec::new();
    for decorator in &function.decorators {
        let Some(Meaning::Bindings(nodes)) = decorator.meaning.known() else { continue };
        let names: Vec<_> = nodes.iter().filter_map(|node| node.node.as_ref()).collect();
        for (at, (name, span)) in names.iter().enumerate() {
            if let Some((_, first)) = names[..at].iter().find(|(earlier, _)| earlier == name) {
                let message = format!("`{}` makes two nodes `{name}` of `{}`", decorator.name, function.name);
                let finding = Finding::new(*span, message).labelled("the second").also(*first, "the first");
                findings.push(finding.help("rename one of them"));
            }
        }
    }
    findings
}
