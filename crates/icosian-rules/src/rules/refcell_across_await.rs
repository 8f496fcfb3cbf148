use crate::{Finding, Remark, rule};

rule! {
    /// ## Check
    /// Finds borrows of a `RefCell` that are held across an `.await` in nodes.
    ///
    /// ## Rationale
    /// While the future waits, another one that shares the cell runs; when it borrows too, it panics. In an async node's own future the
    /// compiler refuses such a borrow, because it cannot be sent; in futures that a node runs itself nobody does.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///     use std::cell::RefCell;
    ///
    ///     /// The rates, in the order in which they come.
    ///     pub fn rates(urls: &[String]) -> Vec<f64> {
    ///         let rates = RefCell::new(Vec::new());
    ///         run_all(urls.iter().map(async |url| {
    ///             let mut rates = rates.borrow_mut();
    ///             rates.push(fetch(url).await);
    ///         }));
    ///         rates.into_inner()
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///     use std::cell::RefCell;
    ///
    ///     /// The rates, in the order in which they come.
    ///     pub fn rates(urls: &[String]) -> Vec<f64> {
    ///         let rates = RefCell::new(Vec::new());
    ///         run_all(urls.iter().map(async |url| {
    ///             let rate = fetch(url).await;
    ///             rates.borrow_mut().push(rate);
    ///         }));
    ///         rates.into_inner()
    ///     }
    /// }
    /// ```
    pub(crate) struct RefcellAcrossAwait {
        code: "ICO0203",
        name: "refcell-held-across-await",
        level: Deny,
        stage: Clippy,
    }
    reported_by_clippy("await_holding_refcell_ref", finding)
}

fn finding(remark: &Remark) -> Finding {
    let message = format!("node `{}` holds a borrow of a `RefCell` across an `.await`", remark.node);
    let awaited = |finding: Finding, span| finding.also(span, "awaits while it is held");
    let finding = remark.others.iter().copied().fold(Finding::new(remark.span, message), awaited);
    finding.labelled("held from here").help("move the `.await` out of the borrow's block")
}
