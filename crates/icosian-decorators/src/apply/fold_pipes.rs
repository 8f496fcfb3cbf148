//! Functions whose pipes are hidden from an expander.
//!
//! Phases nest: the function and the steps before its parameters are one function for `inject` and `parameterize`. A binding of
//! the parameter `k` therefore feeds the first step of the pipe of `k`, and the pipe still feeds the body.
//!
//! 1. [`Folded::new`] takes the steps away, and lets each parameter read what its first step reads.
//! 2. The expander decorates the folded function, once for each node that it makes.
//! 3. [`Folded::unfold`] puts the steps back. A parameter that the expander did not bind reads the common steps. A parameter
//!    that it did bind gets a copy of the steps, named after the new node.
//!
//! Common steps that no node reads any more are dropped.

use std::collections::{HashMap, HashSet};

use icosian_core::decorator::{Phase, is_own};
use icosian_core::node::{Decoration, Role};
use icosian_core::{Name, Node, Outline, Param};
use icosian_diagnostics::{Diagnostics, Label, Location, Spanned};

use crate::built_in::pipe_input::steps_before;
use crate::decorate_errors::{Decorated, decorate_error};
use crate::step::{Before, free, reading};

/// A function whose parameters read the inputs of the first steps of their pipes.
struct Folded {
    /// The function as it was, with parameters that read steps.
    own: Outline,
    /// The function that the expander decorates.
    node: Node,
    pipes: Vec<Pipe>,
}

/// The steps before one parameter.
struct Pipe {
    param: Name,
    /// The positions of the steps and of the lists and maps that they read, in the order of the nodes.
    positions: Vec<usize>,
    first: Name,
    last: Name,
}

/// Applies the expander `decoration` to each node that runs the function's body.
///
/// `decorations` are all decorators of `function`. One of them may provide a parameter already.
pub(crate) fn apply_folded(
    nodes: &[Node],
    decoration: &Decoration,
    decorations: &[Decoration],
    function: &Outline,
    decorate: impl Fn(Node) -> Decorated<Vec<Node>>,
) -> Decorated<Vec<Node>> {
    let by = Expander { decoration, decorations, function };
    let mut problems = Diagnostics::default();
    let mut unused = HashSet::new();
    let mut expanded = HashMap::new();
    for (at, node) in nodes.iter().enumerate().filter(|(_, node)| is_own(node.outline())) {
        let folded = Folded::new(node, nodes);
        let made = match decorate(folded.node.clone()) {
            Ok(made) => made,
            Err(wrong) => {
                problems.extend(wrong);
                continue;
            }
        };
        by.check_bindings(&folded, &made, nodes, &mut problems);
        let is_shared = |pipe: &Pipe| {
            let mut own = made.iter().filter(|node| is_own(node.outline()));
            own.any(|node| !folded.binds(&pipe.param, node.outline()))
        };
        for pipe in folded.pipes.iter().filter(|pipe| !is_shared(pipe)) {
            unused.extend(&pipe.positions);
        }
        expanded.insert(at, (folded, made));
    }
    if problems.iter().next().is_some() {
        return Err(problems);
    }
    let mut all: Vec<Node> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        match expanded.remove(&at) {
            Some((folded, made)) => {
                let later: Vec<Node> =
                    retain(nodes, &unused).filter(|(other, _)| *other > at).map(|it| it.1).collect();
                for node in made {
                    folded.unfold(node, nodes, &later, &mut all);
                }
            }
            None if unused.contains(&at) => {}
            None => all.push(node.clone()),
        }
    }
    Ok(all)
}

/// Returns the nodes that stay, with their positions.
fn retain(nodes: &[Node], unused: &HashSet<usize>) -> impl Iterator<Item = (usize, Node)> {
    nodes.iter().enumerate().filter(|(at, _)| !unused.contains(at)).map(|(at, node)| (at, node.clone()))
}

