use crate::{Call, Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds async nodes that wait for a future with `block_on` instead of `.await`.
    ///
    /// ## Why is this bad
    /// The thread that blocks is the one that would have to run what the future waits for: on a tokio runtime this panics,
    /// elsewhere it may wait for ever. Calls inside closures are left out, and so are methods of variables
    /// (`handle.block_on(..)`), whose type source does not tell; a runtime of the node's own is told as `runtime-in-node` (ICO0205).
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

const HANDLES: [&str; 2] = ["tokio::runtime::Handle::current", "tokio::runtime::Handle::try_current"];

fn blocks(call: &Call) -> bool {
    call.is_to(&FUNCTIONS) || call.is_to(&HANDLES) && call.has_method(&["block_on"])
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async()) {
        let calls = function.body.known().into_iter().flat_map(|body| &body.calls);
        for call in calls.filter(|it| !it.is_elsewhere && blocks(it)) {
            let message = format!("async node `{}` blocks on a future", function.name);
            let finding =
                Finding::new(call.span, message).labelled("the thread that would poll it waits here");
            findings.push(finding.help("write `.await` instead"));
        }
    }
    findings
}
