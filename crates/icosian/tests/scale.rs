//! Graphs of a million nodes are built, planned, run and refused on a small stack, without recursion.

use icosian::graph::GraphError;
use icosian::{
    AsyncDriver, Asyncness, BuildError, BuildErrorKind, Dataflow, Driver, ExecuteError, Inputs, Node,
    NodeError, Outline, Param, RunError, inputs,
};

const N: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

/// Runs `test` on a stack that a recursion over the nodes would overflow.
fn on_a_small_stack<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(test);
    thread.expect("there is a thread").join().expect("the test passes")
}

/// A node as plain data: its output is `plus` and the sum of its inputs.
struct Sum {
    name: String,
    reads: Vec<String>,
    plus: u64,
}

fn sum(name: impl Into<String>, reads: impl IntoIterator<Item = String>, plus: usize) -> Sum {
    Sum { name: name.into(), reads: reads.into_iter().collect(), plus: plus as u64 }
}

impl Sum {
    fn outline(&self) -> Outline {
        let outline = Outline::new(self.name.clone());
        self.reads
            .iter()
            .fold(outline, |outline, read| outline.with_param(Param::borrowed::<u64>(read.clone())))
    }

    fn node(&self, asyncness: Asyncness) -> Node {
        let (outline, reads, plus) = (self.outline(), self.reads.len(), self.plus);
        match asyncness {
            Asyncness::Sync => Node::sync(outline, move |args| {
                Ok((0..reads).fold(plus, |sum, read| sum.wrapping_add(*args.borrow::<u64>(read))))
            }),
            Asyncness::Async => Node::future(outline, move |args| {
                let reads: Vec<_> = (0..reads).map(|read| args.lease::<u64>(read)).collect();
                async move { Ok(reads.iter().fold(plus, |sum, read| sum.wrapping_add(**read))) }
            }),
        }
    }
}

fn dataflow(nodes: &[Sum], asyncness: Asyncness) -> Dataflow {
    let mut dataflow = Dataflow::new("large");
    dataflow.extend(nodes.iter().map(|node| node.node(asyncness)));
    dataflow
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("there is a runtime")
}

/// Executes `wanted` twice, the second time in the memory of the first run, with sync or async nodes.
fn gives(nodes: Vec<Sum>, wanted: &'static str, seed: u64, asyncness: Asyncness, expect: u64) {
    let inputs = move || {
        if seed == 0 {
            inputs! {}
        } else {
            inputs! { seed }
        }
    };
    on_a_small_stack(move || {
        let dataflow = dataflow(&nodes, asyncness);
        drop(nodes);
        let given: Vec<_> = match asyncness {
            Asyncness::Sync => {
                let driver = Driver::builder().with_dataflow(dataflow).build().expect("it is right");
                (0..2).map(|_| driver.execute_named([wanted], inputs()).expect("it runs")).collect()
            }
            Asyncness::Async => {
                let driver = AsyncDriver::builder().with_dataflow(dataflow).build().expect("it is right");
                let run = || runtime().block_on(driver.execute_named([wanted], inputs()));
                (0..2).map(|_| run().expect("it runs")).collect()
            }
        };
        for given in given {
            assert_eq!(given.get::<u64>(wanted), Some(&expect));
        }
    });
}

fn chain() -> Vec<Sum> {
    let nodes = (1..N).map(|at| sum(format!("n{at}"), [format!("n{}", at - 1)], at));
    std::iter::once(sum("n0", [], 0)).chain(nodes).chain([sum("end", [format!("n{}", N - 1)], 0)]).collect()
}

const CHAIN: u64 = (N as u64) * (N as u64 - 1) / 2;

#[test]
fn chain_of_sync_nodes() {
    gives(chain(), "end", 0, Asyncness::Sync, CHAIN);
}

#[test]
fn chain_of_async_nodes() {
    gives(chain(), "end", 0, Asyncness::Async, CHAIN);
}

