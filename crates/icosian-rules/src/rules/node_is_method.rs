use crate::{Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds nodes that have a `self`.
    ///
    /// ## Why is this bad
    /// A node reads what its parameters name, and `self` names nothing.
    ///
    /// ## Example
    /// ```bad
    /// impl Samples {
    ///     #[node]
    ///     pub fn mean(&self) -> f64 { self.total / self.count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[node]
    /// pub fn mean(samples: &Samples) -> f64 { samples.total / samples.count }
    /// ```
    pub(crate) struct NodeIsMethod {
        code: "ICO0010",
        name: "node-is-method",
        level: Deny,
        stage: Macro,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let found = facts.functions().filter_map(|function| {
        let finding = Finding::new(function.receiver?, format!("node `{}` is a method", function.name));
        Some(finding.help("write a function that takes the value as a parameter"))
    });
    found.collect()
}
