use crate::{Facts, Finding, OutputFault, rule};

rule! {
    /// ## What it does
    /// Finds nodes whose head names no output, and those that never return.
    ///
    /// ## Why is this bad
    /// A node is what it gives: nothing can read a node without an output. One that is only there for its effect gives
    /// `()`, and then says so.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod report {
    ///     /// Prints the mean.
    ///     pub fn printed(mean: f64) { println!("{mean}") }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod report {
    ///     /// Prints the mean.
    ///     pub fn printed(mean: f64) -> () { println!("{mean}") }
    /// }
    /// ```
    pub(crate) struct NodeWithoutOutput {
        code: "ICO0009",
        name: "node-without-output",
        level: Deny,
        stage: Macro,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let found = facts.functions().filter_map(|function| {
        let (name, span) = (&function.name, function.output.span);
        match function.output.fault? {
            OutputFault::Absent => Some(
                Finding::new(span, format!("node `{name}` gives nothing"))
                    .help("write what it gives, `-> ()` if that is all"),
            ),
            OutputFault::Never => Some(
                Finding::new(span, format!("node `{name}` never gives anything"))
                    .help("return what other nodes can read"),
            ),
            OutputFault::Future | OutputFault::Opaque => None,
        }
    });
    found.collect()
}
