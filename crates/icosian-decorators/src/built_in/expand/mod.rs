use std::any::Any;
use std::marker::PhantomData;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, is_own};
use icosian_core::expand::{Expansion, ItemLabel, OnError};
use icosian_core::value::ValueType;
use icosian_core::{Decorator, Node};

use crate::decorate_errors::{Decorated, decorate_error};

/// Makes a function expand: it returns a sequence, and the nodes that read it run once for each item.
///
/// The node of the function declares the type of one item as its output, and its body returns
/// [`Items`](icosian_core::expand::Items). The nodes that read it, directly or through other nodes, form a block. A parameter with a
/// [`CollectParam`](icosian_core::expand::CollectParam) ends the block.
///
/// # Examples
/// ```
/// use icosian_core::expand::{Items, OnError};
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Expand, apply};
///
/// let url = Outline::new("url").with_output_type::<String>();
/// let url = Node::expanding(url, |_| Ok(Items::new(vec!["https://a.example".to_owned()])));
/// let flow = Dataflow::new("flow").with_node(url.with_decorator(Expand::of::<String>().concurrency(16).on_error(OnError::Skip)));
/// let nodes = apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?;
/// let expansion = nodes[0][0].outline().expansion().expect("the node expands");
/// assert_eq!(expansion.concurrency().map(|items| items.get()), Some(16));
/// assert_eq!(expansion.on_error(), OnError::Skip);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Expand {
    item: ValueType,
    expansion: Expansion,
}

impl Expand {
    /// Creates the decorator of a function whose items have the type `T`.
    #[must_use]
    pub fn of<T: Any + Send + Sync>() -> Self {
        Self { item: ValueType::of::<T>(), expansion: Expansion::of::<T>() }
    }

    /// Records that items can be cloned, so that several runs can share a list that overrides the node.
    ///
    /// `T` is the type of the items.
    #[must_use]
    pub fn cloneable<T: Any + Send + Sync + Clone>(mut self) -> Self {
        self.expansion = self.expansion.with_clone::<T>();
        self
    }

    /// Sets the number of items that run at the same time. 0 counts as 1. The default is that of the adapter.
    #[must_use]
    pub fn concurrency(mut self, items: usize) -> Self {
        self.expansion = self.expansion.with_concurrency(items);
        self
    }

    /// Sets the treatment of items that fail. The default fails the run.
    #[must_use]
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.expansion = self.expansion.with_on_error(on_error);
        self
    }

    /// Sets the function that describes an item in errors.
    #[doc(hidden)]
    #[must_use]
    pub fn label(mut self, label: Option<ItemLabel>) -> Self {
        self.expansion = self.expansion.with_label(label);
        self
    }
}

impl Decorator for Expand {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Expand.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let expanding = |node: Node| {
            if !is_own(node.outline()) {
                return Ok(node);
            }
            let (outline, body) = node.into_parts();
            let given = outline.output().value_type();
            if given != self.item {
                let (item, name) = (self.item, outline.name());
                let error = decorate_error(
                    "ICO0421 decorator-type-mismatch",
                    format!(
                        "`expand` of `{name}` declares items of type `{item}`, but the node declares `{given}`"
                    ),
                    format!("declare items of type `{given}`"),
                );
                return Err(error.into());
            }
            if !outline.returns_items() {
                let error = decorate_error(
                    "ICO0421 decorator-type-mismatch",
                    format!("`expand` is on `{}`, whose function returns no `Items`", outline.name()),
                    "build the node with `Node::expanding`, and replace its function by one that expands too",
                );
                return Err(error.into());
            }
            Ok(Node::from_parts(outline.with_expansion(self.expansion.clone()), body))
        };
        nodes.into_iter().map(expanding).collect()
    }
}

/// The type of the items of a generated node. The compiler prefers the inherent function wherever its bounds hold.
#[doc(hidden)]
#[derive(Debug)]
pub struct ItemType<T>(PhantomData<fn() -> T>);

