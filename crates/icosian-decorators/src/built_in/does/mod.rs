use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, is_own};
use icosian_core::node::Function;
use icosian_core::{Decorator, Name, Node};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::decorate_errors::{Decorated, decorate_error, unknown_param};
use crate::head_defaults::HeadDefaults;
use crate::wrap::check_undecorated;

/// Replaces a function's body by another function, sync or async, which has no decorators.
///
/// The other function's parameters read the inputs of this function's parameters: by the same names, or as they are
/// [mapped](Self::map). Other decorators use this function's names.
///
/// This function's head decides which parameters may be missing. Its default wins over a default of the other function, and a
/// parameter that it requires is required. An `Option` of the head needs an `Option` or a default in the other function.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Does, apply};
///
/// let sum = Outline::new("sum").with_param(Param::taken::<u64>("left")).with_param(Param::taken::<u64>("right"));
/// let sum = Node::sync(sum, |args| Ok(args.take::<u64>(0) + args.take::<u64>(1)));
/// let total = Outline::new("total").with_param(Param::taken::<u64>("net")).with_param(Param::taken::<u64>("tax"));
/// let total = Node::sync(total, |_| Ok(0_u64)).with_decorator(Does::new(sum).map("left", "net").map("right", "tax"));
///
/// let nodes = apply(vec![Dataflow::new("flow").with_node(total)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let reads: Vec<_> = nodes[0][0].outline().params().iter().map(|param| param.source().as_str()).collect();
/// assert_eq!(reads, ["net", "tax"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Does {
    function: Function,
    mapped: Vec<(Name, Name)>,
}

impl Does {
    /// Creates a decorator that replaces the body by that of `function`.
    #[must_use]
    pub fn new(function: impl Into<Function>) -> Self {
        Self { function: function.into(), mapped: Vec::new() }
    }

    /// Connects the parameter `theirs` of the other function to the input of this function's parameter `ours`.
    #[must_use]
    pub fn map(mut self, theirs: impl Into<Name>, ours: impl Into<Name>) -> Self {
        self.mapped.push((theirs.into(), ours.into()));
        self
    }
}

impl Decorator for Does {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Does.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        check_undecorated("does", scope.function(), &self.function)?;
        let mut problems = Diagnostics::default();
        let theirs = self.function.node().outline();
        for (name, _) in &self.mapped {
            if !theirs.params().iter().any(|param| param.name() == name) {
                problems.push(Spanned::new(unknown_param("does", theirs, name), Vec::new()));
            }
        }
        let mut made = Vec::with_capacity(nodes.len());
        for node in nodes {
            if !is_own(node.outline()) {
                made.push(node);
                continue;
            }
            let ours = node.outline().clone();
            if ours.output().value_type() != theirs.output().value_type() {
                let (wanted, given) = (ours.output().value_type(), theirs.output().value_type());
                let error = decorate_error(
                    "ICO0421 decorator-type-mismatch",
                    format!(
                        "`{}` returns `{wanted}`, but its replacement `{}` returns `{given}`",
                        ours.name(),
                        theirs.name()
                    ),
                    format!("replace it with a function that returns `{wanted}`"),
                );
                problems.push(Spanned::new(error, Vec::new()));
            }
            let mut defaults = HeadDefaults::default();
            let params = theirs.params().iter().enumerate().filter_map(|(at, param)| {
                if param.is_context() {
                    return Some(param.clone());
                }
                let mapped = self.mapped.iter().find(|(name, _)| name == param.name());
                let own = mapped.map_or(param.name(), |(_, own)| own);
                match ours.params().iter().find(|param| param.name() == own) {
                    Some(own) => match defaults.stand_in(at, param, own, (&ours, theirs)) {
                        Ok(param) => Some(param),
                        Err(error) => {
                            problems.push(Spanned::new(error, Vec::new()));
                            None
                        }
                    },
                    None if param.is_optional() && mapped.is_none() => Some(param.clone()),
                    None => {
                        problems.push(Spanned::new(unknown_param("does", &ours, own), Vec::new()));
                        None
                    }
                }
            });
            let params = params.collect();
            let outline = ours.clone().with_params(params).with_body_of(theirs);
            made.push(Node::from_parts(outline, defaults.apply(self.function.node().body().clone())));
        }
        problems.into_result(made)
    }
}
