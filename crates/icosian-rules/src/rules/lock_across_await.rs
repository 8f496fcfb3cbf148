use crate::{Finding, Remark, rule};

rule! {
    /// ## Check
    /// Finds guards of locks that threads wait for (`std::sync`, `parking_lot`), held across an `.await` in nodes.
    ///
    /// ## Rationale
    /// While the future waits, whoever polls it goes on with others. One of them that wants the lock stops the thread, and with it the
    /// future that would give the lock back. In an async node's own future the compiler refuses such a guard, unless it can be sent;
    /// in futures that a node runs itself nobody does.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///     use std::sync::Mutex;
    ///
    ///     /// All rates together.
    ///     pub fn total(urls: &[String]) -> f64 {
    ///         let total = Mutex::new(0.0);
    ///         run_all(urls.iter().map(async |url| {
    ///             let mut total = total.lock().unwrap();
    ///             *total += fetch(url).await;
    ///         }));
    ///         total.into_inner().unwrap()
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///     use std::sync::Mutex;
    ///
    ///     /// All rates together.
    ///     pub fn total(urls: &[String]) -> f64 {
    ///         let total = Mutex::new(0.0);
    ///         run_all(urls.iter().map(async |url| {
    ///             let rate = fetch(url).await;
    ///             *total.lock().unwrap() += rate;
    ///         }));
    ///         total.into_inner().unwrap()
    ///     }
    /// }
    /// ```
    pub(crate) struct LockAcrossAwait {
        code: "ICO0202",
        name: "lock-held-across-await",
        level: Deny,
        stage: Clippy,
    }
    reported_by_clippy("await_holding_lock", finding)
}

fn finding(remark: &Remark) -> Finding {
    let finding =
        Finding::new(remark.span, format!("node `{}` holds a lock across an `.await`", remark.node));
    let awaited = |finding: Finding, span| finding.also(span, "awaits while it is held");
    let finding = remark.others.iter().copied().fold(finding, awaited);
    finding
        .labelled("held from here")
        .help("move the `.await` out of the guard's block, or take an async lock")
}
