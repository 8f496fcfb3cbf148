use crate::blocking::Finder;
use crate::{Call, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds async nodes that wait for a future with `block_on` instead of `.await`. The rule knows the functions of
    /// common runtimes, and all methods of this name.
    ///
    /// ## Rationale
    /// The blocked thread may be the only one that can poll the future's dependencies. The methods of a tokio runtime
    /// panic in this case; other executors can deadlock.
    ///
    /// The rule reports a call in a closure only if the node runs the closure itself. It follows calls of functions in
    /// the same file. A runtime that the node creates is also reported as `runtime-in-node` (ICO0205).
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         let first = futures::executor::block_on(fetch(url));
    ///         first + fetch(url).await
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         let first = fetch(url).await;
    ///         first + fetch(url).await
    ///     }
    /// }
    /// ```
    pub(crate) struct BlockOn {
        code: "ICO0204",
        name: "block-on-in-node",
        level: Deny,
        stage: Source,
    }
    check
}

const FUNCTIONS: [&str; 7] = [
    "async_io::block_on",
    "async_std::task::block_on",
    "futures::executor::block_on",
    "futures_executor::block_on",
    "futures_lite::future::block_on",
    "pollster::block_on",
    "smol::block_on",
];

/// Returns the help for `call`, if it blocks on a future.
pub(super) fn help(call: &Call, _: &Facts) -> Option<&'static str> {
    let blocks = call.is_to(&FUNCTIONS) || call.method.as_deref() == Some("block_on");
    blocks.then_some("write `.await` instead")
}

fn check(facts: &Facts) -> Vec<Finding> {
    let finder = Finder::new(facts, help);
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async()) {
        let Some(body) = function.body.known() else { continue };
        for found in finder.find(body) {
            let message = format!("async node `{}` blocks on a future", function.name);
            let mut finding = Finding::new(found.call.span, message)
                .labelled("blocks the thread that would poll the future")
                .help(found.help);
            if let Some(inside) = found.inside {
                finding = finding.also(inside.span, "blocks on a future");
            }
            findings.push(finding);
        }
    }
    findings
}
