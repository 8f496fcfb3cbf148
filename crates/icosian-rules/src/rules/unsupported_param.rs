use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters that cannot read a node.
    ///
    /// These are patterns without a name, mutable references, borrowed trait objects, two parameters with the same
    /// name, and a `Result` that borrows but is not a `Result<&T, &NodeError>`.
    ///
    /// ## Rationale
    /// The name of a parameter is the name of the node that it reads. Several nodes may borrow one value, so no node
    /// may change it in place. A value is stored with its own sized type, so a parameter cannot borrow it as a trait
    /// object. A `Result<&T, &NodeError>` parameter accepts the failure of a node: it borrows the value or the error.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price((rate, amount): (f64, f64)) -> f64 { rate * amount }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(order: (f64, f64)) -> f64 {
    ///         let (rate, amount) = order;
    ///         rate * amount
    ///     }
    /// }
    /// ```
    pub(crate) struct UnsupportedParam {
        code: "ICO0026",
        name: "unsupported-param",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
