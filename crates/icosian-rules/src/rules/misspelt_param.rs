use std::collections::{HashMap, HashSet};

use crate::{Facts, Finding, FunctionFacts, SpanId, Stage, is_slip, rule};

rule! {
    /// ## Check
    /// Finds parameters that read an input but probably mean a node or a private function.
    ///
    /// The input has nearly the name of a node with a fitting type, or exactly the name of a private function. Names of
    /// fewer than five letters are not compared, and an input with several readers is not reported. Without linked
    /// crates, the rule compares the functions of one dataflow, and only if the file shows the names of all nodes.
    ///
    /// ## Rationale
    /// Every execution then needs an input with the misspelt name. A private function is a helper and not a node.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The discount.
    ///     pub fn discount(amount: f64) -> f64 { amount * 0.1 }
    ///     /// The price.
    ///     pub fn price(amount: f64, discuont: f64) -> f64 { amount - discuont }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The discount.
    ///     pub fn discount(amount: f64) -> f64 { amount * 0.1 }
    ///     /// The price.
    ///     pub fn price(amount: f64, discount: f64) -> f64 { amount - discount }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct MisspeltParam {
        code: "ICO0024",
        name: "misspelt-param",
        level: Warn,
        stage: Plan,
    }
    check
}

/// A parameter and the node that it probably means; `None` if a private function has the name of the parameter.
struct Misspelt<'a> {
    name: &'a str,
    reader: &'a str,
    span: SpanId,
    node: Option<&'a str>,
}

fn check(facts: &Facts) -> Vec<Finding> {
    let misspelt = if facts.stage == Stage::Source { in_source(facts) } else { in_graph(facts) };
    misspelt.iter().map(finding).collect()
}

fn finding(misspelt: &Misspelt<'_>) -> Finding {
    let Misspelt { name, reader, span, node } = misspelt;
    let (problem, help) = node.map_or_else(
        || {
            let help = format!("write `pub fn {name}` to make the function a node, or rename the parameter");
            ("which is also the name of a private function".to_owned(), help)
        },
        |node| {
            let help = format!("rename the parameter to `{node}`, or choose a more distinct name");
            (format!("whose name is similar to node `{node}`"), help)
        },
    );
    let message = format!("`{reader}` reads input `{name}`, {problem}");
    Finding::new(*span, message).labelled("this parameter").help(help)
}

fn in_graph(facts: &Facts) -> Vec<Misspelt<'_>> {
    let inputs = facts.graph().map(|graph| graph.misspelt.as_slice()).unwrap_or_default().iter();
    let misspelt = inputs.map(|input| Misspelt {
        name: &input.name,
        reader: &input.reader,
        span: input.span,
        node: input.node.as_deref(),
    });
    misspelt.collect()
}

fn in_source(facts: &Facts) -> Vec<Misspelt<'_>> {
    let is_known = |function: &FunctionFacts| function.is_there.is(&true) && function.nodes.known().is_some();
    if !facts.functions().all(is_known) {
        return Vec::new();
    }
    let nodes: HashSet<&str> =
        facts.functions().filter_map(|it| it.nodes.known()).flatten().map(String::as_str).collect();
    let mut readers: HashMap<&str, usize> = HashMap::new();
    for param in facts.functions().flat_map(|function| &function.params) {
        *readers.entry(&param.name).or_default() += 1;
    }
    let mut found = Vec::new();
    for dataflow in &facts.dataflows {
        for function in &dataflow.functions {
            // Several nodes rarely misspell a name in the same way.
            let inputs = function.params.iter().filter(|param| {
                let name = param.reads.known().map(String::as_str);
                name.is_some_and(|name| !nodes.contains(name) && readers.get(name) == Some(&1))
            });
            for param in inputs {
                let means = |other: &&FunctionFacts| {
                    other.name != function.name
                        && other.nodes.known().is_some_and(|nodes| *nodes == [other.name.as_str()])
                        && is_slip(&param.name, &other.name)
                        && may_read(&param.written, other.output.as_deref().unwrap_or_default())
                };
                if let Some(node) = dataflow.functions.iter().find(means) {
                    let (name, reader, node) = (&*param.name, &*function.name, Some(&*node.name));
                    found.push(Misspelt { name, reader, span: param.name_span, node });
                }
            }
        }
    }
    found
}

/// Returns whether a parameter can read an output, according to the source text of both types.
fn may_read(param: &str, output: &str) -> bool {
    let param = argument(param, "Option").unwrap_or(param);
    let borrowed = param.strip_prefix('&').map(|borrowed| match borrowed.split_once(' ') {
        Some((lifetime, borrowed)) if lifetime.starts_with('\'') => borrowed,
        _ => borrowed,
    });
    let wanted = match borrowed {
        Some("str") => "String".to_owned(),
        Some("Path") => "PathBuf".to_owned(),
        Some(slice) => match slice.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            Some(element) => format!("Vec<{element}>"),
            None => slice.to_owned(),
        },
        None => param.to_owned(),
    };
    let fits = |output: &str| output == wanted;
    fits(output)
        || argument(output, "Result").is_some_and(|outcome| {
            let rest = outcome.strip_prefix(&*wanted);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
        })
}

/// Returns the text between the angle brackets of the type `name`.
fn argument<'a>(written: &'a str, name: &str) -> Option<&'a str> {
    let (path, arguments) = written.split_once('<')?;
    (path.rsplit("::").next() == Some(name)).then_some(arguments)?.strip_suffix('>')
}

#[cfg(test)]
mod tests {
    use super::may_read;

    #[test]
    fn parameters_read_outputs_of_their_type() {
        for (param, output) in [
            ("f64", "f64"),
            ("&f64", "f64"),
            ("Option<&f64>", "f64"),
            ("&'a str", "String"),
            ("&[u8]", "Result<Vec<u8>, Error>"),
            ("Vec<u8>", "io::Result<Vec<u8>>"),
            ("()", "()"),
        ] {
            assert!(may_read(param, output), "{param} {output}");
        }
        for (param, output) in
            [("f64", "f32"), ("u8", "Vec<u8>"), ("Vec", "Result<Vec<u8>>"), ("f64", "Option<f64>")]
        {
            assert!(!may_read(param, output), "{param} {output}");
        }
    }
}
