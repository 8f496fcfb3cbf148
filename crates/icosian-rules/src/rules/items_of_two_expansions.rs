use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that depend on items of two expansions, neither of which is inside the other.
    ///
    /// ## Rationale
    /// The two expansions can have different numbers of items, so the driver cannot pair their items for the node. Collect the items of one
    /// expansion to read all its results. To visit every pair, let one `#[expand]` function read the other.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// A product.
    ///     #[expand]
    ///     pub fn product(products: &[String]) -> Vec<String> { products.to_vec() }
    ///     /// A market.
    ///     #[expand]
    ///     pub fn market(markets: &[String]) -> Vec<String> { markets.to_vec() }
    ///     /// The label of a product in a market.
    ///     pub fn label(product: &str, market: &str) -> String { format!("{product} in {market}") }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::expand::Collect;
    ///
    ///     /// A product.
    ///     #[expand]
    ///     pub fn product(products: &[String]) -> Vec<String> { products.to_vec() }
    ///     /// A market for a product.
    ///     #[expand]
    ///     pub fn market(markets: &[String], product: &str) -> Vec<String> {
    ///         markets.iter().filter(|market| market.len() > product.len()).cloned().collect()
    ///     }
    ///     /// The label of a product in a market.
    ///     pub fn label(product: &str, market: &str) -> String { format!("{product} in {market}") }
    ///     /// The labels of a product.
    ///     pub fn labels(label: Collect<String>) -> Vec<String> { label.into_vec() }
    ///     /// All labels.
    ///     pub fn list(labels: &Collect<Vec<String>>) -> String { labels.concat().join(", ") }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct ItemsOfTwoExpansions {
        code: "ICO0303",
        name: "items-of-two-expansions",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
