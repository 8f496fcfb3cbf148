use crate::{Facts, Finding, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds nodes whose names begin with a verb, such as `get_` or `compute_`.
    ///
    /// ## Rationale
    /// The name of a node is also the name of its value: a parameter `compute_mean: f64` suggests work that is still to
    /// be done. This is a matter of taste, so the rule is off by default.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn compute_mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct VerbNamedNode {
        code: "ICO0901",
        name: "verb-named-node",
        level: Allow,
        stage: Macro,
    }
    |facts: &Facts| facts.functions().filter_map(named_by_verb).collect()
}

/// Verbs that are not nouns. `build_` and `load_` are omitted, because they can be both.
const VERBS: [&str; 9] = [
    "calculate_",
    "compute_",
    "create_",
    "determine_",
    "extract_",
    "fetch_",
    "generate_",
    "get_",
    "retrieve_",
];

fn named_by_verb(function: &FunctionFacts) -> Option<Finding> {
    let name = &function.name;
    let verb = VERBS.iter().find(|verb| name.starts_with(**verb) && function.gives(name))?;
    let noun = &name[verb.len()..];
    let message = format!("node `{name}` is named after an action, not after its value");
    let can_be_named = noun.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let help =
        if can_be_named { format!("rename it to `{noun}`") } else { "rename it after its value".to_owned() };
    Some(Finding::new(function.name_span, message).help(help))
}
