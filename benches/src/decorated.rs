//! Chains of functions with a decorator, and equivalent hand-written chains.
//!
//! Each function adds its number to its input. The decorator takes its success path: nothing fails or is retried. In the
//! hand-written variant, the function's body does the work of the decorator. If a decorator creates several nodes, another
//! variant has one hand-written function per node.

use std::any::Any;
use std::array::from_fn;
use std::fmt;
use std::future::Future;

use icosian::decorators::{Config, Function, apply};
use icosian::{Asyncness, Dataflow, Node, NodeError, Outline, Output, Param};
use icosian_adapter::{AsyncGraphAdapter, GraphAdapter, Program, SyncAdapter};
use icosian_tokio::TokioAdapter;

use crate::contenders::icosian::{Async, runner_of};
use crate::contenders::{FLOOR, Runner, async_runner};

mod cases;

pub use cases::CASES;

/// The number of functions in a chain.
pub const FUNCTIONS: usize = 64;

/// An implementation of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// A single function without the decorator.
    ByHand,
    /// One function for each node that the decorator creates.
    AsNodes,
    /// The function with the decorator.
    Decorated,
}

/// A decorator and its hand-written equivalents.
#[derive(Clone, Copy)]
pub struct Case {
    /// The decorator's name.
    pub name: &'static str,
    /// Returns the functions of a link, or `None` if the case has no such variant or does not support its asyncness.
    build: fn(&Link) -> Option<Vec<Function>>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A link of a chain: its number and its implementation.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    number: u64,
    asyncness: Asyncness,
    variant: Variant,
}

impl Link {
    /// Returns the name of the link's output.
    fn name(&self) -> String {
        format!("f{}", self.number)
    }

    /// Returns the name of another node of this link.
    fn inner_name(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.number)
    }

    /// Returns the name of the link's input.
    fn input(&self) -> String {
        format!("f{}", self.number - 1)
    }

    /// Returns the function of the link with a custom body.
    fn with_body<T: Any + Send + Sync + Clone>(
        &self,
        body: impl Fn(u64) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
    ) -> Node {
        self.function(self.name(), [self.input()], move |[read]| body(read))
    }

    /// Returns the function of the link.
    fn plain(&self) -> Node {
        let number = self.number;
        self.with_body(move |read| Ok(read.wrapping_add(number)))
    }

    /// Returns a function with parameters of type `u64`.
    fn function<T: Any + Send + Sync + Clone, const N: usize>(
        &self,
        name: String,
        params: [String; N],
        body: impl Fn([u64; N]) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
    ) -> Node {
        let outline = params.into_iter().fold(outline::<T>(name), |outline, param| {
            outline.with_param(Param::taken::<u64>(param).with_clone())
        });
        match self.asyncness {
            Asyncness::Sync => Node::sync(outline, move |args| body(from_fn(|index| args.take(index)))),
            Asyncness::Async => Node::future(outline, move |args| {
                let (read, body) = (from_fn(|index| args.take(index)), body.clone());
                async move { body(read) }
            }),
        }
    }

    /// Returns a function with one parameter of type `&R`.
    fn borrowing_function<T: Any + Send + Sync + Clone, R: Any + Send + Sync>(
        &self,
        name: String,
        param: String,
        body: impl Fn(&R) -> T + Clone + Send + Sync + 'static,
    ) -> Node {
        let outline = outline::<T>(name).with_param(Param::borrowed::<R>(param));
        match self.asyncness {
            Asyncness::Sync => Node::sync(outline, move |args| Ok(body(args.borrow::<R>(0)))),
            Asyncness::Async => Node::future(outline, move |args| {
                let (read, body) = (args.lease::<R>(0), body.clone());
                async move { Ok(body(&read)) }
            }),
        }
    }

    /// Returns the async function of the link with a custom async body.
    fn with_async_body<F>(&self, body: impl Fn(u64) -> F + Send + Sync + 'static) -> Node
    where
        F: Future<Output = Result<u64, NodeError>> + Send + 'static,
    {
        let outline = outline::<u64>(self.name());
        let outline = outline.with_param(Param::taken::<u64>(self.input()).with_clone());
        Node::future(outline, move |args| body(args.take(0)))
    }
}

fn outline<T: Any + Send + Sync + Clone>(name: String) -> Outline {
    Outline::new(name).with_output(Output::of::<T>().cloneable::<T>())
}

impl Case {
    /// Returns the nodes of a chain, or `None` if the case has no such variant or does not support `asyncness`.
    ///
    /// # Panics
    /// Panics if the decorator is invalid.
    #[must_use]
    pub fn nodes(&self, asyncness: Asyncness, variant: Variant) -> Option<Vec<Node>> {
        let first = Link { number: 0, asyncness, variant };
        let first = first.function(first.name(), [], |[]| Ok(1_u64));
        let mut flow = Dataflow::new("chain").with_node(first);
        for number in 1..=FUNCTIONS as u64 {
            flow = (self.build)(&Link { number, asyncness, variant })?
                .into_iter()
                .fold(flow, Dataflow::with_node);
        }
        let adapter = match asyncness {
            Asyncness::Sync => GraphAdapter::spec(&SyncAdapter),
            Asyncness::Async => AsyncGraphAdapter::spec(&TokioAdapter::default()),
        };
        let config = Config::new().with("env", "prod");
        Some(apply(vec![flow], &config, &adapter).expect("the decorator is valid").concat())
    }

    /// Returns a runner for a chain, or `None` if the case has no such variant or does not support `asyncness`.
    ///
    /// # Panics
    /// Panics if the decorator is invalid.
    ///
    /// # Examples
    /// ```
    /// use icosian::Asyncness;
    /// use icosian_benches::decorated::{CASES, FUNCTIONS, Variant};
    ///
    /// let mut runner = CASES[0].runner(Asyncness::Sync, Variant::Decorated).expect("the variant exists");
    /// assert_eq!(runner(1).sum, 1 + (1..=FUNCTIONS as u64).sum::<u64>());
    /// ```
    #[must_use]
    pub fn runner(&self, asyncness: Asyncness, variant: Variant) -> Option<Runner> {
        let nodes = self.nodes(asyncness, variant)?;
        let last = Link { number: FUNCTIONS as u64, asyncness, variant }.name();
        let program = Program::new(nodes, [last]).expect("the chain is valid");
        Some(match asyncness {
            Asyncness::Sync => runner_of(program, 1, SyncAdapter),
            Asyncness::Async => async_runner(Async::from_program(program, 1)),
        })
    }

    /// Returns a runner for each variant, the hand-written one first. Empty if the case does not support `asyncness`.
    ///
    /// # Panics
    /// Panics if the decorator is invalid.
    #[must_use]
    pub fn runners(&self, asyncness: Asyncness) -> Vec<(&'static str, Runner)> {
        let variants =
            [(FLOOR, Variant::ByHand), ("as nodes", Variant::AsNodes), (DECORATED, Variant::Decorated)];
        variants
            .into_iter()
            .filter_map(|(name, variant)| Some((name, self.runner(asyncness, variant)?)))
            .collect()
    }
}

/// The name of the contender with the decorator.
pub const DECORATED: &str = "decorated";

/// Returns the result of every chain.
#[must_use]
pub fn expected() -> u64 {
    1 + (1..=FUNCTIONS as u64).sum::<u64>()
}
