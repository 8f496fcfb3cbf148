use crate::{DataflowFacts, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds dataflows in the source of a library that are not in what was linked. Those of tests, examples and programs, and those in
    /// files that the library does not have, are not meant; nor is what a `#[cfg(..)]` leaves out, which the last line of a report
    /// counts.
    ///
    /// ## Rationale
    /// Only their source is looked at: what types, decorators and adapters do with them nobody has tried. Mostly an attribute of
    /// another crate takes them away, or the library takes another version of icosian than the rest of its workspace.
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
    /// A feature, which `cargo icosian lint --features forecasts` turns on, or nothing that is there only sometimes:
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
    Finding::new(dataflow.name_span, format!("dataflow `{}` is not in what was linked", dataflow.name))
        .help("look for what takes it away: an attribute around it, or another version of icosian")
}

#[cfg(test)]
mod tests {
    use super::UnlinkedNode;
    use crate::{DataflowFacts, Fact, Facts, Rule};

    #[test]
    fn only_what_is_known_not_to_be_linked_is_told() {
        let facts = [Fact::Known(false), Fact::Known(true), Fact::Unknown].map(|linked| {
            let rates = DataflowFacts { name: "rates".into(), linked, ..DataflowFacts::default() };
            Facts { dataflows: vec![rates], ..Facts::default() }
        });
        assert_eq!(facts.map(|facts| UnlinkedNode.check(&facts).len()), [1, 0, 0]);
    }
}
