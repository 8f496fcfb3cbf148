use crate::{Edit, Facts, Finding, Fix, rule};

rule! {
    /// ## What it does
    /// Finds decorators that stand above `#[node]`. In a `#[dataflow]` module the order does not matter: `#[node(allow(..))]` only
    /// speaks to the linter there.
    ///
    /// ## Why is this bad
    /// Attributes are read from the top. A decorator only means something to the `#[node]` that reads it, and that sees
    /// what stands below itself.
    ///
    /// ## Example
    /// ```bad
    /// #[tag(owner = "finance")]
    /// #[node]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[node]
    /// #[tag(owner = "finance")]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    pub(crate) struct DecoratorAboveNode {
        code: "ICO0404",
        name: "decorator-above-node",
        level: Deny,
        stage: Macro,
        fix: Safe,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions() {
        for (at, misplaced) in function.misplaced.iter().enumerate() {
            let name = &misplaced.decorator.name;
            let message = format!("`{name}` stands above `#[node]`, which does not see it there");
            let way_out = format!("move `{name}` below `#[node]`");
            let finding = Finding::new(misplaced.decorator.span, message)
                .also(misplaced.node_span, "reads what stands below")
                .help(&way_out);
            // One after the other, the nearest first: so they keep their order.
            let is_nearest = at + 1 == function.misplaced.len();
            let moved = Edit::moved_after(misplaced.decorator.span, misplaced.node_span);
            findings.push(if is_nearest { finding.fix(Fix::safe(way_out, [moved])) } else { finding });
        }
    }
    findings
}
