mod attachments;
mod fold_pipes;
mod panic_guard;
mod rate_limit_conflicts;
mod variants;

use std::sync::Arc;

use icosian_core::decorator::{Cycle, DecorateContext, DecorateError, Phase, is_own};
use icosian_core::node::{Decoration, Function, NodeOrigin, Role};
use icosian_core::{AdapterSpec, Config, Dataflow, Name, Node, Outline};
use icosian_diagnostics::Diagnostics;

use crate::decorate_errors::{Decorated, decorate_error, with_labels};
use crate::wrap::{check_adapter, wrap, wrap_one};
use attachments::{AttachedDecorators, FlowNames};
use fold_pipes::{apply_folded, consumed, find_orphan};
use panic_guard::guard_panics;
use variants::{Selection, VariantSelection};

/// Applies the decorators of all functions, and returns the nodes of each dataflow.
///
/// Decorators are applied by [`Phase`], and within a phase innermost first.
///
/// # Errors
/// Everything that is wrong with how functions are decorated, together.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Tag, apply};
///
/// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64)).with_decorator(Tag::new().with("owner", ["finance"]));
/// let flow = Dataflow::new("flow").with_node(one);
/// let nodes = apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][0].outline().tags().to_string(), "owner = finance");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
pub fn apply(
    dataflows: Vec<Dataflow>,
    config: &Config,
    adapter: &AdapterSpec,
) -> Result<Vec<Vec<Node>>, Diagnostics<DecorateError>> {
    let (nodes, problems) = apply_all(dataflows, config, adapter);
    problems.into_result(nodes)
}

/// Applies the decorators of all functions, and returns the nodes together with the errors.
///
/// The nodes of functions with valid decorators are returned even if other decorators are refused, so that the caller can check
/// them too. No nodes are returned if a refused decorator could have changed them.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Timeout, apply_all};
/// use std::time::Duration;
///
/// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
/// let two = Node::sync(Outline::new("two"), |_| Ok(2_u64)).with_decorator(Timeout::new(Duration::from_secs(1)));
/// let flow = Dataflow::new("flow").with_node(one).with_node(two);
/// let (nodes, problems) = apply_all(vec![flow], &Config::new(), &AdapterSpec::new("sync"));
/// assert_eq!((nodes[0].len(), problems.iter().count()), (1, 1));
/// ```
#[must_use]
pub fn apply_all(
    dataflows: Vec<Dataflow>,
    config: &Config,
    adapter: &AdapterSpec,
) -> (Vec<Vec<Node>>, Diagnostics<DecorateError>) {
    let mut problems = cycles(&dataflows, config, adapter);
    if problems.iter().next().is_some() {
        // Functions on a cycle were constructed without decorators: everything else that is wrong may only follow from that.
        return (Vec::new(), problems);
    }
    let mut variants = VariantSelection::default();
    let mut is_clear = true;
    let mut nodes: Vec<_> = dataflows
        .into_iter()
        .map(|dataflow| {
            let flow = FlowContext { config, adapter, name: dataflow.name().clone() };
            variants.next_dataflow();
            flow.nodes(dataflow.into_functions(), &mut variants, &mut problems, &mut is_clear)
        })
        .collect();
    let is_clear = is_clear & variants.check(&nodes, config, &mut problems);
    rate_limit_conflicts::check(&nodes, &mut problems);
    if !is_clear {
        nodes.clear();
    }
    (nodes, problems)
}

/// Returns the cycles that the construction of the dataflows found, each once.
fn cycles(dataflows: &[Dataflow], config: &Config, adapter: &AdapterSpec) -> Diagnostics<DecorateError> {
    let mut found = Diagnostics::<DecorateError>::default();
    for function in dataflows.iter().flat_map(Dataflow::functions) {
        let is_cycle = |it: &&Decoration| it.decorator().spec().name() == Cycle::NAME;
        for decoration in function.decorations().iter().filter(is_cycle) {
            let scope = DecorateContext::new(function.node().outline(), config, adapter);
            for problem in decoration.decorator().decorate(Vec::new(), &scope).err().into_iter().flatten() {
                if !found.iter().any(|other| other.kind() == problem.kind()) {
                    found.push(problem);
                }
            }
        }
    }
    found
}

