use std::any::TypeId;
use std::cell::RefCell;

use crate::decorator::{DecorateContext, DecorateError, DecoratorSpec, Phase};
use crate::node::Function;
use crate::value::ValueType;
use crate::{Decorator, Node, Outline};
use icosian_diagnostics::{Diagnostics, Label, Spanned};

thread_local! {
    /// The decorated functions whose construction is under way on this thread, outermost first.
    static UNDER_WAY: RefCell<UnderWay> = const { RefCell::new(UnderWay { functions: Vec::new(), cycle: None }) };
}

struct UnderWay {
    functions: Vec<UnderConstruction>,
    /// The first cycle that the outermost construction led to.
    cycle: Option<Cycle>,
}

#[derive(Clone)]
struct UnderConstruction {
    key: TypeId,
    path: &'static str,
    outline: Outline,
}

/// Constructs the decorated function of a handle, which `node` builds without decorators.
///
/// Decorators construct the functions and dataflows that they name. A function that needs itself to be constructed would never end:
///
/// 1. Each decorated function is on the thread's stack while its decorators are constructed.
/// 2. A function that is on the stack already closes a cycle. It is constructed without decorators, and so is every function after
///    it, because the outermost function is refused in any case.
/// 3. The outermost function gets a decorator that reports the cycle when the driver is built.
pub(crate) fn construct(handle: ValueType, node: fn() -> Node, make: impl FnOnce() -> Function) -> Function {
    let path = handle.path();
    let this = UnderConstruction {
        key: handle.id(),
        // The crate's name is no help to its author.
        path: path.split_once("::").map_or(path, |(_, path)| path),
        outline: node().outline().clone(),
    };
    let is_under_way = UNDER_WAY.with_borrow_mut(|under_way| under_way.enter(this));
    let Ok(depth) = is_under_way else { return node().into() };
    // A panic of a decorator's constructor must not leave its function on the stack.
    let leave = Leave { depth };
    let function = make();
    drop(leave);
    let cycle = UNDER_WAY.with_borrow_mut(|under_way| under_way.cycle.take_if(|_| depth == 0));
    match cycle {
        Some(cycle) => node().with_decorator(cycle),
        None => function,
    }
}

impl UnderWay {
    /// Puts a function on the stack and returns its depth, unless it closes a cycle or follows one.
    fn enter(&mut self, function: UnderConstruction) -> Result<usize, ()> {
        if self.cycle.is_some() {
            return Err(());
        }
        if let Some(first) = self.functions.iter().position(|other| other.key == function.key) {
            self.cycle = Some(Cycle::of(&self.functions[first..]));
            return Err(());
        }
        self.functions.push(function);
        Ok(self.functions.len() - 1)
    }
}

struct Leave {
    depth: usize,
}

impl Drop for Leave {
    fn drop(&mut self) {
        UNDER_WAY.with_borrow_mut(|under_way| {
            under_way.functions.truncate(self.depth);
            if std::thread::panicking() && self.depth == 0 {
                under_way.cycle = None;
            }
        });
    }
}

/// Refuses a function whose decorators need the function itself.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Cycle {
    functions: Vec<(String, Outline)>,
}

impl Cycle {
    /// The name that decorations have whose decorator is a cycle.
    pub const NAME: &str = "dependency_cycle";

    /// Returns the cycle of these functions, each of which needs the next one. It starts at the first path, so that a cycle is the
    /// same wherever it was entered.
    fn of(functions: &[UnderConstruction]) -> Self {
        let mut functions = functions.to_vec();
        let first = (0..functions.len()).min_by_key(|at| functions[*at].path).unwrap_or_default();
        functions.rotate_left(first);
        let named = functions.into_iter().map(|it| (it.path.to_owned(), it.outline));
        Self { functions: named.collect() }
    }

    fn error(&self) -> Spanned<DecorateError> {
        let path = |at: usize| self.functions[at % self.functions.len()].0.as_str();
        let message = if self.functions.len() == 1 {
            format!("the decorators of `{0}` include `{0}` itself", path(0))
        } else {
            let paths: Vec<_> = (1..=self.functions.len()).map(|at| format!("`{}`", path(at))).collect();
            format!("the decorators of `{}` include {}", path(0), paths.join(", which includes "))
        };
        let error = DecorateError::new("ICO0003 dependency-cycle", message)
            .with_help("move the functions that others include into a module that does not include them");
        let marks = self.functions.iter().enumerate().filter_map(|(at, (_, outline))| {
            Some(Label::new(outline.location()?, format!("includes `{}`", path(at + 1))))
        });
        Spanned::new(error, marks.collect())
    }
}

impl Decorator for Cycle {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new(Self::NAME, Phase::Wrap)
    }

    fn decorate(
        &self,
        _: Vec<Node>,
        _: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        let mut problems = Diagnostics::default();
        problems.push(self.error());
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::NodeFn;
    use crate::{AdapterSpec, Config, Handle};

    /// Declares a handle whose function needs those of other handles.
    macro_rules! needs {
        ($($name:ident: $($needed:ident)*;)+) => {$(
            #[derive(Debug)]
            #[allow(non_camel_case_types, reason = "a handle has the name of its function")]
            struct $name {}

            impl Handle for $name {
                const NAME: &'static str = stringify!($name);
                type Output = u64;
            }

            impl NodeFn for $name {
                fn node() -> Node {
                    Node::sync(Outline::new(Self::NAME), |_| Ok(1_u64))
                }

                fn function() -> Function {
                    construct(ValueType::of::<Self>(), Self::node, || {
                        $(let _ = $needed::function();)*
                        Self::node().into()
                    })
                }
            }
        )+};
    }

    needs! {
        leaf:;
        two_leaves: leaf leaf;
        itself: itself;
        first: leaf second;
        second: third;
        third: first two_leaves;
        outside: two_leaves second;
    }

    fn check<F: NodeFn>(expect: &str) {
        let function = F::function();
        let reported = function.decorations().iter().map(|decoration| {
            let (config, adapter) = (Config::new(), AdapterSpec::new("sync"));
            let scope = DecorateContext::new(function.node().outline(), &config, &adapter);
            decoration.decorator().decorate(Vec::new(), &scope).unwrap_err().to_string()
        });
        let reported: Vec<_> =
            reported.map(|it| it.replace("decorator::construction::tests::", "")).collect();
        assert_eq!(reported.join("; "), expect);
    }

    #[test]
    fn constructions_that_lead_back_are_cut_and_reported() {
        check::<leaf>("");
        check::<two_leaves>("");
        check::<itself>("the decorators of `itself` include `itself` itself");
        let circle =
            "the decorators of `first` include `second`, which includes `third`, which includes `first`";
        check::<first>(circle);
        check::<third>(circle);
        check::<outside>(circle);
        // A cycle is forgotten when its construction ends.
        check::<two_leaves>("");
    }
}
