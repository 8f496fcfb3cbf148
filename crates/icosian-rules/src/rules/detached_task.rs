use crate::{Call, Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds nodes that start a task or a thread and drop its handle at once: as a statement, with `_ =`, with `drop(..)`; also
    /// at the end of a block, and with `unwrap()` and its kin.
    ///
    /// ## Why is this bad
    /// The work goes on when the node is done: it is not cancelled with the execution, its errors and panics reach nobody,
    /// and it may outlive what it works on.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod report {
    ///     /// Sends the report.
    ///     pub async fn sent(report: String) -> usize {
    ///         let length = prepare(&report).await;
    ///         tokio::spawn(send(report));
    ///         length
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod report {
    ///     /// Sends the report.
    ///     pub async fn sent(report: String) -> usize {
    ///         let length = prepare(&report).await;
    ///         send(report).await;
    ///         length
    ///     }
    /// }
    /// ```
    pub(crate) struct DetachedTask {
        code: "ICO0209",
        name: "detached-task",
        level: Warn,
        stage: Source,
    }
    check
}

const STARTS: [&str; 7] = [
    "async_std::task::spawn",
    "rayon::spawn",
    "std::thread::spawn",
    "tokio::spawn",
    "tokio::task::spawn",
    "tokio::task::spawn_blocking",
    "tokio::task::spawn_local",
];

/// Methods that only take a handle out of a `Result`.
const OPENS: [&str; 3] = ["expect", "ok", "unwrap"];

/// Returns whether what `call` and its methods give is a handle, or a `Result` of one.
fn starts(call: &Call) -> bool {
    let mut methods = call.methods.iter().map(String::as_str);
    let is_builder = call.is_to(&["std::thread::Builder::new"]);
    let begun = if is_builder { methods.any(|method| method == "spawn") } else { call.is_to(&STARTS) };
    begun && methods.all(|method| OPENS.contains(&method))
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions() {
        let calls = function.body.known().into_iter().flat_map(|body| &body.calls);
        for call in calls.filter(|it| it.is_dropped && !it.is_elsewhere && starts(it)) {
            let message = format!("node `{}` lets go of what `{}` starts", function.name, call.written);
            let finding =
                Finding::new(call.span, message).labelled("nobody waits for this, and nothing cancels it");
            findings.push(finding.help("await it, or keep the handle and give it as the output"));
        }
    }
    findings
}
