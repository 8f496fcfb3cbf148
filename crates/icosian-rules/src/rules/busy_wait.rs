use crate::{Facts, Finding, LoopKind, rule};

rule! {
    /// ## Check
    /// Finds loops in nodes that only yield or spin until a condition changes. The condition belongs to a `while`, or
    /// to an `if` with a `break`. The rule skips loops with an empty block, because their condition may do the work.
    ///
    /// ## Rationale
    /// The loop keeps a core busy while it waits. The task that changes the condition may need that core.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a connected feed.
    ///     pub async fn rate(feed: &Feed) -> f64 {
    ///         while !feed.is_ready() {
    ///             tokio::task::yield_now().await;
    ///         }
    ///         feed.rate()
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a connected feed.
    ///     pub async fn rate(feed: &Feed) -> f64 {
    ///         feed.ready().await;
    ///         feed.rate()
    ///     }
    /// }
    /// ```
    pub(crate) struct BusyWait {
        code: "ICO0211",
        name: "busy-wait",
        level: Warn,
        stage: Source,
    }
    check
}

const IDLE: [&str; 5] = [
    "core::hint::spin_loop",
    "std::hint::spin_loop",
    "std::thread::yield_now",
    "tokio::task::yield_now",
    "tokio::task::consume_budget",
];

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions() {
        let loops = function.body.known().into_iter().flat_map(|body| &body.loops);
        for found in loops.filter(|it| it.kind != LoopKind::For) {
            let Some(calls) = found.only_calls.known() else { continue };
            if !calls.is_empty() && calls.iter().all(|path| IDLE.contains(&path.as_str())) {
                let message = format!("node `{}` waits in a loop that keeps a core busy", function.name);
                findings.push(
                    Finding::new(found.span, message)
                        .labelled("only checks its condition")
                        .help("await a notification or a channel"),
                );
            }
        }
    }
    findings
}
