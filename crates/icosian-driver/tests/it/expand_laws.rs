//! Random dataflows with expansions have the results of a naive interpreter, under every adapter and for sync and async nodes.

use icosian_core::expand::{Collect, CollectParam, Expansion, Items};
use icosian_core::node::Asyncness;
use icosian_core::{Dataflow, Name, Node, NodeError, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, Driver, inputs};
use icosian_graph::Graph;
use icosian_rayon::RayonAdapter;
use proptest::prelude::*;

/// A node of a random dataflow. Its value is a hash of its inputs.
#[derive(Clone, Debug)]
struct Spec {
    reads: Vec<usize>,
    collects: Vec<usize>,
    expands: bool,
    asyncness: Asyncness,
    concurrency: usize,
}

/// A random dataflow. Only valid nodes are kept.
#[derive(Clone, Debug, Default)]
struct Flow {
    nodes: Vec<Spec>,
    /// The expanding nodes whose items each node depends on, outermost first.
    scopes: Vec<Vec<usize>>,
}

impl Flow {
    /// Returns the scope in which the value of a node exists.
    fn value_scope(&self, node: usize) -> Vec<usize> {
        let mut scope = self.scopes[node].clone();
        if self.nodes[node].expands {
            scope.push(node);
        }
        scope
    }

    /// Adds a node, without the sources that would make the graph invalid.
    fn add(&mut self, spec: &Spec) {
        let sources: Vec<(usize, bool)> = {
            let reads = spec.reads.iter().map(|read| (*read, false));
            reads.chain(spec.collects.iter().map(|read| (*read, true))).collect()
        };
        self.nodes.push(Spec { reads: Vec::new(), collects: Vec::new(), ..spec.clone() });
        self.scopes.push(Vec::new());
        let last = self.nodes.len() - 1;
        for (source, collects) in sources.into_iter().filter(|(source, _)| *source < last) {
            let before = self.nodes[last].clone();
            let node = &mut self.nodes[last];
            if node.reads.contains(&source) || node.collects.contains(&source) {
                continue;
            }
            let sources = if collects { &mut node.collects } else { &mut node.reads };
            sources.push(source);
            let outlines = (0..=last).map(|node| self.node(node).into_parts().0);
            match Graph::new(outlines) {
                Ok(graph) => self.scopes[last] = scope_of(&graph, last),
                Err(_) => self.nodes[last] = before,
            }
        }
    }

    /// Returns the value of a node for the given items of its scope.
    fn value(&self, node: usize, items: &[(usize, u64)]) -> u64 {
        let spec = &self.nodes[node];
        let item =
            |source: usize| items.iter().find(|(expander, _)| *expander == source).map(|(_, item)| *item);
        let reads = spec.reads.iter().map(|read| match item(*read).filter(|_| self.nodes[*read].expands) {
            Some(item) => item,
            None => self.value(*read, items),
        });
        let mut hash = reads.fold(node as u64, mix);
        for source in &spec.collects {
            let mut scope = self.value_scope(*source);
            let expander = scope.pop().expect("it is in a block");
            for item in items_of(self.value(expander, items)) {
                let inner: Vec<_> = items.iter().copied().chain([(expander, item)]).collect();
                let value = if *source == expander { item } else { self.value(*source, &inner) };
                hash = mix(hash, value);
            }
        }
        hash
    }

    fn dataflow(&self) -> Dataflow {
        (0..self.nodes.len()).fold(Dataflow::new("random"), |flow, node| flow.with_node(self.node(node)))
    }

    fn node(&self, node: usize) -> Node {
        let spec = &self.nodes[node];
        let reads = spec.reads.iter().map(|read| Param::borrowed::<u64>(name(*read)));
        let collects = spec.collects.iter().map(|read| {
            Param::borrowed::<Collect<u64>>(name(*read)).with_collection(CollectParam::values::<u64>())
        });
        let outline = Outline::new(name(node)).with_params(reads.chain(collects).collect());
        let (first, all) = (spec.reads.len(), spec.reads.len() + spec.collects.len());
        let outline = outline.with_output(output_of!(u64));
        if spec.expands {
            let expansion = Expansion::of::<u64>().with_clone::<u64>().with_concurrency(spec.concurrency);
            return match spec.asyncness {
                Asyncness::Sync => Node::expanding(outline.with_expansion(expansion), move |args| {
                    let reads = (0..first).map(|at| *args.borrow::<u64>(at)).fold(node as u64, mix);
                    let collects = (first..all).flat_map(|at| args.borrow::<Collect<u64>>(at).to_vec());
                    Ok(Items::new(items_of(collects.fold(reads, mix))))
                }),
                Asyncness::Async => Node::expanding_future(outline.with_expansion(expansion), move |args| {
                    let args = args.lease_all();
                    async move {
                        tokio::task::yield_now().await;
                        let reads = (0..first).map(|at| *args.borrow::<u64>(at)).fold(node as u64, mix);
                        let collects = (first..all).flat_map(|at| args.borrow::<Collect<u64>>(at).to_vec());
                        let items = items_of(collects.fold(reads, mix));
                        Ok(Items::stream(futures::stream::iter(items)))
                    }
                }),
            };
        }
        match spec.asyncness {
            Asyncness::Sync => Node::sync(outline, move |args| {
                let reads = (0..first).map(|at| *args.borrow::<u64>(at)).fold(node as u64, mix);
                let collects = (first..all).flat_map(|at| args.borrow::<Collect<u64>>(at).to_vec());
                Ok::<_, NodeError>(collects.fold(reads, mix))
            }),
            Asyncness::Async => Node::future(outline, move |args| {
                let args = args.lease_all();
                async move {
                    tokio::task::yield_now().await;
                    let reads = (0..first).map(|at| *args.borrow::<u64>(at)).fold(node as u64, mix);
                    let collects = (first..all).flat_map(|at| args.borrow::<Collect<u64>>(at).to_vec());
                    Ok(collects.fold(reads, mix))
                }
            }),
        }
    }

