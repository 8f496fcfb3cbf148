use crate::{Finding, Remark, rule};

rule! {
    /// ## Check
    /// Finds guards of blocking locks (`std::sync`, `parking_lot`) that nodes hold across an `.await`.
    ///
    /// ## Rationale
    /// While the future is pending, the executor polls other futures on the same thread. If one of them waits for the
    /// lock, it blocks the thread, and the future that holds the guard can never release it. The compiler rejects
    /// such a guard in an async node unless the guard is `Send`. The compiler does not check futures that the node
    /// itself polls.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///     use std::sync::Mutex;
    ///
    ///     /// The sum of all rates.
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
    ///     /// The sum of all rates.
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
        .help("move the `.await` out of the guard's block, or use an async lock")
}
