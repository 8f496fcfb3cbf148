use crate::{ConfigCondition, DataflowFacts, Facts, Finding, FunctionFacts, Meaning, rule};

rule! {
    /// ## Check
    /// Finds variants of a node that overlap: every config that selects one variant also selects another variant.
    ///
    /// ## Rationale
    /// A node has one body, so `build` returns an error if the config selects two variants. The rule compares
    /// functions with exactly one decorator: `config_when`, `config_when_in`, `config_when_not` or
    /// `config_when_not_in`. The decorator must compare keys with literals, without `named(..)`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rates.
    ///     #[config_when(env = "prod")]
    ///     pub fn rates__live(url: &str) -> f64 { fetch(url) }
    ///     /// The rates of Europe.
    ///     #[config_when(env = "prod", region = "eu")]
    ///     pub fn rates__eu(url: &str) -> f64 { fetch(url) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rates.
    ///     #[config_when(env = "prod", region = "us")]
    ///     pub fn rates__live(url: &str) -> f64 { fetch(url) }
    ///     /// The rates of Europe.
    ///     #[config_when(env = "prod", region = "eu")]
    ///     pub fn rates__eu(url: &str) -> f64 { fetch(url) }
    /// }
    /// ```
    pub(crate) struct ConfigVariantsOverlap {
        code: "ICO0501",
        name: "config-variants-overlap",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| facts.dataflows.iter().flat_map(overlaps).collect()
}

type Conditions = [ConfigCondition];

fn overlaps(dataflow: &DataflowFacts) -> Vec<Finding> {
    let there = dataflow.functions.iter().filter(|it| it.is_there.is(&true));
    let variants: Vec<_> = there.filter_map(|it| Some((base(it)?, it, conditions(it)?))).collect();
    let mut findings = Vec::new();
    for (at, (base, second, narrow)) in variants.iter().enumerate() {
        for (_, first, wide) in variants[..at].iter().filter(|(other, ..)| other == base) {
            let within = |inner: &Conditions, outer: &Conditions| {
                outer.iter().all(|outer| inner.iter().any(|inner| inner.is_within(outer)))
            };
            if within(narrow, wide) || within(wide, narrow) {
                let message =
                    format!("config that matches `{}` may also match `{}`", second.name, first.name);
                let finding =
                    Finding::new(second.name_span, message).labelled(format!("a variant of `{base}`"));
                let finding = finding.also(first.name_span, "another variant");
                findings.push(finding.help("change a condition so that only one of them holds"));
            }
        }
    }
    findings
}

/// Returns the node that `function` is a variant of.
fn base(function: &FunctionFacts) -> Option<&str> {
    let (base, variant) = function.name.rsplit_once("__")?;
    (!base.is_empty() && !variant.is_empty()).then_some(base)
}

/// Returns the conditions of `function`, if they alone decide whether config keeps it.
fn conditions(function: &FunctionFacts) -> Option<&Conditions> {
    let [decorator] = function.decorators.as_slice() else { return None };
    match decorator.meaning.known()? {
        Meaning::Conditions(conditions) => Some(conditions),
        _ => None,
    }
}
