use icosian_core::decorator::BuiltIn;

use crate::blocking::{Blocked, Finder, help, offload_fix, offload_help};
use crate::{Facts, Finding, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds calls in async nodes that block their thread. Such calls sleep, or use files, sockets, processes, sync
    /// channels, sync HTTP clients or sync database drivers.
    ///
    /// ## Rationale
    /// An async adapter polls many nodes on one thread. While one of them blocks, the others make no progress and
    /// timers fire late. Await an async counterpart of the call. If none exists, put `#[offload]` above the node: the
    /// adapter then polls the node on a thread for blocking work. If the node has both `retry` and `limit`,
    /// `#[offload]` requires `retry` below `limit`. Making the node sync does not help, because a sync node blocks
    /// the same thread (ICO0212).
    ///
    /// The rule identifies functions by their full path. It identifies a method if the file shows the type of the
    /// receiver, in a signature or through the function that returns the value. It follows calls of functions in the
    /// same file. Calls in closures and `async` blocks count only if the node itself runs the closure or block. The
    /// setting `blocking = ["legacy::load"]` adds functions and methods (`legacy::Store::save`) of other crates.
    ///
    /// ## Example
    /// ```bad
    /// use std::time::Duration;
    ///
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// The rate, after a delay.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         std::thread::sleep(Duration::from_secs(1));
    ///         fetch(url).await
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// use std::time::Duration;
    ///
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// The rate, after a delay.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         tokio::time::sleep(Duration::from_secs(1)).await;
    ///         fetch(url).await
    ///     }
    /// }
    /// ```
    pub(crate) struct BlockingCall {
        code: "ICO0201",
        name: "blocking-call-in-async-node",
        level: Deny,
        stage: Source,
        fix: Unsafe,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let finder = Finder::new(facts, help);
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async() && !it.has(BuiltIn::Offload)) {
        let Some(body) = function.body.known() else { continue };
        for found in finder.find(body) {
            let message =
                format!("async node `{}` blocks its thread in `{}`", function.name, found.call.written);
            findings.push(finding(function, &found, message, "nothing else runs on this thread meanwhile"));
        }
    }
    findings
}

/// Returns the finding for a blocking call of `function`.
pub(super) fn finding(
    function: &FunctionFacts,
    found: &Blocked<'_>,
    message: String,
    label: &str,
) -> Finding {
    let help = format!("{}, or {}", found.help, offload_help(function));
    let mut finding = Finding::new(found.call.span, message).labelled(label).help(help);
    if let Some(inside) = found.inside {
        finding = finding.also(inside.span, format!("calls `{}`, which blocks", inside.written));
    }
    match offload_fix(function) {
        Some(fix) => finding.fix(fix),
        None => finding,
    }
}
