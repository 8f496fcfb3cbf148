use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that collect a block and on which a node of the same block depends.
    ///
    /// ## Rationale
    /// A node that collects a block runs after all items. A node of the block runs for each item, and would have to wait for the node
    /// that collects. Neither can start.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod shares {
    ///     use icosian::expand::Collect;
    ///
    ///     /// An amount.
    ///     #[expand]
    ///     pub fn amount(amounts: &[f64]) -> Vec<f64> { amounts.to_vec() }
    ///     /// An amount with tax.
    ///     pub fn gross(amount: f64) -> f64 { amount * 1.2 }
    ///     /// The sum of all amounts.
    ///     pub fn total(gross: &Collect<f64>) -> f64 { gross.iter().sum() }
    ///     /// The part of an amount in the sum.
    ///     pub fn share(gross: f64, total: f64) -> f64 { gross / total }
    /// }
    ///
    /// Driver::builder().with_dataflow(shares::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod shares {
    ///     use icosian::expand::Collect;
    ///
    ///     /// An amount.
    ///     #[expand]
    ///     pub fn amount(amounts: &[f64]) -> Vec<f64> { amounts.to_vec() }
    ///     /// An amount with tax.
    ///     pub fn gross(amount: f64) -> f64 { amount * 1.2 }
    ///     /// The sum of all amounts.
    ///     pub fn total(gross: &Collect<f64>) -> f64 { gross.iter().sum() }
    ///     /// The parts of the amounts in the sum.
    ///     pub fn shares(gross: &Collect<f64>, total: f64) -> Vec<f64> { gross.iter().map(|gross| gross / total).collect() }
    /// }
    ///
    /// Driver::builder().with_dataflow(shares::dataflow())
    /// ```
    pub(crate) struct CollectsOwnBlock {
        code: "ICO0306",
        name: "expand-and-collect-in-one-node",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
