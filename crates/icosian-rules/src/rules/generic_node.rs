use crate::{Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds nodes with type or constant parameters, or with a parameter that is of any type with a trait (`impl Trait`).
    ///
    /// ## Why is this bad
    /// A node is called by the graph, and nothing there says which type is meant.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// How many there are.
    ///     pub fn count<T>(samples: &[T]) -> usize { samples.len() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// How many there are.
    ///     pub fn count(samples: &[f64]) -> usize { length(samples) }
    ///
    ///     fn length<T>(samples: &[T]) -> usize { samples.len() }
    /// }
    /// ```
    pub(crate) struct GenericNode {
        code: "ICO0011",
        name: "generic-node",
        level: Deny,
        stage: Macro,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions() {
        for generic in &function.generics {
            let message =
                format!("node `{}` leaves the {} `{}` open", function.name, generic.what, generic.name);
            let help = format!(
                "write a node for each {} that is needed, and let them call a private generic function",
                generic.what
            );
            findings.push(Finding::new(generic.span, message).help(help));
        }
        for param in &function.params {
            let Some(opaque) = &param.opaque else { continue };
            let message = format!(
                "parameter `{}` of node `{}` is of any type that is `{opaque}`",
                param.name, function.name
            );
            findings.push(Finding::new(param.type_span, message).help("write which type it is"));
        }
    }
    findings
}
