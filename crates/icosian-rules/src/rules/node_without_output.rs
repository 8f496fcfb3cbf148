use crate::{Facts, OutputFault, rule};

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
    |facts: &Facts| {
        facts.faulty_outputs(|name, fault| match fault {
            OutputFault::Absent => {
                Some((format!("node `{name}` gives nothing"), "write what it gives, `-> ()` if that is all"))
            }
            OutputFault::Never => {
                Some((format!("node `{name}` never gives anything"), "return what other nodes can read"))
            }
            OutputFault::Future | OutputFault::Opaque => None,
        })
    }
}
