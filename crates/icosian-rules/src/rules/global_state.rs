use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes that use a `static` whose value may change. The rule reports `static mut`, and statics whose type
    /// contains a lock, a cell or an atomic. It also checks statics in `thread_local!` and `lazy_static!`, and the
    /// types inside a `LazyLock`.
    ///
    /// ## Rationale
    /// The node's output depends on more than its parameters. All executions share the static, so they affect each
    /// other's outputs, and tests depend on their order. The rule does not see statics of other files, or locks inside
    /// custom types. It accepts statics that are only set once (`OnceLock`, `LazyLock`).
    ///
    /// ## Example
    /// ```bad
    /// static CALLS: std::sync::Mutex<u64> = std::sync::Mutex::new(0);
    ///
    /// #[dataflow]
    /// pub mod counts {
    ///     /// The number of calls.
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
    ///     /// The number of calls.
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
                    .help("declare a parameter for it, and pass it as an input or a config value"),
            );
        }
    }
    findings
}
