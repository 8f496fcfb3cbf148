//! The constants that `#[dataflow]` and `#[node]` generate, and the functions that generated bodies call.
//!
//! Constants cost less to compile than code: a generated node is one constant, one body, and a function that passes the constant
//! to [`Node::from_static`].

use std::any::Any;
use std::sync::Arc;

use crate::expand::CollectParam;
pub use crate::node::body::{AsyncFn, SyncFn};
use crate::node::function::decorate;
use crate::node::param::ParamForm;
use crate::node::{Access, Body, Cloner, Failure, Fallible, Function, ParamDefault, Task};
use crate::value::{Lend, ValueType};
use crate::{Dataflow, Decorator, Node, NodeError, Outline, Output, Param};
use icosian_diagnostics::Location;

pub use crate::node::args::give;
pub use crate::node::conversion::{AsValue, ConvertOutput};
pub use crate::node::fallible::AsResult;
pub use crate::node::start_send_future::{start_send_future, start_send_items};

/// The memory for the task of an async body.
pub type TaskSlot = Option<Box<dyn Task>>;

/// A decorator whose type is erased.
pub type ErasedDecorator = Arc<dyn Decorator>;

/// The position of an identifier in the source.
#[derive(Clone, Copy, Debug)]
pub struct StaticPlace {
    file: &'static str,
    line: u32,
    column: u32,
    width: u32,
}

impl StaticPlace {
    /// Returns the position of `width` characters at `line` and `column` of `file`.
    #[must_use]
    pub const fn new(file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { file, line, column, width }
    }

    pub(crate) fn in_package(self, package: &'static str) -> Location {
        Location::new(self.file, self.line, self.column, self.width).in_package(package)
    }
}

/// A parameter of a generated node.
#[derive(Debug)]
pub struct StaticParam {
    name: &'static str,
    wanted: ValueType,
    accepts: &'static [ValueType],
    via: Option<ValueType>,
    access: Access,
    form: ParamForm,
    cloneable: bool,
    default: Option<fn() -> ParamDefault>,
    collection: Option<CollectParam>,
    place: Option<StaticPlace>,
}

impl StaticParam {
    /// Returns the parameter `name: &W`.
    #[must_use]
    pub const fn borrowed<W: Lend + ?Sized>(name: &'static str) -> Self {
        Self::new(name, ValueType::of::<W>(), W::WAYS, Access::Borrow, ParamForm::Required)
    }

    /// Returns the parameter `name: Option<&W>`.
    #[must_use]
    pub const fn optional_borrowed<W: Lend + ?Sized>(name: &'static str) -> Self {
        Self::new(name, ValueType::of::<W>(), W::OPTIONAL_WAYS, Access::Borrow, ParamForm::Optional)
    }

    /// Returns the parameter `name: Result<&W, &NodeError>`.
    #[must_use]
    pub const fn result<W: Lend + ?Sized>(name: &'static str) -> Self {
        Self::new(name, ValueType::of::<W>(), W::WAYS, Access::Borrow, ParamForm::Result)
    }

    /// Returns the parameter `name: T`.
    #[must_use]
    pub const fn taken<T: Any>(name: &'static str, cloner: Option<Cloner<T>>) -> Self {
        let param = Self::new(
            name,
            ValueType::of::<T>(),
            Param::taken_ways::<T>(),
            Access::Take,
            ParamForm::Required,
        );
        Self { cloneable: cloner.is_some(), ..param }
    }

    /// Returns the parameter `name: Option<T>`.
    #[must_use]
    pub const fn optional_taken<T: Any>(name: &'static str, cloner: Option<Cloner<T>>) -> Self {
        let ways = Param::optional_taken_ways::<T>();
        let param = Self::new(name, ValueType::of::<T>(), ways, Access::Take, ParamForm::Optional);
        Self { cloneable: cloner.is_some(), ..param }
    }

    const fn new(
        name: &'static str,
        wanted: ValueType,
        accepts: &'static [ValueType],
        access: Access,
        form: ParamForm,
    ) -> Self {
        Self {
            name,
            wanted,
            accepts,
            via: None,
            access,
            form,
            cloneable: false,
            default: None,
            collection: None,
            place: None,
        }
    }

    /// Adds the type `G` to the types that the parameter can be read from.
    #[must_use]
    pub const fn via<G: Any>(self) -> Self {
        Self { via: Some(ValueType::of::<G>()), ..self }
    }

    /// Notes that the body has a default for the parameter.
    #[must_use]
    pub const fn or_default(self) -> Self {
        Self { form: ParamForm::Defaulted, ..self }
    }

    /// Sets the default for bodies that replace the generated one.
    #[must_use]
    pub const fn with_default(self, default: fn() -> ParamDefault) -> Self {
        Self { default: Some(default), ..self }.or_default()
    }

    /// Makes the parameter end a block.
    #[must_use]
    pub const fn collecting(self, collection: CollectParam) -> Self {
        Self { collection: Some(collection), ..self }
    }

    /// Sets the position of the parameter's name.
    #[must_use]
    pub const fn at(self, file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { place: Some(StaticPlace::new(file, line, column, width)), ..self }
    }

    fn to_param(&self, package: &'static str) -> Param {
        let mut param = Param::new(self.name.into(), self.wanted, self.accepts, self.access, self.form);
        if let Some(given) = self.via {
            param = param.via_type(given);
        }
        if let Some(default) = self.default {
            param = param.with_default(default());
        }
        if let Some(collection) = self.collection {
            param = param.with_collection(collection);
        }
        if let Some(place) = self.place {
            param = param.with_location(place.in_package(package));
        }
        if self.cloneable { param.with_clone() } else { param }
    }
}

