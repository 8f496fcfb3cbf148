use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds functions that no output needs, when it is said which outputs are asked for.
    ///
    /// ## Rationale
    /// They never run. Perhaps the name of a parameter that was to read them is misspelt.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    ///     /// The price as text.
    ///     pub fn label(rate: f64) -> String { rate.to_string() }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_outputs(["label"])
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    ///     /// The price as text.
    ///     pub fn label(price: f64) -> String { price.to_string() }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_outputs(["label"])
    /// ```
    pub(crate) struct UnusedNode {
        code: "ICO0005",
        name: "unused-node",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let nodes = facts.graph().map(|graph| graph.nodes.as_slice()).unwrap_or_default();
    let unused = nodes.iter().filter(|node| node.needed.is(&false)).map(|node| {
        Finding::new(node.span, format!("no output that is asked for needs node `{}`", node.name))
            .labelled("never runs")
            .help("remove it, or ask for an output that reads it")
    });
    unused.collect()
}
