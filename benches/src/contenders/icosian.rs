//! Icosian: a program is made once, each run is one of it.

use std::array::from_fn;
use std::fmt;
use std::sync::Arc;

use icosian::{Node, Outline, Param};
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, GraphAdapter, Program, Run, SyncAdapter};
use icosian_tokio::TokioAdapter;

use super::{Contender, Lap, Round};
use crate::graphs::Graph;
use crate::pause::Pause;

/// How async nodes read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// As `u64`
    Taken,
    /// As `&u64`
    Borrowed,
}

/// Returns rounds of a graph of sync nodes.
///
/// # Panics
/// When the graph is refused, or a run stops.
#[must_use]
pub fn round(graph: &Arc<Graph>) -> Round {
    round_under(graph, |sum| sum, SyncAdapter)
}

/// Returns rounds of a graph whose nodes give what `last` makes of their sums, executed by `adapter`.
///
/// # Panics
/// When the graph is refused, or a run stops.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_adapter::SyncAdapter;
/// use icosian_benches::contenders::icosian::round_under;
/// use icosian_benches::graphs;
///
/// let mut doubled = round_under(&Arc::new(graphs::chain(2)), |sum| 2 * sum, SyncAdapter);
/// assert_eq!(doubled(1).sum, 2);
/// ```
#[must_use]
pub fn round_under(
    graph: &Arc<Graph>,
    last: impl Fn(u64) -> u64 + Copy + Send + Sync + 'static,
    adapter: impl GraphAdapter + 'static,
) -> Round {
    let nodes = (0..graph.len()).map(|node| sync_node(graph, node, last)).collect();
    round_of(program(graph, nodes), graph.sinks().len(), adapter)
}

/// Returns rounds of a program, whose outputs are numbers, executed by `adapter`.
///
/// # Panics
/// When a run stops.
pub fn round_of(program: Program, outputs: usize, adapter: impl GraphAdapter + 'static) -> Round {
    Box::new(move |times| {
        Lap::timed(|| {
            let mut sum = 0_u64;
            for _ in 0..times {
                let mut run = Run::new(&program);
                adapter.run(&mut run).expect("no node fails");
                sum = (0..outputs).fold(sum, |sum, output| {
                    sum.wrapping_add(run.values_mut().take(output).expect("it has run"))
                });
                run.end();
            }
            sum
        })
    })
}

/// A program of async nodes.
pub struct Async {
    program: Program,
    adapter: TokioAdapter,
    outputs: usize,
}

impl Async {
    /// Returns the program of a graph.
    ///
    /// # Panics
    /// When the graph is refused.
    #[must_use]
    pub fn new<P: Pause>(graph: &Arc<Graph>, pause: &P, reads: Reads) -> Self {
        let nodes = (0..graph.len()).map(|node| async_node(graph, node, pause.clone(), reads));
        Self::of(program(graph, nodes.collect()), graph.sinks().len())
    }
}

impl Async {
    /// Returns a program whose outputs are numbers.
    #[must_use]
    pub fn of(program: Program, outputs: usize) -> Self {
        Self { program, adapter: TokioAdapter::default(), outputs }
    }

    /// Returns the program of a graph of which every other node is sync.
    ///
    /// # Panics
    /// When the graph is refused.
    #[must_use]
    pub fn mixed<P: Pause>(graph: &Arc<Graph>, pause: &P) -> Self {
        let nodes = (0..graph.len()).map(|node| {
            if node % 2 == 0 {
                sync_node(graph, node, |sum| sum)
            } else {
                async_node(graph, node, pause.clone(), Reads::Taken)
            }
        });
        Self::of(program(graph, nodes.collect()), graph.sinks().len())
    }
}

impl Contender for Async {
    async fn run(&self) -> u64 {
        let mut run = AsyncRun::new(&self.program);
        self.adapter.run(&mut run).await.expect("no node fails");
        let sum = (0..self.outputs)
            .fold(0_u64, |sum, output| sum.wrapping_add(run.values_mut().take(output).expect("it has run")));
        run.end();
        sum
    }
}

