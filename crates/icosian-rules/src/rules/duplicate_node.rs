use crate::{Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds two functions of one dataflow that give nodes of the same name.
    ///
    /// ## Why is this bad
    /// A name stands for one value. Parameters that read it could mean either, so no driver is built from such a dataflow.
    /// The names that `parameterize`, `extract_outputs` and their kin write are compared too. Functions under a `#[cfg(..)]`, and
    /// those whose names config decides, are not; of steps and subdags only a driver knows.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     /// The mean again.
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     /// The mean of parts.
    ///     pub fn mean_of_parts(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct DuplicateNode {
        code: "ICO0002",
        name: "duplicate-node",
        level: Deny,
        stage: Macro,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dataflow in &facts.dataflows {
        let mut first = std::collections::HashMap::new();
        for function in dataflow.functions.iter().filter(|it| it.is_there.is(&true)) {
            for node in function.nodes.known().into_iter().flatten() {
                let span = function.name_span;
                let before = *first.entry(node.as_str()).or_insert(span);
                if before != span {
                    let message = format!("dataflow `{}` has two nodes `{node}`", dataflow.name);
                    let finding =
                        Finding::new(span, message).labelled("the second").also(before, "the first");
                    findings.push(finding.help("rename one of them"));
                }
            }
        }
    }
    findings
}
