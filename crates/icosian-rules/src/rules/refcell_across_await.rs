use crate::{Finding, Remark, rule};

rule! {
    /// ## Check
    /// Finds nodes that hold a borrow of a `RefCell` across an `.await`.
    ///
    /// ## Rationale
    /// While the future is suspended, another future that shares the cell can run. If that future also borrows the
    /// cell, the borrow panics. The compiler rejects such a borrow in the future of an async node, because that
    /// future must be `Send`. It accepts the borrow in futures that a node polls itself.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///     use std::cell::RefCell;
    ///
    ///     /// The rates, in the order of their arrival.
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
    ///     /// The rates, in the order of their arrival.
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
