use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes that no output needs.
    ///
    /// The rule runs only if the outputs are known: `#[dataflow(outputs(..))]` declares them, or a check requests
    /// them.
    ///
    /// Also declare the nodes that other dataflows read. If the macro cannot see the inputs of a decorator, such as
    /// `#[subdag]`, the rule only checks the linked dataflow.
    ///
    /// ## Rationale
    /// The node never runs. Often, the parameter that should read the node has a misspelt name.
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
        Finding::new(node.span, format!("no declared or requested output needs node `{}`", node.name))
            .labelled("never runs")
            .help("remove it, or declare or request an output that reads it")
    });
    unused.collect()
}