impl<T: Any + Send + Sync + Clone> ItemType<T> {
    /// Creates the decorator of a function whose items can be cloned.
    #[must_use]
    pub fn expand() -> Expand {
        Expand::of::<T>().cloneable::<T>()
    }
}

/// The type of items that cannot be cloned.
#[doc(hidden)]
pub trait ItemsWithoutClone {
    /// Creates the decorator.
    #[must_use]
    fn expand() -> Expand;
}

impl<T: Any + Send + Sync> ItemsWithoutClone for ItemType<T> {
    fn expand() -> Expand {
        Expand::of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use icosian_core::expand::Items;
    use icosian_core::value::Cell;
    use icosian_core::{AdapterSpec, Config, Dataflow, NodeError, Outline};

    use super::*;
    use crate::{CheckOutput, Fallback, Parameterization, Parameterize, Retry, apply, value};

    fn number() -> Node {
        let number = Outline::new("number").with_output_type::<u64>();
        let number = number.with_param(icosian_core::Param::borrowed::<u64>("end"));
        Node::expanding(number, |args| Ok(Items::new(0..*args.borrow::<u64>(0))))
    }

    /// Returns the names of the nodes, with a `*` behind expanding nodes.
    fn applied(function: icosian_core::node::Function) -> Result<Vec<String>, String> {
        let flow = Dataflow::new("flow").with_node(function);
        let nodes = apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"));
        let nodes = nodes.map_err(|error| error.to_string())?;
        let shown = |node: &Node| match node.outline().expansion() {
            Some(_) => format!("{}*", node.name()),
            None => node.name().to_string(),
        };
        Ok(nodes.concat().iter().map(shown).collect())
    }

    #[test]
    fn only_nodes_with_the_functions_body_expand() {
        let check = CheckOutput::<u64>::new().range(0..=9);
        let checked = number().with_decorator(Expand::of::<u64>()).with_decorator(check);
        assert_eq!(
            applied(checked),
            Ok(vec!["number_raw*".to_owned(), "number_range_validator".to_owned(), "number".to_owned()])
        );
        let several = Parameterize::new()
            .with(Parameterization::new("few").bind("end", value(3_u64)))
            .with(Parameterization::new("many").bind("end", value(9_u64)));
        let several = number().with_decorator(Expand::of::<u64>()).with_decorator(several);
        assert_eq!(applied(several), Ok(vec!["few*".to_owned(), "many*".to_owned()]));
        let retried = number().with_decorator(Expand::of::<u64>()).with_decorator(Retry::new(3));
        assert_eq!(applied(retried), Ok(vec!["number*".to_owned()]));
    }

    #[test]
    fn items_of_another_type_are_refused() {
        assert_eq!(
            applied(number().with_decorator(Expand::of::<u8>())).unwrap_err(),
            "`expand` of `number` declares items of type `u8`, but the node declares `u64`"
        );
    }

    #[test]
    fn fallback_of_an_expanding_function_is_refused() {
        let refused =
            "`fallback` on `number` replaces an error by one value, but the node returns a sequence";
        let decorated = number().with_decorator(Expand::of::<u64>()).with_decorator(Fallback::value(1_u64));
        assert_eq!(applied(decorated).unwrap_err(), refused);
        let (outline, body) = number().into_parts();
        let by_hand = Node::from_parts(outline.with_expansion(Expansion::of::<u64>()), body);
        let fallback = Fallback::with(|_: &NodeError| 1_u64);
        assert_eq!(applied(by_hand.with_decorator(fallback)).unwrap_err(), refused);
    }

    #[test]
    fn only_cloneable_items_share_a_list() {
        struct Plain;
        let shares = |expand: Expand, mut list: Cell| {
            let shared = list.share().map(Cell::shared).expect("the list exists");
            expand.expansion.items(shared).is_some()
        };
        assert!(shares(ItemType::<u64>::expand(), Cell::new(vec![1_u64])));
        assert!(!shares(ItemType::<Plain>::expand(), Cell::new(vec![Plain])));
    }
}