impl Folded {
    fn new(node: &Node, nodes: &[Node]) -> Self {
        let own = node.outline().clone();
        let mut pipes = Vec::new();
        let outline = own.clone().map_params(|param| {
            let steps = steps_before(nodes, &param);
            let (Some(&first), Some(&last)) = (steps.first(), steps.last()) else { return param };
            let Some(input) = reading(nodes[first].outline()) else { return param };
            let folded = input.clone().in_place_of(&Before::of(input).read_by(param.clone()));
            let names: Vec<&Name> = steps.iter().map(|at| nodes[*at].name()).collect();
            let is_group = |node: &Node| {
                let mut steps = names.iter();
                node.outline().role() == Role::GROUP && steps.any(|step| is_below(step, node.name()))
            };
            let groups = (0..nodes.len()).filter(|at| is_group(&nodes[*at]));
            let mut positions: Vec<usize> = groups.chain(steps.iter().copied()).collect();
            positions.sort_unstable();
            let (first, last) = (nodes[first].name().clone(), nodes[last].name().clone());
            pipes.push(Pipe { param: param.name().clone(), positions, first, last });
            folded
        });
        Self { own, node: Node::from_parts(outline, node.body().clone()), pipes }
    }

    /// Returns whether the expander let the parameter of the node that it made read something else.
    fn binds(&self, param: &Name, made: &Outline) -> bool {
        let before = self.node.outline().params().iter().find(|it| it.name() == param);
        let after = made.params().iter().find(|it| it.name() == param);
        before.zip(after).is_none_or(|(before, after)| !before.reads_as(after))
    }

    /// Adds a node that the expander made, and the steps that are copied for it, to `all`.
    fn unfold(&self, made: Node, nodes: &[Node], later: &[Node], all: &mut Vec<Node>) {
        if !is_own(made.outline()) {
            all.push(made);
            return;
        }
        let (mut outline, body) = made.into_parts();
        for pipe in &self.pipes {
            let Some(bound) = outline.params().iter().find(|it| *it.name() == pipe.param).cloned() else {
                continue;
            };
            let last = if self.binds(&pipe.param, &outline) {
                self.copy(pipe, &bound, outline.name(), nodes, later, all)
            } else {
                pipe.last.clone()
            };
            let own = self.own.params().iter().find(|it| *it.name() == pipe.param);
            let Some(own) = own.map(|own| own.clone().with_source(&last)) else { continue };
            outline = outline.map_params(|it| if *it.name() == pipe.param { own.clone() } else { it });
        }
        all.push(Node::from_parts(outline, body));
    }

    /// Adds a copy of the steps for the node `made`, the first of which reads what `bound` does. Returns the last one's name.
    fn copy(
        &self,
        pipe: &Pipe,
        bound: &Param,
        made: &Name,
        nodes: &[Node],
        later: &[Node],
        all: &mut Vec<Node>,
    ) -> Name {
        let mut names: HashMap<&Name, Name> = HashMap::new();
        for at in &pipe.positions {
            let old = nodes[*at].name();
            let new = free(self.rename(old, made), &[all, later]);
            let (outline, body) = nodes[*at].clone().into_parts();
            let first = reading(&outline).map(|param| param.name().clone()).filter(|_| *old == pipe.first);
            let outline = outline.with_name(&new).map_params(|param| {
                if first.as_ref() == Some(param.name()) {
                    return Before::of(bound).read_by(param);
                }
                match names.get(param.source()).filter(|_| param.constant().is_none()) {
                    Some(renamed) => param.with_source(renamed),
                    None => param,
                }
            });
            all.push(Node::from_parts(outline, body));
            names.insert(old, new);
        }
        names.remove(&pipe.last).unwrap_or_else(|| pipe.last.clone())
    }

