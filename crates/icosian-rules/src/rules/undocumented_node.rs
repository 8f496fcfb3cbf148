use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes without a doc comment, or with an empty one.
    ///
    /// ## Rationale
    /// Drawings, reports and editors show the comment as the description of the node. The rule is off by default.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean of all samples.
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct UndocumentedNode {
        code: "ICO0902",
        name: "undocumented-node",
        level: Allow,
        stage: Macro,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let bare = facts.functions().filter(|function| function.documented.is(&false));
    let found = bare.map(|function| {
        let message = format!("node `{}` has no doc comment", function.name);
        Finding::new(function.name_span, message).help("add a doc comment that describes its value")
    });
    found.collect()
}
