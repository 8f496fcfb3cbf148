use crate::{Call, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes that start a task or a thread and drop its handle. The handle is dropped if the call is a
    /// statement. It is also dropped if it is assigned to `_` or to an unused variable such as `_handle`, or passed to
    /// `drop(..)`. The rule also checks the last expression of a block whose value is dropped, and methods
    /// such as `unwrap()` on the handle.
    ///
    /// ## Rationale
    /// The work continues after the node ends. It is not cancelled with the execution, its errors and panics are
    /// lost, and it may outlive the values that it uses. The rule skips work that owns the sender of a channel if the
    /// node has the receiver, because the node can then wait for the end of the work.
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

/// Methods that extract a handle from a `Result`.
const OPENS: [&str; 3] = ["expect", "ok", "unwrap"];

/// Returns whether `call` and its methods return the handle of new work, or a `Result` of one.
fn starts(call: &Call) -> bool {
    let mut methods = call.methods.iter().map(String::as_str);
    let is_builder = call.is_to(&["std::thread::Builder::new"]);
    let begun = if is_builder { methods.any(|method| method == "spawn") } else { call.is_to(&STARTS) };
    begun && methods.all(|method| OPENS.contains(&method))
}

/// Returns whether `call` starts work in the node and its handle is dropped.
fn is_detached(call: &Call) -> bool {
    call.is_dropped && !call.is_elsewhere && !call.is_awaited && starts(call)
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions() {
        let calls = function.body.known().into_iter().flat_map(|body| &body.calls);
        for call in calls.filter(|it| is_detached(it)) {
            let message =
                format!("node `{}` does not wait for the work that `{}` starts", function.name, call.written);
            let finding = Finding::new(call.span, message)
                .labelled("is neither awaited nor cancelled with the execution");
            findings.push(finding.help("await it, or return the handle as the output"));
        }
    }
    findings
}
