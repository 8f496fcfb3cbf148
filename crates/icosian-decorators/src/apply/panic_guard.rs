use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use icosian_core::decorator::{Attachments, ConfigChoice, DecorateContext, DecoratorSpec};
use icosian_core::node::Decoration;
use icosian_core::{Decorator, Name, Node, NodeError, Outline};

use crate::decorate_errors::{Decorated, decorate_error};

/// Wraps the decorator of `decoration`, so that its panics become errors of `build`.
///
/// Decorators call closures of the user: the function of `resolve`, and the conditions of `config`.
pub(crate) fn guard_panics(decoration: &Decoration) -> Decoration {
    Decoration::new(guard(Arc::clone(decoration.decorator())), decoration.location())
}

fn guard(inner: Arc<dyn Decorator>) -> Arc<dyn Decorator> {
    Arc::new(Guarded(inner))
}

struct Guarded(Arc<dyn Decorator>);

impl Guarded {
    fn catch<T>(&self, function: &Outline, call: impl FnOnce() -> Decorated<T>) -> Decorated<T> {
        let payload = match catch_unwind(AssertUnwindSafe(call)) {
            Ok(made) => return made,
            Err(payload) => payload,
        };
        let message = NodeError::panicked(&*payload).to_string();
        // The payload may panic when it is dropped.
        std::mem::forget(payload);
        let name = self.spec().name();
        let error = decorate_error(
            "ICO0423 decorator-panicked",
            format!("`{name}` of `{}` panicked: {message}", function.name()),
            "return an error or a default from the closure: decorators run when the driver is built",
        );
        Err(error.into())
    }
}

impl Decorator for Guarded {
    fn spec(&self) -> DecoratorSpec {
        self.0.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        self.catch(scope.function(), || self.0.decorate(nodes, scope))
    }

    fn stands_for(&self, scope: &DecorateContext<'_>) -> Decorated<Option<Vec<Arc<dyn Decorator>>>> {
        let others = self.catch(scope.function(), || self.0.stands_for(scope))?;
        Ok(others.map(|others| others.into_iter().map(guard).collect()))
    }

    fn attachments(&self, node: &Node, scope: &DecorateContext<'_>) -> Decorated<Attachments> {
        let sends = self.catch(scope.function(), || self.0.attachments(node, scope))?;
        Ok(sends.into_iter().map(|(target, inner)| (target, guard(inner))).collect())
    }

    fn variant_of(&self, function: &Outline) -> Option<Name> {
        self.0.variant_of(function)
    }

    fn config_choices(&self) -> Vec<ConfigChoice> {
        self.0.config_choices()
    }
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
