use crate::{Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds parameters that read an input, although a node or a private function has the same or nearly the same name.
    ///
    /// ## Why is this bad
    /// The parameter is probably meant to read the node. As it is, every execution needs an input of that name. A private
    /// function is a helper and not a node.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The discount.
    ///     pub fn discount(amount: f64) -> f64 { amount * 0.1 }
    ///     /// The price.
    ///     pub fn price(amount: f64, discuont: f64) -> f64 { amount - discuont }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The discount.
    ///     pub fn discount(amount: f64) -> f64 { amount * 0.1 }
    ///     /// The price.
    ///     pub fn price(amount: f64, discount: f64) -> f64 { amount - discount }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct MisspeltParam {
        code: "ICO0024",
        name: "misspelt-param",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let inputs = facts.graph().map(|graph| graph.misspelt.as_slice()).unwrap_or_default();
    let findings = inputs.iter().map(|input| {
        let (name, reader) = (&input.name, &input.reader);
        let (problem, help) = input.node.as_ref().map_or_else(
            || {
                let help =
                    format!("write `pub fn {name}` to make the function a node, or rename the parameter");
                ("which is also a private function".to_owned(), help)
            },
            |node| {
                let help = format!("write `{node}`, or choose a name that differs more");
                (format!("which is spelt nearly like node `{node}`"), help)
            },
        );
        let message = format!("`{reader}` reads input `{name}`, {problem}");
        Finding::new(input.span, message).labelled("this parameter").help(help)
    });
    findings.collect()
}
