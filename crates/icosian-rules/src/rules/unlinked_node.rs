use crate::{DataflowFacts, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds dataflows in the source of a library that the linked library does not contain.
    ///
    /// The rule ignores dataflows of tests, examples and programs, and files that the library does not include. It also
    /// ignores dataflows behind a `#[cfg(..)]`, which the last line of a report counts.
    ///
    /// ## Rationale
    /// Only the source of such a dataflow was checked, not its types, its decorators and its adapter. Usually an
    /// attribute macro of another crate removes the dataflow, or the library depends on a different version of
    /// icosian than the workspace.
    ///
    /// ## Example
    /// ```bad
    /// #[only_on_big_machines]
    /// pub mod forecasts {
    ///     #[dataflow]
    ///     pub mod rates {
    ///         /// A rate.
    ///         pub fn rate(url: &str) -> f64 { url.len() as f64 }
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// Compile the module always, or put it behind a feature that `cargo icosian lint --features forecasts` enables:
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// A rate.
    ///     pub fn rate(url: &str) -> f64 { url.len() as f64 }
    /// }
    /// ```
    pub(crate) struct UnlinkedNode {
        code: "ICO1005",
        name: "unlinked-node",
        level: Warn,
        stage: Linked,
    }
    |facts: &Facts| facts.dataflows.iter().filter(|it| it.linked.is(&false)).map(finding).collect()
}

fn finding(dataflow: &DataflowFacts) -> Finding {
    Finding::new(dataflow.name_span, format!("dataflow `{}` is missing in the linked library", dataflow.name))
        .help("check for an attribute macro that removes it, or for another version of icosian")
}

#[cfg(test)]
mod tests {
    use super::UnlinkedNode;
    use crate::{DataflowFacts, Fact, Facts, Rule};

    #[test]
    fn only_dataflows_known_to_be_missing_are_reported() {
        let facts = [Fact::Known(false), Fact::Known(true), Fact::Unknown].map(|linked| {
            let rates = DataflowFacts { name: "rates".into(), linked, ..DataflowFacts::default() };
            Facts { dataflows: vec![rates], ..Facts::default() }
        });
        assert_eq!(facts.map(|facts| UnlinkedNode.check(&facts).len()), [1, 0, 0]);
    }
}