/// Every leaf reads `root`, and `end` reads every leaf.
fn fan() -> Vec<Sum> {
    let leaves = (0..N).map(|leaf| sum(format!("n{leaf}"), ["root".to_owned()], leaf));
    let end = sum("end", (0..N).map(|leaf| format!("n{leaf}")), 0);
    std::iter::once(sum("root", [], 1)).chain(leaves).chain([end]).collect()
}

const FAN: u64 = CHAIN + N as u64;

#[test]
fn fan_of_sync_nodes() {
    gives(fan(), "end", 0, Asyncness::Sync, FAN);
}

#[test]
fn fan_of_async_nodes() {
    gives(fan(), "end", 0, Asyncness::Async, FAN);
}

/// Every leaf reads `root`, and a binary tree adds them up.
fn tree() -> Vec<Sum> {
    let mut nodes = vec![sum("root", [], 1)];
    nodes.extend((0..N).map(|leaf| sum(format!("n{leaf}"), ["root".to_owned()], leaf)));
    let mut layer: Vec<_> = nodes[1..].iter().map(|leaf| leaf.name.clone()).collect();
    while layer.len() > 1 {
        let (depth, pairs) = (layer.len(), layer.chunks(2).enumerate());
        let pairs: Vec<_> =
            pairs.map(|(at, pair)| sum(format!("of{depth}_{at}"), pair.iter().cloned(), 0)).collect();
        layer = pairs.iter().map(|pair| pair.name.clone()).collect();
        nodes.extend(pairs);
    }
    nodes.extend(layer.pop().map(|last| sum("end", [last], 0)));
    nodes
}

#[test]
fn tree_of_sync_nodes() {
    gives(tree(), "end", 0, Asyncness::Sync, FAN);
}

#[test]
fn tree_of_async_nodes() {
    gives(tree(), "end", 0, Asyncness::Async, FAN);
}

/// Layers of a thousand nodes. Each node reads two nodes of the previous layer; the first layer reads an input.
fn layers() -> (Vec<Sum>, u64) {
    const WIDTH: usize = 1_000;
    let mut nodes = Vec::with_capacity(N + 1);
    let mut values = vec![0_u64; WIDTH];
    for layer in 0..N / WIDTH {
        let before = values.clone();
        for (at, value) in values.iter_mut().enumerate() {
            let other = (at * 7 + layer) % WIDTH;
            let plus = layer ^ at;
            let reads = match layer {
                0 => vec!["seed".to_owned()],
                _ => vec![format!("n{}_{at}", layer - 1), format!("n{}_{other}", layer - 1)],
            };
            let read = if layer == 0 { 3 } else { before[at].wrapping_add(before[other]) };
            *value = read.wrapping_add(plus as u64);
            nodes.push(sum(format!("n{layer}_{at}"), reads, plus));
        }
    }
    nodes.push(sum("end", (0..WIDTH).map(|at| format!("n{}_{at}", N / WIDTH - 1)), 0));
    (nodes, values.into_iter().fold(0, u64::wrapping_add))
}

#[test]
fn layers_of_sync_nodes() {
    let (nodes, expect) = layers();
    gives(nodes, "end", 3, Asyncness::Sync, expect);
}

#[test]
fn layers_of_async_nodes() {
    let (nodes, expect) = layers();
    gives(nodes, "end", 3, Asyncness::Async, expect);
}

