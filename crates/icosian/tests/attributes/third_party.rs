use icosian::decorators::{DecorateContext, DecorateError, Decorator, DecoratorSpec, Phase, Role, Tag};
use icosian::prelude::*;
use icosian::{Diagnostics, Node};

use crate::twins::{check_twins, twins};

/// Adds a second name for a node.
#[derive(Debug)]
struct Alias(&'static str);

impl Decorator for Alias {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("alias", Phase::Transform)
    }

    fn decorate(
        &self,
        nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        let is_own = |node: &&Node| node.name() == scope.function().name();
        let alias = nodes.iter().find(is_own).map(|node| Node::forwarding(node.outline(), self.0));
        let _ = Role::Function;
        Ok(nodes.into_iter().chain(alias).collect())
    }
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            #[decorate(Alias("known_as"))]
            #[decorate(Tag::new().with("owner", ["finance"]))]
            pub $($later)? fn rate() -> f64 {
                1.5
            }

            pub $($later)? fn doubled(known_as: f64, rate: f64) -> f64 {
                known_as + rate
            }
        }
    };
}
twins!(flow!);

#[test]
fn custom_decorator_is_applied() {
    check_twins!(doubled of {} == 3.0);
}