impl fmt::Debug for Async {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Async({:?})", self.program)
    }
}

/// Returns the sync nodes of a graph.
#[must_use]
pub fn nodes(graph: &Graph) -> Vec<Node> {
    (0..graph.len()).map(|node| sync_node(graph, node, |sum| sum)).collect()
}

/// Returns the program of these nodes that gives the graph's sinks.
///
/// # Panics
/// When the nodes are refused.
#[must_use]
pub fn program(graph: &Graph, nodes: Vec<Node>) -> Program {
    Program::new(nodes, graph.sinks().iter().map(|&sink| name(sink as usize))).expect("the graph is right")
}

fn name(node: usize) -> String {
    format!("node_{node}")
}

fn outline(graph: &Graph, node: usize, param: fn(String) -> Param) -> Outline {
    let reads = graph.reads(node).iter();
    reads.fold(Outline::new(name(node)), |outline, &read| outline.param(param(name(read as usize))))
}

fn sync_node(graph: &Graph, node: usize, last: impl Fn(u64) -> u64 + Send + Sync + 'static) -> Node {
    match graph.reads(node).len() {
        0 => sync_node_of::<0>(graph, node, last),
        1 => sync_node_of::<1>(graph, node, last),
        2 => sync_node_of::<2>(graph, node, last),
        _ => sync_node_of::<3>(graph, node, last),
    }
}

/// As a function of `N` parameters `&u64` would be written.
fn sync_node_of<const N: usize>(
    graph: &Graph,
    node: usize,
    last: impl Fn(u64) -> u64 + Send + Sync + 'static,
) -> Node {
    Node::sync(outline(graph, node, Param::borrowed::<u64>), move |args| {
        let reads: [&u64; N] = from_fn(|read| args.borrow::<u64>(read));
        Ok(last(reads.iter().fold(node as u64, |sum, &&read| sum.wrapping_add(read))))
    })
}

fn async_node<P: Pause>(graph: &Graph, node: usize, pause: P, reads: Reads) -> Node {
    match (graph.reads(node).len(), reads) {
        (0, _) => taking_node_of::<0, P>(graph, node, pause),
        (1, Reads::Taken) => taking_node_of::<1, P>(graph, node, pause),
        (2, Reads::Taken) => taking_node_of::<2, P>(graph, node, pause),
        (_, Reads::Taken) => taking_node_of::<3, P>(graph, node, pause),
        (1, Reads::Borrowed) => borrowing_node_of::<1, P>(graph, node, pause),
        (2, Reads::Borrowed) => borrowing_node_of::<2, P>(graph, node, pause),
        (_, Reads::Borrowed) => borrowing_node_of::<3, P>(graph, node, pause),
    }
}

/// As an async function of `N` parameters `u64` would be written.
fn taking_node_of<const N: usize, P: Pause>(graph: &Graph, node: usize, pause: P) -> Node {
    let outline = outline(graph, node, |name| Param::taken::<u64>(name).cloneable(true));
    Node::future(outline, move |args| {
        let reads: [u64; N] = from_fn(|read| args.take(read));
        let pause = pause.pause(node);
        async move {
            pause.await;
            Ok(reads.iter().fold(node as u64, |sum, &read| sum.wrapping_add(read)))
        }
    })
}

/// As an async function of `N` parameters `&u64` would be written.
fn borrowing_node_of<const N: usize, P: Pause>(graph: &Graph, node: usize, pause: P) -> Node {
    Node::future(outline(graph, node, Param::borrowed::<u64>), move |args| {
        let reads: [_; N] = from_fn(|read| args.lease::<u64>(read));
        let pause = pause.pause(node);
        async move {
            pause.await;
            Ok(reads.iter().fold(node as u64, |sum, read| sum.wrapping_add(**read)))
        }
    })
}
