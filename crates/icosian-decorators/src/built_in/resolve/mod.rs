use std::fmt;
use std::sync::Arc;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::{BoxError, Config, Decorator, Node};

use crate::decorate_errors::{Decorated, decorate_error};

/// Applies a decorator that is created from config: `resolve` and `resolve_from_config`.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, BoxError, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Parameterize, Resolve, apply};
///
/// let resolve = Resolve::new(|config: &Config| {
///     let regions = config.get::<Vec<&str>>("regions").ok_or("config has no `regions`")?;
///     Ok::<_, BoxError>(Parameterize::new().values("region", regions.iter().map(|region| (*region, *region))))
/// });
/// let report = Outline::new("report").with_param(Param::borrowed::<str>("region"));
/// let report = Node::sync(report, |args| Ok(args.borrow::<str>(0).len())).with_decorator(resolve);
///
/// let config = Config::new().with("regions", vec!["eu", "us"]);
/// let nodes = apply(vec![Dataflow::new("flow").with_node(report)], &config, &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["eu", "us"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone)]
pub struct Resolve {
    make: Arc<MakeDecorator>,
}

type MakeDecorator = dyn Fn(&Config) -> Result<Arc<dyn Decorator>, BoxError> + Send + Sync;

impl Resolve {
    /// Creates a decorator from the function `make`, which returns the decorator to apply.
    #[must_use]
    pub fn new<D, E>(make: impl Fn(&Config) -> Result<D, E> + Send + Sync + 'static) -> Self
    where
        D: Decorator,
        E: Into<BoxError>,
    {
        let make = move |config: &Config| match make(config) {
            Ok(decorator) => Ok(Arc::new(decorator) as Arc<dyn Decorator>),
            Err(error) => Err(error.into()),
        };
        Self { make: Arc::new(make) }
    }
}

impl Decorator for Resolve {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Resolve.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        Ok(nodes)
    }

    fn stands_for(&self, scope: &DecorateContext<'_>) -> Decorated<Option<Vec<Arc<dyn Decorator>>>> {
        let made = (self.make)(scope.config()).map_err(|error| {
            decorate_error(
                "ICO0507 resolve-failed",
                format!("`resolve` on `{}` failed: {error}", scope.function().name()),
                "set the config values that its function reads",
            )
        })?;
        Ok(Some(vec![made]))
    }
}

impl fmt::Debug for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolve")
    }
}