    /// Returns the name of a step's copy: that of the step where the function keeps its name, and below the new node otherwise.
    fn rename(&self, step: &Name, made: &Name) -> String {
        let own = self.own.name();
        if own == made {
            return step.to_string();
        }
        let rest = step.strip_prefix(own.as_str()).and_then(|rest| rest.strip_prefix('.'));
        format!("{made}.{}", rest.unwrap_or(step))
    }
}

/// Returns whether the node `name` is named below the node `step`.
fn is_below(step: &Name, name: &Name) -> bool {
    name.strip_prefix(step.as_str()).is_some_and(|rest| rest.starts_with('.'))
}

/// The decorator that makes several nodes of one, or binds its parameters.
struct Expander<'a> {
    decoration: &'a Decoration,
    decorations: &'a [Decoration],
    function: &'a Outline,
}

impl Expander<'_> {
    /// Finds parameters that the expander binds, and that an earlier decorator provides already.
    fn check_bindings(
        &self,
        folded: &Folded,
        made: &[Node],
        nodes: &[Node],
        problems: &mut Diagnostics<icosian_core::decorator::DecorateError>,
    ) {
        for param in folded.node.outline().params().iter().filter(|param| !param.is_context()) {
            let mut written = self.function.params().iter();
            let is_provided = written.any(|it| it.name() == param.name() && !it.reads_as(param));
            let mut own = made.iter().map(Node::outline).filter(|outline| is_own(outline));
            if is_provided && own.any(|outline| folded.binds(param.name(), outline)) {
                problems.push(self.bound_twice(param, nodes));
            }
        }
    }

    fn bound_twice(&self, param: &Param, nodes: &[Node]) -> Spanned<icosian_core::decorator::DecorateError> {
        let name = self.decoration.decorator().spec().name();
        let role = nodes.iter().find(|node| param.reads(node.name())).map(|node| node.outline().role());
        let provider = self.decorations.iter().find(|it| match role {
            Some(role @ Role::MadeBy(by)) if role != Role::GROUP => it.decorator().spec().name() == by,
            _ => [Phase::Create, Phase::Inject].contains(&it.decorator().spec().phase()),
        });
        let by = provider.map_or("another decorator", |it| it.decorator().spec().name());
        let error = decorate_error(
            "ICO0416 param-bound-twice",
            format!(
                "`{name}` binds `{}` of `{}`, which `{by}` already provides",
                param.name(),
                self.function.name()
            ),
            format!("bind another parameter, or remove `{}` from `{by}`", param.name()),
        );
        let mark = |place: Option<Location>, label: String| place.map(|place| Label::new(place, label));
        let marks = [
            mark(self.decoration.location(), format!("this `{name}` binds `{}`", param.name())),
            mark(provider.and_then(Decoration::location), format!("this `{by}` provides `{}`", param.name())),
            mark(self.function.location(), "above this function".to_owned()),
        ];
        Spanned::new(error, marks.into_iter().flatten().collect())
    }
}

/// Returns the first node that some node read before a decorator, and that no node reads after it.
///
/// An expander makes functions, not outputs: each node that earlier decorators made still needs a consumer.
pub(crate) fn find_orphan<'a>(before: &HashSet<Name>, after: &'a [Node]) -> Option<&'a Name> {
    let read = consumed(after);
    after.iter().map(Node::name).find(|name| before.contains(*name) && !read.contains(*name))
}

/// Returns the names that the parameters of `nodes` read.
pub(crate) fn consumed(nodes: &[Node]) -> HashSet<Name> {
    let params = nodes.iter().flat_map(|node| node.outline().params());
    params.filter(|param| param.constant().is_none()).map(|param| param.source().clone()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_below_a_step_start_with_its_name_and_a_dot() {
        let is_below =
            |step: &str, name: &str| super::is_below(&step.to_owned().into(), &name.to_owned().into());
        assert!(is_below("f.with_add", "f.with_add.by"));
        assert!(!is_below("f.with_add", "f.with_add_1.by"));
        assert!(!is_below("f.with_add", "f.with_add"));
    }
}