/// A generated node.
#[derive(Debug)]
pub struct StaticNode {
    name: &'static str,
    documentation: &'static str,
    output: Output,
    body: StaticBody,
    package: &'static str,
    place: Option<StaticPlace>,
    returns_items: bool,
}

#[derive(Debug)]
enum StaticBody {
    Sync(SyncFn),
    Async { start: AsyncFn, future_size: usize },
}

impl StaticNode {
    /// Returns a node whose function is sync.
    #[must_use]
    pub const fn sync(name: &'static str, output: Output, body: SyncFn) -> Self {
        Self::new(name, output, StaticBody::Sync(body))
    }

    /// Returns a node whose function is async and has a future of `future_size` bytes.
    #[must_use]
    pub const fn future(name: &'static str, output: Output, start: AsyncFn, future_size: usize) -> Self {
        Self::new(name, output, StaticBody::Async { start, future_size })
    }

    const fn new(name: &'static str, output: Output, body: StaticBody) -> Self {
        Self { name, documentation: "", output, body, package: "", place: None, returns_items: false }
    }

    /// Records that the body returns items.
    #[must_use]
    pub const fn returning_items(self) -> Self {
        Self { returns_items: true, ..self }
    }

    /// Sets the doc comment.
    #[must_use]
    pub const fn with_documentation(self, documentation: &'static str) -> Self {
        Self { documentation, ..self }
    }

    /// Sets the folder of the package that contains the sources of the node and its parameters.
    #[must_use]
    pub const fn in_package(self, package: &'static str) -> Self {
        Self { package, ..self }
    }

    /// Sets the position of the function's name.
    #[must_use]
    pub const fn at(self, file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { place: Some(StaticPlace::new(file, line, column, width)), ..self }
    }
}

impl Node {
    /// Builds a generated node.
    #[doc(hidden)]
    #[must_use]
    pub fn from_static((node, params): (&'static StaticNode, &'static [StaticParam])) -> Self {
        let params = params.iter().map(|param| param.to_param(node.package)).collect();
        let mut outline = Outline::new(node.name)
            .with_documentation(node.documentation)
            .with_output(node.output.clone())
            .with_params(params);
        if let Some(place) = node.place {
            outline = outline.with_location(place.in_package(node.package));
        }
        if node.returns_items {
            outline = outline.returning_items();
        }
        match node.body {
            StaticBody::Sync(body) => Self::from_parts(outline, Body::from_sync_fn(body)),
            StaticBody::Async { start, future_size } => {
                Self::from_parts(outline.with_future_size(future_size), Body::from_async_fn(start))
            }
        }
    }
}

/// Returns the outcome of a function that returned `result`. `keep` converts errors that are reports. For compiled dataflows.
///
/// # Errors
/// The error of the function.
#[inline]
pub fn outcome<R: Fallible>(result: R, keep: Option<fn(R::Error) -> NodeError>) -> Result<R::Ok, NodeError>
where
    R::Error: Failure,
{
    match result.into_result() {
        Ok(output) => Ok(output),
        Err(error) => Err(match keep {
            Some(keep) => keep(error),
            None => NodeError::failed(error.into_box()),
        }),
    }
}

/// Returns the size of the future that `call` returns.
#[must_use]
pub const fn future_size<F, C: Fn() -> F>(_call: &C) -> usize {
    size_of::<F>()
}

/// Returns a placeholder for an argument, in calls that are type-checked but never executed.
///
/// # Panics
/// Always.
#[must_use]
pub fn never_called<T>() -> T {
    panic!("generated code never calls this function")
}

/// A decorator of a generated function.
#[derive(Clone, Copy, Debug)]
pub struct StaticDecorator {
    pub(crate) name: &'static str,
    pub(crate) make: fn() -> ErasedDecorator,
    pub(crate) place: Option<StaticPlace>,
}

impl StaticDecorator {
    /// Returns the decorator that `make` builds.
    #[must_use]
    pub const fn new(name: &'static str, make: fn() -> ErasedDecorator) -> Self {
        Self { name, make, place: None }
    }

    /// Sets the position of the decorator's name.
    #[must_use]
    pub const fn at(self, file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { place: Some(StaticPlace::new(file, line, column, width)), ..self }
    }
}

/// Erases the type of a decorator.
#[must_use]
pub fn erase_decorator<D: Decorator>(decorator: D) -> ErasedDecorator {
    Arc::new(decorator)
}

/// Builds the decorated function of a handle. The decorators are innermost first.
#[must_use]
pub fn decorated_function(
    handle: ValueType,
    node: fn() -> Node,
    package: &'static str,
    decorators: &[StaticDecorator],
) -> Function {
    crate::decorator::construct(handle, node, || {
        decorators.iter().fold(Function::new(node()), |function, decorator| {
            let place = decorator.place.map(|place| place.in_package(package));
            decorate(function, decorator.name, decorator.make, place)
        })
    })
}

/// A function of a generated dataflow.
#[derive(Clone, Copy, Debug)]
pub enum StaticFunction {
    /// A function without decorators.
    Plain(fn() -> Node),
    /// A function with decorators.
    Decorated(fn() -> Function),
}

impl Dataflow {
    /// Builds a generated dataflow.
    #[doc(hidden)]
    #[must_use]
    pub fn from_static(name: &'static str, private: &[&'static str], functions: &[StaticFunction]) -> Self {
        functions.iter().fold(Self::new(name).with_private(private), |dataflow, function| match function {
            StaticFunction::Plain(node) => dataflow.with_node(node()),
            StaticFunction::Decorated(function) => dataflow.with_node(function()),
        })
    }
}