#[test]
fn cycle_through_all_nodes_is_reported() {
    let nodes: Vec<_> = (0..N).map(|at| sum(format!("n{at}"), [format!("n{}", (at + 1) % N)], 0)).collect();
    on_a_small_stack(move || {
        let refused = build(dataflow(&nodes, Asyncness::Sync)).expect_err("there is a cycle");
        let lengths: Vec<_> = refused
            .iter()
            .map(|problem| match problem.kind() {
                BuildErrorKind::Graph(GraphError::Cycle { path }) => path.len(),
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(lengths, [N + 1]);
        assert!(refused.to_string().starts_with("nodes read each other in a cycle: `n0` → "));
    });
}

fn build(dataflow: Dataflow) -> Result<Driver, BuildError> {
    Driver::builder().with_dataflow(dataflow).build()
}

#[test]
fn failure_is_reported_with_its_path() {
    let mut nodes: Vec<_> = dataflow(&fan(), Asyncness::Sync).nodes().cloned().collect();
    nodes[0] = Node::sync(Outline::new("root"), |_| Err::<u64, _>(NodeError::failed("no root")));
    on_a_small_stack(move || {
        let mut fan = Dataflow::new("failing");
        fan.extend(nodes);
        let failed = build(fan).expect("it is right").execute_named(["end"], inputs! {});
        let Err(ExecuteError::Failed(failed)) = failed else { panic!("{failed:?}") };
        let Some(RunError::NodeFailed { node, path, .. }) = failed.first() else { panic!("{failed:?}") };
        assert_eq!((node.as_str(), path.len()), ("root", 3));
    });
}

#[test]
fn value_is_moved_to_the_last_of_all_nodes() {
    struct Unique(u64);
    let leaf = |at: usize| {
        let outline = Outline::new(format!("n{at}")).with_param(Param::borrowed::<Unique>("root"));
        Node::sync(outline, |args| Ok(args.borrow::<Unique>(0).0))
    };
    let end = Outline::new("end").with_param(Param::taken::<Unique>("root"));
    let end = (0..N).fold(end, |outline, at| outline.with_param(Param::borrowed::<u64>(format!("n{at}"))));
    let end = Node::sync(end, |args| {
        let root: Unique = args.take_with(0, None);
        Ok((0..N).fold(root.0, |sum, at| sum + args.borrow::<u64>(at + 1)))
    });
    let root = Node::sync(Outline::new("root"), |_| Ok(Unique(2)));
    let mut flow = Dataflow::new("moving").with_node(end).with_node(root);
    flow.extend((0..N).map(leaf));
    on_a_small_stack(move || {
        let given = build(flow).expect("it is right").execute_named(["end"], inputs! {});
        assert_eq!(given.expect("it runs").get::<u64>("end"), Some(&(2 * N as u64 + 2)));
    });
}

/// Builds a driver whose nodes each read a separate input.
fn separate_inputs() -> Driver {
    let nodes: Vec<_> = (0..N).map(|at| sum(format!("n{at}"), [format!("i{at}")], 0)).collect();
    let end = sum("end", (0..N).map(|at| format!("n{at}")), 0);
    let nodes: Vec<_> = nodes.into_iter().chain([end]).collect();
    build(dataflow(&nodes, Asyncness::Sync)).expect("it is right")
}

#[test]
fn every_node_can_have_a_separate_input() {
    on_a_small_stack(|| {
        let inputs = (0..N).fold(Inputs::new(), |inputs, at| inputs.with(format!("i{at}"), at as u64));
        let given = separate_inputs().execute_named(["end"], inputs);
        assert_eq!(given.expect("it runs").get::<u64>("end"), Some(&CHAIN));
    });
}

#[test]
fn missing_input_of_every_node_is_reported() {
    on_a_small_stack(|| {
        let refused = separate_inputs().execute_named(["end"], inputs! {});
        let Err(ExecuteError::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.iter().count(), N);
    });
}

#[test]
fn every_node_can_be_output_and_override() {
    on_a_small_stack(|| {
        let driver = build(dataflow(&chain(), Asyncness::Sync)).expect("it is right");
        let names: Vec<_> = (0..N).map(|at| format!("n{at}")).collect();
        let check = |inputs: Inputs, expect: fn(u64) -> u64| {
            let given = driver.execute_named(&names, inputs).expect("it runs");
            let given = given.iter().map(|(_, value)| value.get::<u64>().copied());
            assert!(given.eq((0..N as u64).map(expect).map(Some)));
        };
        check(inputs! {}, |at| at * (at + 1) / 2);
        let overrides = names.iter().fold(Inputs::new(), |inputs, name| {
            inputs.overriding_named(name.clone(), icosian::Input::value(name.len() as u64))
        });
        check(overrides, |at| format!("n{at}").len() as u64);
    });
}
