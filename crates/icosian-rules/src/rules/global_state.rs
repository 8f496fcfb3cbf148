use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes that use a `static` whose value may change: a `static mut`, a lock, a cell, an atomic, as the names in its type
    /// tell; also within a `LazyLock`, a `thread_local!` or a `lazy_static!`.
    ///
    /// ## Rationale
    /// What a node gives then depends on more than what it reads. Executions of one driver share it, so they change each
    /// other's outputs, and tests need an order. Statics of other files are not seen, nor locks within types of one's own; what
    /// is set once (`OnceLock`, `LazyLock`) is no finding.
    ///
    /// ## Example
    /// ```bad
    /// static CALLS: std::sync::Mutex<u64> = std::sync::Mutex::new(0);
    ///
    /// #[dataflow]
    /// pub mod counts {
    ///     /// How often it was asked.
    ///     pub fn calls() -> u64 {
    ///         *super::CALLS.lock().unwrap()
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod counts {
    ///     /// How often it was asked.
    ///     pub fn calls(counter: &std::sync::Mutex<u64>) -> u64 {
    ///         *counter.lock().unwrap()
    ///     }
    /// }
    /// ```
    pub(crate) struct GlobalState {
        code: "ICO0903",
        name: "global-state-in-node",
        level: Warn,
        stage: Source,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions() {
        for state in function.body.known().into_iter().flat_map(|body| &body.states) {
            let message =
                format!("node `{}` uses `{}`, which all executions share", function.name, state.name);
            findings.push(
                Finding::new(state.span, message)
                    .also(state.declared, "may change between executions")
                    .help("take it as a parameter, and give it as an input or as config"),
            );
        }
    }
    findings
}
