//! Chains of functions that have a decorator, and the same without one.
//!
//! A function adds its number to what it reads, and its decorator does what it does when all goes well. By hand the same is
//! written in the function's body; where a decorator makes several nodes, also as just as many functions.

use std::any::Any;
use std::array::from_fn;
use std::fmt;
use std::future::Future;

use icosian::decorators::{Config, Function, apply};
use icosian::{Colour, Dataflow, Node, NodeError, Outline, Output, Param};
use icosian_adapter::{AsyncGraphAdapter, GraphAdapter, Program, SyncAdapter};
use icosian_tokio::TokioAdapter;

use crate::contenders::icosian::{Async, round_of};
use crate::contenders::{FLOOR, Round, rounds};

mod all;

pub use all::KINDS;

/// How many functions a chain has.
pub const FUNCTIONS: usize = 64;

/// How the function is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// All in one function, as one would without the decorator.
    ByHand,
    /// As just as many functions as the decorator makes nodes.
    AsNodes,
    /// With the decorator.
    Decorated,
}

/// A decorator, and the same without it.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The decorator's name.
    pub name: &'static str,
    /// Makes a function of the chain; none when it is not written this way, or not in this colour.
    make: fn(&Link) -> Option<Vec<Function>>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The place of a function in its chain, and how it is written.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    at: u64,
    colour: Colour,
    way: Way,
}

impl Link {
    /// Returns the name that the next one reads.
    fn name(&self) -> String {
        format!("f{}", self.at)
    }

    /// Returns the name of a node besides.
    fn beside(&self, what: &str) -> String {
        format!("{what}{}", self.at)
    }

    /// Returns the name that this one reads.
    fn before(&self) -> String {
        format!("f{}", self.at - 1)
    }

    /// Returns the function of the chain, with another body.
    fn link<T: Any + Send + Sync + Clone>(
        &self,
        body: impl Fn(u64) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
    ) -> Node {
        self.function(self.name(), [self.before()], move |[read]| body(read))
    }

    /// Returns the function of the chain.
    fn plain(&self) -> Node {
        let at = self.at;
        self.link(move |read| Ok(read.wrapping_add(at)))
    }

    /// Returns a function of numbers, which it takes.
    fn function<T: Any + Send + Sync + Clone, const N: usize>(
        &self,
        name: String,
        params: [String; N],
        body: impl Fn([u64; N]) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
    ) -> Node {
        let outline = params.into_iter().fold(outline::<T>(name), |outline, param| {
            outline.param(Param::taken::<u64>(param).cloneable(true))
        });
        match self.colour {
            Colour::Sync => Node::sync(outline, move |args| body(from_fn(|at| args.take(at)))),
            Colour::Async => Node::future(outline, move |args| {
                let (read, body) = (from_fn(|at| args.take(at)), body.clone());
                async move { body(read) }
            }),
        }
    }

    /// Returns a function that borrows one value.
    fn borrowing<T: Any + Send + Sync + Clone, R: Any + Send + Sync>(
        &self,
        name: String,
        param: String,
        body: impl Fn(&R) -> T + Clone + Send + Sync + 'static,
    ) -> Node {
        let outline = outline::<T>(name).param(Param::borrowed::<R>(param));
        match self.colour {
            Colour::Sync => Node::sync(outline, move |args| Ok(body(args.borrow::<R>(0)))),
            Colour::Async => Node::future(outline, move |args| {
                let (read, body) = (args.lease::<R>(0), body.clone());
                async move { Ok(body(&read)) }
            }),
        }
    }

    /// Returns the async function of the chain, with a body that awaits.
    fn awaiting<F>(&self, body: impl Fn(u64) -> F + Send + Sync + 'static) -> Node
    where
        F: Future<Output = Result<u64, NodeError>> + Send + 'static,
    {
        let outline = outline::<u64>(self.name());
        let outline = outline.param(Param::taken::<u64>(self.before()).cloneable(true));
        Node::future(outline, move |args| body(args.take(0)))
    }
}

fn outline<T: Any + Send + Sync + Clone>(name: String) -> Outline {
    Outline::new(name).output(Output::of::<T>().cloneable::<T>())
}

impl Kind {
    /// Returns a chain as nodes; none when it is not written this way, or not in this colour.
    ///
    /// # Panics
    /// When the decorator is refused.
    #[must_use]
    pub fn nodes(&self, colour: Colour, way: Way) -> Option<Vec<Node>> {
        let first = Link { at: 0, colour, way };
        let first = first.function(first.name(), [], |[]| Ok(1_u64));
        let mut flow = Dataflow::new("chain").with_node(first);
        for at in 1..=FUNCTIONS as u64 {
            flow = (self.make)(&Link { at, colour, way })?.into_iter().fold(flow, Dataflow::with_node);
        }
        let adapter = match colour {
            Colour::Sync => GraphAdapter::spec(&SyncAdapter),
            Colour::Async => AsyncGraphAdapter::spec(&TokioAdapter::default()),
        };
        let config = Config::new().with("env", "prod");
        Some(apply(vec![flow], &config, &adapter).expect("the decorator is right").concat())
    }

    /// Returns rounds of a chain; none when it is not written this way, or not in this colour.
    ///
    /// # Panics
    /// When the decorator is refused.
    ///
    /// # Examples
    /// ```
    /// use icosian::Colour;
    /// use icosian_benches::decorated::{FUNCTIONS, KINDS, Way};
    ///
    /// let mut round = KINDS[0].round(Colour::Sync, Way::Decorated).expect("it is written");
    /// assert_eq!(round(1).sum, 1 + (1..=FUNCTIONS as u64).sum::<u64>());
    /// ```
    #[must_use]
    pub fn round(&self, colour: Colour, way: Way) -> Option<Round> {
        let nodes = self.nodes(colour, way)?;
        let last = Link { at: FUNCTIONS as u64, colour, way }.name();
        let program = Program::new(nodes, [last]).expect("the chain is right");
        Some(match colour {
            Colour::Sync => round_of(program, 1, SyncAdapter),
            Colour::Async => rounds(Async::of(program, 1)),
        })
    }

    /// Returns rounds of the chain in all ways in which it is written, by hand first; none in a colour that it has not.
    ///
    /// # Panics
    /// When the decorator is refused.
    #[must_use]
    pub fn rounds(&self, colour: Colour) -> Vec<(&'static str, Round)> {
        let ways = [(FLOOR, Way::ByHand), ("as nodes", Way::AsNodes), (DECORATED, Way::Decorated)];
        ways.into_iter().filter_map(|(name, way)| Some((name, self.round(colour, way)?))).collect()
    }
}

/// What the contender with the decorator is called.
pub const DECORATED: &str = "decorated";

/// Returns what all chains give.
#[must_use]
pub fn expected() -> u64 {
    1 + (1..=FUNCTIONS as u64).sum::<u64>()
}