/// A dataflow that is being expanded.
struct FlowContext<'a> {
    config: &'a Config,
    adapter: &'a AdapterSpec,
    name: Name,
}

/// A function that config keeps.
struct Kept {
    function: Outline,
    node: Node,
    decorations: Vec<Decoration>,
}

impl FlowContext<'_> {
    fn nodes(
        &self,
        functions: Vec<Function>,
        variants: &mut VariantSelection,
        problems: &mut Diagnostics<DecorateError>,
        is_clear: &mut bool,
    ) -> Vec<Node> {
        let origin = Arc::new(NodeOrigin::new(self.name.clone()));
        let own = |node: Node| {
            let (outline, body) = node.into_parts();
            Node::from_parts(outline.in_role(Role::Function).with_origin(Arc::clone(&origin)), body)
        };
        if functions.iter().all(|function| function.decorations().is_empty()) {
            // Most dataflows are plain, and some are large.
            return functions.into_iter().map(|function| own(function.into_parts().0)).collect();
        }
        let mut sent = Vec::new();
        let mut names = FlowNames::default();
        let mut kept = Vec::with_capacity(functions.len());
        let mut nodes = Vec::with_capacity(functions.len());
        for function in functions {
            let is_plain = function.decorations().is_empty();
            names.add_function(&function);
            let (node, decorations) = function.into_parts();
            let decorations: Vec<_> = decorations.iter().map(guard_panics).collect();
            let node = own(node);
            if is_plain {
                kept.push(Kept { function: node.outline().clone(), node, decorations });
                continue;
            }
            match self.resolved(node, decorations, variants, &mut sent) {
                Ok(Some(function)) => {
                    names.add(function.node.name());
                    kept.push(function);
                }
                Ok(None) => {}
                Err(wrong) => {
                    *is_clear = false;
                    problems.extend(wrong);
                }
            }
        }
        let before = problems.iter().count();
        for sent in sent {
            let put = |target: &Name, decoration: &Decoration| {
                let is_target = |it: &&mut Kept| it.function.name() == target || it.node.name() == target;
                let targets = kept.iter_mut().filter(is_target);
                targets.map(|target| target.decorations.push(decoration.clone())).count() > 0
            };
            sent.deliver(&self.name, &names, put, problems);
        }
        *is_clear &= problems.iter().count() == before;
        for function in kept {
            if function.decorations.is_empty() {
                nodes.push(function.node);
                continue;
            }
            let origin = self.origin(&function);
            match self.decorate(function) {
                Ok(made) => nodes.extend(made.into_iter().map(|node| with_origin(node, &origin))),
                Err(wrong) => problems.extend(wrong),
            }
        }
        nodes
    }

    /// Returns the origin of the nodes of a decorated function.
    fn origin(&self, kept: &Kept) -> Arc<NodeOrigin> {
        let decorators = kept.decorations.iter().map(|it| it.decorator().spec().name());
        Arc::new(NodeOrigin::new(self.name.clone()).with_function(kept.function.name(), decorators))
    }

    fn scope<'a>(&'a self, function: &'a Outline) -> DecorateContext<'a> {
        DecorateContext::new(function, self.config, self.adapter)
    }

    /// Applies the decorators of the first phase; `None` when config does not keep the function.
    fn resolved(
        &self,
        node: Node,
        decorations: Vec<Decoration>,
        variants: &mut VariantSelection,
        sent: &mut Vec<AttachedDecorators>,
    ) -> Decorated<Option<Kept>> {
        let function = node.outline().clone();
        let scope = self.scope(&function);
        let decorations = resolve_decorations(decorations, &scope)?;
        let (resolving, rest): (Vec<_>, Vec<_>) =
            decorations.into_iter().partition(|it| it.decorator().spec().phase() == Phase::Resolve);
        let mut nodes = vec![node];
        let mut senders = Vec::new();
        let (mut variant, mut choices) = (None, Vec::new());
        for decoration in resolving {
            let decorator = decoration.decorator();
            variant = variant.or_else(|| decorator.variant_of(&function));
            choices.extend(decorator.config_choices());
            if let Some(node) = nodes.first() {
                let sends = locate(decorator.attachments(node, &scope), &decoration, &function)?;
                if !sends.is_empty() {
                    let wrapped = self.wrap(node.clone(), &rest, &function)?;
                    let sends = locate(decorator.attachments(&wrapped, &scope), &decoration, &function)?;
                    senders.push((decoration, sends));
                    continue;
                }
            }
            nodes = locate(decorator.decorate(nodes, &scope), &decoration, &function)?;
            if nodes.len() > 1 {
                return locate(Err(several_nodes_error(&decoration, &nodes).into()), &decoration, &function);
            }
        }
        if let Some(name) = variant {
            let selection = if nodes.is_empty() { Selection::Dropped } else { Selection::Kept };
            variants.add(name, &function, choices, selection);
        }
        for (decoration, sends) in senders {
            if nodes.is_empty() {
                break;
            }
            nodes = locate(decoration.decorator().decorate(nodes, &scope), &decoration, &function)?;
            sent.push(AttachedDecorators { attachments: sends, by: decoration, from: function.clone() });
        }
        Ok(nodes.pop().map(|node| Kept { function, node, decorations: rest }))
    }

    /// Returns the node of a function that is attached to others, with its wrappers applied.
    fn wrap(&self, node: Node, rest: &[Decoration], function: &Outline) -> Decorated<Node> {
        wrap(node, function, rest, &self.scope(function), |decorator| {
            decorate_error(
                "ICO0417 unfit-step",
                format!("`{}` has the decorator `{decorator}`, but is not a node", function.name()),
                "decorate the functions that it targets",
            )
        })
    }

    /// Applies the decorators of all later phases.
    fn decorate(&self, kept: Kept) -> Decorated<Vec<Node>> {
        let Kept { function, node, mut decorations } = kept;
        // Within a phase the innermost stays first.
        decorations.sort_by_key(|decoration| decoration.decorator().spec().phase());
        let expanders = decorations.iter().filter(|it| it.decorator().spec().phase() == Phase::Parameterize);
        let expanders: Vec<_> = expanders.collect();
        if let [first, second, ..] = expanders.as_slice() {
            let names = [first, second].map(|it| it.decorator().spec().name());
            let error = decorate_error(
                "ICO0407 conflicting-decorators",
                format!("`{}` has both `{}` and `{}`", function.name(), names[0], names[1]),
                "move all parameterizations into one of them",
            );
            return locate(Err(error.into()), second, &function);
        }
        // A variant is decorated under the name of its node.
        let function = function.with_name(node.name());
        let scope = self.scope(&function);
        let mut nodes = vec![node];
        let mut is_judged = false;
        for decoration in &decorations {
            let decorator = decoration.decorator();
            let phase = decorator.spec().phase();
            if phase == Phase::Wrap && !std::mem::replace(&mut is_judged, true) {
                check_adapter(&nodes, &function, &decorations, self.adapter)?;
            }
            let before = [Phase::Inject, Phase::Parameterize].contains(&phase).then(|| consumed(&nodes));
            let made = match phase {
                Phase::Parameterize => apply_folded(&nodes, decoration, &decorations, &function, |node| {
                    decorator.decorate(vec![node], &scope)
                }),
                Phase::Wrap => {
                    decorate_own(nodes, |node| wrap_one(decoration, node, &scope).map(|node| vec![node]))
                }
                _ => decorator.decorate(nodes, &scope),
            };
            nodes = locate(made, decoration, &function)?;
            if let Some(orphan) = before.and_then(|before| find_orphan(&before, &nodes).cloned()) {
                return locate(
                    Err(orphan_error(decoration, &orphan, &function).into()),
                    decoration,
                    &function,
                );
            }
        }
        if !is_judged {
            check_adapter(&nodes, &function, &decorations, self.adapter)?;
        }
        Ok(nodes)
    }
}

