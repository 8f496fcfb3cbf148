use crate::{Facts, Finding, Remark, rule};

rule! {
    /// ## Check
    /// Finds async nodes with a future of more than 16 KiB. With `--clippy` it also finds large futures that nodes
    /// await, above the `future-size-threshold` of `clippy.toml`.
    ///
    /// ## Rationale
    /// The node's future contains each future that it awaits, and each local variable that is used after an `.await`.
    /// The future is moved when it is created and when it is spawned. Each move of a large future costs time and
    /// stack space, and the threads of a runtime have smaller stacks than the main thread.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// The rate on the page.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         read_page(url, [0; 64 * 1024]).await
    ///     }
    /// }
    ///
    /// async fn read_page(url: &str, mut page: [u8; 64 * 1024]) -> f64 {
    ///     page[0] = 1;
    ///     fetch(url).await + f64::from(page[0])
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// The rate on the page.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         read_page(url, vec![0; 64 * 1024]).await
    ///     }
    /// }
    ///
    /// async fn read_page(url: &str, mut page: Vec<u8>) -> f64 {
    ///     page[0] = 1;
    ///     fetch(url).await + f64::from(page[0])
    /// }
    /// ```
    pub(crate) struct LargeFuture {
        code: "ICO0207",
        name: "large-future",
        level: Warn,
        stage: Clippy,
        lint: "large_futures",
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let nodes = facts.graph().map(|graph| graph.nodes.as_slice()).unwrap_or_default();
    let own = nodes.iter().filter_map(|node| {
        let size = node.large_future?;
        let finding = Finding::new(node.span, format!("the future of node `{}` has {size} bytes", node.name));
        Some(
            finding.help("move large values to the heap: box them, or await `Box::pin(..)` of large futures"),
        )
    });
    facts.remarks("large_futures").map(finding).chain(own).collect()
}

fn finding(remark: &Remark) -> Finding {
    // The size is a word of clippy's message. A message without a number has no size.
    let size = remark.message.split(' ').find(|word| word.parse::<u64>().is_ok());
    let what = size.map_or("a large future".to_owned(), |size| format!("a future of {size} bytes"));
    let finding = Finding::new(remark.span, format!("node `{}` awaits {what}", remark.node));
    finding
        .labelled("becomes a part of the node's future")
        .help("move it to the heap: await `Box::pin(..)` of it")
}
