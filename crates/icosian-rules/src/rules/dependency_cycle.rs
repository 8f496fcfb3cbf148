use std::collections::HashMap;

use icosian_core::BuiltIn;

use crate::{Dataflow, Decorator, Facts, Finding, Function, Param, rule};

rule! {
    /// ## What it does
    /// Finds nodes of one dataflow that read each other in a cycle, and dataflows and functions that include themselves.
    ///
    /// ## Why is this bad
    /// None of the nodes can be the first to run, so none ever runs. A dataflow that includes itself would never end. The source
    /// shows a dataflow that includes itself directly; longer cycles are reported when the driver is built. Edges that a
    /// decorator or a `#[cfg(..)]` decides are left out.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod farm {
    ///     /// A hen, from an egg.
    ///     pub fn hen(egg: &str) -> String { egg.to_owned() }
    ///     /// An egg, from a hen.
    ///     pub fn egg(hen: &str) -> String { hen.to_owned() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod farm {
    ///     /// A hen, from an egg.
    ///     pub fn hen(egg: &str) -> String { egg.to_owned() }
    ///     /// An egg, from a hen that was there before.
    ///     pub fn egg(first_hen: &str) -> String { first_hen.to_owned() }
    /// }
    /// ```
    pub(crate) struct DependencyCycle {
        code: "ICO0003",
        name: "dependency-cycle",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| {
        let dataflows = facts.dataflows.iter();
        dataflows.flat_map(|dataflow| cycles(dataflow).into_iter().chain(inclusions(dataflow))).collect()
    }
}

/// Finds the decorators that include the dataflow in itself.
fn inclusions(dataflow: &Dataflow) -> Vec<Finding> {
    let itself = format!("super::{}", dataflow.name);
    let there = dataflow.functions.iter().filter(|it| it.is_there.is(&true));
    let includes = |decorator: &&Decorator| {
        let path: String =
            decorator.arguments.split(',').next().unwrap_or_default().split_whitespace().collect();
        matches!(decorator.built_in(), Some(BuiltIn::Subdag | BuiltIn::ParameterizedSubdag))
            && (path == itself || path == "self")
    };
    let found = there.flat_map(|function| {
        let decorators = function.decorators.iter().filter(includes);
        decorators.map(|decorator| {
            Finding::new(decorator.span, format!("dataflow `{}` includes itself", dataflow.name))
                .labelled(format!("`{}` includes `{}`", function.name, dataflow.name))
                .help("move the functions that others include into a module that does not include them")
        })
    });
    found.collect()
}

fn cycles(dataflow: &Dataflow) -> Vec<Finding> {
    let there = dataflow.functions.iter().filter(|it| it.is_there.is(&true));
    let nodes: Vec<_> = there.filter(|it| it.gives(&it.name)).collect();
    let positions: HashMap<_, _> = nodes.iter().enumerate().map(|(at, it)| (it.name.as_str(), at)).collect();
    let edges: Vec<_> = nodes.iter().map(|node| edges(node, &positions)).collect();

    let mut findings = Vec::new();
    let mut depth = vec![Depth::Unseen; nodes.len()];
    for start in 0..nodes.len() {
        if depth[start] != Depth::Unseen {
            continue;
        }
        // The path to where we are: each node, and how many of its edges were followed. No recursion: depth is free.
        let mut path = vec![(start, 0)];
        depth[start] = Depth::At(0);
        while let Some((node, followed)) = path.last_mut() {
            let Some((next, _)) = edges[*node].get(*followed) else {
                depth[*node] = Depth::Done;
                path.pop();
                continue;
            };
            *followed += 1;
            match depth[*next] {
                Depth::Done => {}
                Depth::Unseen => {
                    depth[*next] = Depth::At(path.len());
                    path.push((*next, 0));
                }
                Depth::At(first) => {
                    let steps = path[first..].iter();
                    findings.push(finding(
                        &steps
                            .map(|&(node, followed)| (nodes[node], edges[node][followed - 1].1))
                            .collect::<Vec<_>>(),
                    ));
                }
            }
        }
    }
    findings
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Unseen,
    /// On the path, at this position.
    At(usize),
    Done,
}

fn edges<'a>(node: &'a Function, positions: &HashMap<&str, usize>) -> Vec<(usize, &'a Param)> {
    let reads = node.params.iter().filter_map(|param| {
        let provider = positions.get(param.reads.known()?.as_str())?;
        Some((*provider, param))
    });
    reads.collect()
}

/// How many names of a cycle the message has.
const NAMED: usize = 4;

fn finding(cycle: &[(&Function, &Param)]) -> Finding {
    let (last, closing) = cycle[cycle.len() - 1];
    let mut names: Vec<_> = cycle.iter().take(NAMED).map(|(node, _)| format!("`{}`", node.name)).collect();
    if cycle.len() > NAMED {
        names.push(format!("{} more", cycle.len() - NAMED));
    }
    names.push(names[0].clone());
    // Each node of `cycle` reads the next one; an arrow points from a node to its reader.
    names.reverse();
    let message = match cycle {
        [(only, _)] => format!("node `{}` reads itself", only.name),
        _ => format!("nodes read each other in a circle: {}", names.join(" → ")),
    };
    let mut finding = Finding::new(closing.name_span, message)
        .labelled(format!("`{}` reads this", last.name))
        .help(format!("rename `{}`, so that it reads another node or an input", closing.name));
    for (node, param) in &cycle[..cycle.len() - 1] {
        finding = finding.also(param.name_span, format!("`{}` reads this", node.name));
    }
    finding
}
