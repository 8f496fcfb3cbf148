use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds async nodes that start a tokio runtime.
    ///
    /// ## Rationale
    /// An async node already runs on a runtime. In an async node, `block_on` of a second runtime panics, and so does
    /// dropping the runtime. The runtime also starts new threads in each execution. Sync nodes are not reported:
    /// under a sync adapter they may need a runtime to call async code.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate(url: String) -> f64 {
    ///         let runtime = tokio::runtime::Runtime::new().unwrap();
    ///         runtime.spawn(fetch(url)).await.unwrap()
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate(url: String) -> f64 {
    ///         fetch(url).await
    ///     }
    /// }
    /// ```
    pub(crate) struct RuntimeInNode {
        code: "ICO0205",
        name: "runtime-in-node",
        level: Deny,
        stage: Source,
    }
    check
}

/// The functions that start a runtime.
pub(super) const STARTS: [&str; 3] = [
    "tokio::runtime::Runtime::new",
    "tokio::runtime::Builder::new_current_thread",
    "tokio::runtime::Builder::new_multi_thread",
];

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async()) {
        let calls = function.body.known().into_iter().flat_map(|body| &body.calls);
        for call in calls.filter(|it| !it.is_elsewhere && it.is_to(&STARTS)) {
            let message = format!("async node `{}` starts a nested runtime", function.name);
            findings.push(
                Finding::new(call.span, message)
                    .help("await the futures, or spawn them on the current runtime"),
            );
        }
    }
    findings
}
