//! Icosian: the program is built once and executed by each run.

use std::array::from_fn;
use std::fmt;
use std::sync::Arc;

use icosian::{Node, Outline, Param};
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, GraphAdapter, Program, Run, SyncAdapter};
use icosian_tokio::TokioAdapter;

use super::{Contender, Measurement, Runner};
use crate::graphs::Graph;
use crate::pause::Pause;

/// The parameter type of async nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// `u64`
    ByValue,
    /// `&u64`
    ByReference,
}

/// Returns a runner for a graph of sync nodes.
///
/// # Panics
/// Panics if the graph is invalid. The runner panics if a run fails.
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    runner_under(graph, |sum| sum, SyncAdapter)
}

/// Returns a runner for a graph of sync nodes under `adapter`. Each node returns `map(sum)`.
///
/// # Panics
/// Panics if the graph is invalid. The runner panics if a run fails.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_adapter::SyncAdapter;
/// use icosian_benches::contenders::icosian::runner_under;
/// use icosian_benches::graphs;
///
/// let mut doubled = runner_under(&Arc::new(graphs::chain(2)), |sum| 2 * sum, SyncAdapter);
/// assert_eq!(doubled(1).sum, 2);
/// ```
#[must_use]
pub fn runner_under(
    graph: &Arc<Graph>,
    map: impl Fn(u64) -> u64 + Copy + Send + Sync + 'static,
    adapter: impl GraphAdapter + 'static,
) -> Runner {
    let nodes = (0..graph.len()).map(|node| sync_node(graph, node, map)).collect();
    runner_of(program(graph, nodes), graph.sinks().len(), adapter)
}

/// Returns a runner for a program under `adapter`. The first `outputs` outputs of the program are `u64`.
///
/// # Panics
/// The runner panics if a run fails.
pub fn runner_of(program: Program, outputs: usize, adapter: impl GraphAdapter + 'static) -> Runner {
    Box::new(move |times| {
        Measurement::time(|| {
            let mut sum = 0_u64;
            for _ in 0..times {
                let mut run = Run::new(&program);
                adapter.run(&mut run).expect("no node fails");
                sum = (0..outputs).fold(sum, |sum, output| {
                    sum.wrapping_add(run.values_mut().take(output).expect("every output is available"))
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
    /// Builds the program of a graph of async nodes.
    ///
    /// # Panics
    /// Panics if the graph is invalid.
    #[must_use]
    pub fn new<P: Pause>(graph: &Arc<Graph>, pause: &P, reads: Reads) -> Self {
        let nodes = (0..graph.len()).map(|node| async_node(graph, node, pause.clone(), reads));
        Self::from_program(program(graph, nodes.collect()), graph.sinks().len())
    }

    /// Wraps a program whose outputs are `u64`.
    #[must_use]
    pub fn from_program(program: Program, outputs: usize) -> Self {
        Self { program, adapter: TokioAdapter::default(), outputs }
    }

    /// Builds the program of a graph in which every other node is sync.
    ///
    /// # Panics
    /// Panics if the graph is invalid.
    #[must_use]
    pub fn mixed<P: Pause>(graph: &Arc<Graph>, pause: &P) -> Self {
        let nodes = (0..graph.len()).map(|node| {
            if node % 2 == 0 {
                sync_node(graph, node, |sum| sum)
            } else {
                async_node(graph, node, pause.clone(), Reads::ByValue)
            }
        });
        Self::from_program(program(graph, nodes.collect()), graph.sinks().len())
    }
}

impl Contender for Async {
    async fn run(&self) -> u64 {
        let mut run = AsyncRun::new(&self.program);
        self.adapter.run(&mut run).await.expect("no node fails");
        let sum = (0..self.outputs).fold(0_u64, |sum, output| {
            sum.wrapping_add(run.values_mut().take(output).expect("every output is available"))
        });
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

/// Builds the program that computes the sinks of a graph from its nodes.
///
/// # Panics
/// Panics if the nodes are invalid.
#[must_use]
pub fn program(graph: &Graph, nodes: Vec<Node>) -> Program {
    Program::new(nodes, graph.sinks().iter().map(|&sink| name(sink as usize))).expect("the graph is valid")
}

fn name(node: usize) -> String {
    format!("node_{node}")
}

fn outline(graph: &Graph, node: usize, param: fn(String) -> Param) -> Outline {
    let reads = graph.reads(node).iter();
    reads.fold(Outline::new(name(node)), |outline, &read| outline.with_param(param(name(read as usize))))
}

fn sync_node(graph: &Graph, node: usize, map: impl Fn(u64) -> u64 + Send + Sync + 'static) -> Node {
    match graph.reads(node).len() {
        0 => sync_node_of::<0>(graph, node, map),
        1 => sync_node_of::<1>(graph, node, map),
        2 => sync_node_of::<2>(graph, node, map),
        _ => sync_node_of::<3>(graph, node, map),
    }
}

/// Returns the node of a function with `N` parameters `&u64`.
fn sync_node_of<const N: usize>(
    graph: &Graph,
    node: usize,
    map: impl Fn(u64) -> u64 + Send + Sync + 'static,
) -> Node {
    Node::sync(outline(graph, node, Param::borrowed::<u64>), move |args| {
        Ok(map((0..N).fold(node as u64, |sum, read| sum.wrapping_add(*args.borrow::<u64>(read)))))
    })
}

fn async_node<P: Pause>(graph: &Graph, node: usize, pause: P, reads: Reads) -> Node {
    match (graph.reads(node).len(), reads) {
        (0, _) => by_value_node_of::<0, P>(graph, node, pause),
        (1, Reads::ByValue) => by_value_node_of::<1, P>(graph, node, pause),
        (2, Reads::ByValue) => by_value_node_of::<2, P>(graph, node, pause),
        (_, Reads::ByValue) => by_value_node_of::<3, P>(graph, node, pause),
        (1, Reads::ByReference) => by_reference_node_of::<1, P>(graph, node, pause),
        (2, Reads::ByReference) => by_reference_node_of::<2, P>(graph, node, pause),
        (_, Reads::ByReference) => by_reference_node_of::<3, P>(graph, node, pause),
    }
}

/// Returns the node of an async function with `N` parameters `u64`.
fn by_value_node_of<const N: usize, P: Pause>(graph: &Graph, node: usize, pause: P) -> Node {
    let outline = outline(graph, node, |name| Param::taken::<u64>(name).with_clone());
    Node::future(outline, move |args| {
        let reads: [u64; N] = from_fn(|read| args.take(read));
        let pause = pause.pause(node);
        async move {
            pause.await;
            Ok(reads.iter().fold(node as u64, |sum, &read| sum.wrapping_add(read)))
        }
    })
}

/// Returns the node of an async function with `N` parameters `&u64`.
fn by_reference_node_of<const N: usize, P: Pause>(graph: &Graph, node: usize, pause: P) -> Node {
    Node::future(outline(graph, node, Param::borrowed::<u64>), move |args| {
        let leased = args.lease_all();
        let pause = pause.pause(node);
        async move {
            pause.await;
            Ok((0..N).fold(node as u64, |sum, read| sum.wrapping_add(*leased.borrow::<u64>(read))))
        }
    })
}
