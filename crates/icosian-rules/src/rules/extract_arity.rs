use icosian_core::BuiltIn;

use crate::{Facts, Finding, Function, Meaning, rule};

rule! {
    /// ## What it does
    /// Finds decorators that take more parts out of a tuple than it has.
    ///
    /// ## Why is this bad
    /// There is nothing for the last of them to give. Tuples behind an alias or in a `Result` are not seen.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean and the variance.
    ///     #[unpack_fields(mean, variance, median)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean and the variance.
    ///     #[unpack_fields(mean, variance)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    pub(crate) struct ExtractArity {
        code: "ICO0402",
        name: "extract-arity",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| facts.functions().flat_map(too_many).collect()
}

fn too_many(function: &Function) -> Vec<Finding> {
    let Some(&arity) = function.output.arity.known() else { return Vec::new() };
    // Fields have no order.
    let in_order = function.decorators.iter().filter(|it| !it.is(BuiltIn::ExtractFields));
    let found = in_order.filter_map(|decorator| {
        let Meaning::Parts(parts) = decorator.meaning.known()? else { return None };
        let (_, extra) = parts.get(arity)?;
        let (name, wanted) = (&decorator.name, parts.len());
        let message =
            format!("`{}` gives {arity} parts, and `{name}` takes {wanted} out of it", function.name);
        let finding = Finding::new(*extra, message).also(function.output.span, "has no more parts");
        Some(finding.help("remove what is too much, or give more parts"))
    });
    found.collect()
}
