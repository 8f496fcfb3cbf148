use crate::{Finding, Remark, rule};

rule! {
    /// ## What it does
    /// Finds futures that nodes await and that are larger than 16 KiB, or than `future-size-threshold` in `clippy.toml` says.
    ///
    /// ## Why is this bad
    /// What is awaited becomes a part of the node's own future, which is moved when it is made and when it is spawned. Large ones
    /// cost time at each move, and stack: threads of a runtime have less of it than the main thread.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// What the page says.
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
    ///     /// What the page says.
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
    }
    told_by_clippy("large_futures", finding)
}

fn finding(remark: &Remark) -> Finding {
    // Clippy says the size in words; where it uses others some day, the size is left out.
    let size = remark.message.split(' ').find(|word| word.parse::<u64>().is_ok());
    let what = size.map_or("a large future".to_owned(), |size| format!("a future of {size} bytes"));
    let finding = Finding::new(remark.span, format!("node `{}` awaits {what}", remark.node));
    finding
        .labelled("becomes a part of the node's future")
        .help("move it to the heap: await `Box::pin(..)` of it")
}