/// Sets the origin of a node, unless the node comes from a subdag.
fn with_origin(node: Node, origin: &Arc<NodeOrigin>) -> Node {
    let (outline, body) = node.into_parts();
    let is_included = outline.origin().is_some_and(|origin| !origin.subdags().is_empty());
    let outline = if is_included { outline } else { outline.with_origin(Arc::clone(origin)) };
    Node::from_parts(outline, body)
}

/// Replaces decorators by the decorators that they resolve to.
fn resolve_decorations(
    decorations: Vec<Decoration>,
    scope: &DecorateContext<'_>,
) -> Decorated<Vec<Decoration>> {
    /// The maximum depth of decorators that resolve to decorators. A deeper stack is reported as a cycle.
    const DEEPEST: usize = 16;
    let mut open: Vec<_> = decorations.into_iter().rev().map(|decoration| (decoration, 0)).collect();
    let mut standing = Vec::with_capacity(open.len());
    while let Some((decoration, depth)) = open.pop() {
        let stands_for = match decoration.decorator().spec().phase() {
            Phase::Resolve => {
                locate(decoration.decorator().stands_for(scope), &decoration, scope.function())?
            }
            _ => None,
        };
        let Some(others) = stands_for else {
            standing.push(decoration);
            continue;
        };
        if depth == DEEPEST {
            let name = decoration.decorator().spec().name();
            let error = decorate_error(
                "ICO0507 resolve-failed",
                format!("`{name}` resolves to decorators without end"),
                "return a decorator that does not resolve to others",
            );
            return locate(Err(error.into()), &decoration, scope.function());
        }
        let others = others.into_iter().rev();
        open.extend(others.map(|other| (Decoration::new(other, decoration.location()), depth + 1)));
    }
    Ok(standing)
}