    fn in_sync(&self) -> Self {
        let nodes = self.nodes.iter().cloned().map(|spec| Spec { asyncness: Asyncness::Sync, ..spec });
        Self { nodes: nodes.collect(), ..self.clone() }
    }
}

/// Returns the expanding nodes of the blocks around a node, outermost first.
fn scope_of(graph: &Graph, node: usize) -> Vec<usize> {
    let blocks = graph.blocks();
    let around = std::iter::successors(blocks.of(&name(node)), |block| blocks.parent(*block));
    let mut scope: Vec<usize> = around.map(|block| blocks.expander(block).position()).collect();
    scope.reverse();
    scope
}

fn name(node: usize) -> Name {
    Name::from(format!("n{node}"))
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value.rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Returns the items of an expanding node with this hash: none to three.
fn items_of(hash: u64) -> Vec<u64> {
    (0..hash % 4).map(|item| mix(hash, item)).collect()
}

fn flows() -> impl Strategy<Value = Flow> {
    let spec = (
        prop::collection::vec(0..12_usize, 0..3),
        prop::collection::vec(0..12_usize, 0..3),
        prop::bool::weighted(0.4),
        any::<bool>(),
        1..4_usize,
    );
    let spec = spec.prop_map(|(reads, collects, expands, is_async, concurrency)| {
        let asyncness = if is_async { Asyncness::Async } else { Asyncness::Sync };
        Spec { reads, collects, expands, asyncness, concurrency }
    });
    prop::collection::vec(spec, 2..12).prop_map(|specs| {
        let mut flow = Flow::default();
        for spec in &specs {
            flow.add(spec);
        }
        flow
    })
}

/// Returns the results of all nodes, in the order of the items for those of blocks.
fn expected(flow: &Flow, node: usize) -> Vec<u64> {
    fn collect(flow: &Flow, node: usize, scope: &[usize], items: &[(usize, u64)], results: &mut Vec<u64>) {
        let Some((expander, rest)) = scope.split_first() else {
            results.push(match items.iter().find(|(it, _)| *it == node) {
                Some((_, item)) => *item,
                None => flow.value(node, items),
            });
            return;
        };
        for item in items_of(flow.value(*expander, items)) {
            let inner: Vec<_> = items.iter().copied().chain([(*expander, item)]).collect();
            collect(flow, node, rest, &inner, results);
        }
    }
    let mut results = Vec::new();
    collect(flow, node, &flow.value_scope(node), &[], &mut results);
    results
}

fn check(flow: &Flow, mut values: icosian_driver::NamedValues) -> Result<(), TestCaseError> {
    for node in 0..flow.nodes.len() {
        let name = name(node);
        let results = if flow.value_scope(node).is_empty() {
            vec![values.take::<u64>(&name).expect("the output is there")]
        } else {
            values.take::<Collect<u64>>(&name).expect("the output is there").into_vec()
        };
        prop_assert_eq!(results, expected(flow, node), "{}", name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 256 } else { 4096 }))]

    #[test]
    fn all_adapters_agree_with_a_naive_interpreter(flow in flows()) {
        let names: Vec<Name> = (0..flow.nodes.len()).map(name).collect();
        let sync = flow.in_sync();
        let driver = Driver::builder().with_dataflow(sync.dataflow()).build().expect("the graph is valid");
        check(&sync, driver.execute_named(&names, inputs! {}).expect("no node fails"))?;
        let driver = Driver::builder().with_adapter(RayonAdapter::new()).with_dataflow(sync.dataflow()).build();
        check(&sync, driver.expect("the graph is valid").execute_named(&names, inputs! {}).expect("no node fails"))?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("the runtime starts");
        let driver = AsyncDriver::builder().with_dataflow(flow.dataflow()).build().expect("the graph is valid");
        check(&flow, runtime.block_on(driver.execute_named(&names, inputs! {})).expect("no node fails"))?;
        // Each output alone needs a part of the blocks only.
        for (node, name) in names.iter().enumerate() {
            let mut values = runtime.block_on(driver.execute_named([name], inputs! {})).expect("no node fails");
            let results = match values.take::<Collect<u64>>(name) {
                Some(results) => results.into_vec(),
                None => vec![values.take::<u64>(name).expect("the output is there")],
            };
            prop_assert_eq!(results, expected(&flow, node));
        }
    }
}