/// Reports a decorator of the first phase that returns several nodes.
fn several_nodes_error(decoration: &Decoration, nodes: &[Node]) -> DecorateError {
    decorate_error(
        "ICO0422 broken-promise",
        format!(
            "`{}` keeps or excludes one node, but returns {} nodes",
            decoration.decorator().spec().name(),
            nodes.len()
        ),
        "return the node or nothing; to create nodes, use `Phase::Transform`",
    )
}

/// Reports a decorator that leaves a node without a consumer.
fn orphan_error(decoration: &Decoration, node: &Name, function: &Outline) -> DecorateError {
    decorate_error(
        "ICO0422 broken-promise",
        format!(
            "`{}` on `{}` removes the last consumer of node `{node}`, which an earlier decorator created",
            decoration.decorator().spec().name(),
            function.name()
        ),
        "keep the parameters of the nodes, or remove one of the two decorators",
    )
}

/// Applies a decorator to each node that runs the function's body, and leaves the others where they are.
fn decorate_own(nodes: Vec<Node>, decorate: impl Fn(Node) -> Decorated<Vec<Node>>) -> Decorated<Vec<Node>> {
    let mut made = Vec::with_capacity(nodes.len());
    for node in nodes {
        if is_own(node.outline()) {
            made.extend(decorate(node)?);
        } else {
            made.push(node);
        }
    }
    Ok(made)
}

/// Gives problems that speak of no place those of the decorator and the function.
fn locate<T>(made: Decorated<T>, decoration: &Decoration, function: &Outline) -> Decorated<T> {
    made.map_err(|problems| with_labels(problems, decoration, function))
}

#[cfg(test)]
mod tests;
