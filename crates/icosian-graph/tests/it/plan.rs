use std::collections::{BTreeMap, BTreeSet};

use icosian_core::node::{Asyncness, Port};
use icosian_core::{Outline, Param};
use icosian_graph::{Graph, GraphError, Plan, Step, plan_overriding};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::random::{Random, acyclic, distances, name, reachable, vertex};

/// The access of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Borrows,
    BorrowsOptionally,
    Clones,
    /// By value, of a type that is not `Clone`.
    Moves,
}

/// A value that is not `Clone`, the output of every node.
struct Unique;

/// A random graph and a request.
#[derive(Clone, Debug)]
struct Request {
    random: Random,
    /// The access of each parameter in `reads`.
    how: Vec<Vec<How>>,
    wanted: Vec<usize>,
    overrides: BTreeSet<usize>,
}

fn request() -> impl Strategy<Value = Request> {
    let how = select(vec![
        How::Borrows,
        How::Borrows,
        How::Borrows,
        How::Borrows,
        How::BorrowsOptionally,
        How::Clones,
        How::Clones,
        How::Moves,
    ]);
    acyclic().prop_flat_map(move |random| {
        let how: Vec<_> =
            random.reads.iter().map(|reads| prop::collection::vec(how.clone(), reads.len())).collect();
        let picks = || prop::collection::vec(any::<Index>(), 0..4);
        (Just(random), how, picks(), picks()).prop_map(|(random, how, wanted, overrides)| {
            let nodes = random.reads.len();
            // All nodes and all inputs with a reader.
            let known: Vec<_> =
                (0..random.vertices).filter(|at| *at < nodes || !random.readers(*at).is_empty()).collect();
            let wanted = wanted.iter().map(|pick| *pick.get(&known)).collect();
            let overrides = overrides.iter().skip(1).map(|pick| pick.index(nodes)).collect();
            Request { random, how, wanted, overrides }
        })
    })
}

impl Request {
    fn graph(&self) -> Graph {
        let outlines = self.random.reads.iter().zip(&self.how).enumerate().map(|(node, (reads, how))| {
            let outline = Outline::new(name(node)).with_output_type::<Unique>();
            reads.iter().zip(how).fold(outline, |outline, (read, how)| {
                outline.with_param(match how {
                    How::Borrows => Param::borrowed::<Unique>(name(*read)),
                    How::BorrowsOptionally => Param::optional_borrowed::<Unique>(name(*read)),
                    How::Clones => Param::taken::<Unique>(name(*read)).with_clone(),
                    How::Moves => Param::taken::<Unique>(name(*read)),
                })
            })
        });
        Graph::new(outlines).expect("it has no cycle, and all types fit")
    }

    fn is_step(&self, vertex: usize) -> bool {
        vertex < self.random.reads.len() && !self.overrides.contains(&vertex)
    }

    /// Returns all required vertices, with inputs and overrides.
    fn needed(&self) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        let mut open = self.wanted.clone();
        while let Some(vertex) = open.pop() {
            if needed.insert(vertex) && self.is_step(vertex) {
                open.extend(&self.random.reads[vertex]);
            }
        }
        needed
    }

    /// Returns the required nodes.
    fn steps(&self) -> BTreeSet<usize> {
        self.needed().into_iter().filter(|vertex| self.is_step(*vertex)).collect()
    }

    /// Returns the readers of each moved value: `(value, consumer, other reader)`.
    fn moves(&self) -> Vec<(usize, usize, Option<usize>)> {
        let steps = self.steps();
        let mut moves = Vec::new();
        for taker in steps.iter().copied() {
            for (read, how) in self.random.reads[taker].iter().zip(&self.how[taker]) {
                if *how == How::Moves {
                    let others = self.random.readers(*read).into_iter();
                    let others = others.filter(|other| *other != taker && steps.contains(other));
                    moves.push((*read, taker, None));
                    moves.extend(others.map(|other| (*read, taker, Some(other))));
                }
            }
        }
        moves
    }

    /// Returns the values that are both moved and read, so that the request is refused.
    fn moved_and_read(&self) -> BTreeSet<usize> {
        let moves = self.moves();
        let mut takers: BTreeMap<usize, usize> = BTreeMap::new();
        for (value, _, _) in moves.iter().filter(|(.., other)| other.is_none()) {
            *takers.entry(*value).or_default() += 1;
        }
        let known_at_once: BTreeSet<_> = takers
            .into_iter()
            .filter(|(value, takers)| *takers > 1 || self.wanted.contains(value))
            .map(|(value, _)| value)
            .collect();
        if !known_at_once.is_empty() {
            return known_at_once;
        }
        let steps = self.steps();
        let reads =
            self.random.edges().into_iter().filter(|(from, to)| self.is_step(*from) && steps.contains(to));
        let after = moves.iter().filter_map(|(_, taker, reader)| Some((reader.as_ref().copied()?, *taker)));
        let edges: Vec<_> = reads.chain(after).collect();
        let reaches = reachable(self.random.vertices, &edges);
        let knotted =
            moves.iter().filter(|(_, taker, reader)| reader.is_some_and(|reader| reaches[*taker][reader]));
        knotted.map(|(value, ..)| *value).collect()
    }

    fn plan(&self) -> Result<Plan, BTreeSet<usize>> {
        let names = self.wanted.iter().map(|wanted| name(*wanted));
        let overrides = self.overrides.iter().map(|node| name(*node));
        plan_overriding(&self.graph(), names, overrides).map_err(|problems| {
            let moved = problems.iter().map(|problem| match problem.kind() {
                GraphError::MovedValue { param, .. } => vertex(param),
                other => panic!("{other}"),
            });
            moved.collect()
        })
    }

    /// Returns the vertex of each cell.
    fn vertices(plan: &Plan) -> Vec<usize> {
        let steps = plan.steps().map(|step| plan.node(step).position());
        let mut inputs: Vec<_> = plan.inputs().iter().collect();
        inputs.sort_by_key(|input| input.cell());
        steps.chain(inputs.into_iter().map(|input| vertex(input.name()))).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn value_moves_after_its_readers_or_plan_is_refused(request in request()) {
        let refused = request.moved_and_read();
        let plan = match request.plan() {
            Ok(plan) => plan,
            Err(moved) => {
                prop_assert_eq!(moved, refused);
                return Ok(());
            }
        };
        prop_assert!(refused.is_empty(), "{:?} should be refused", refused);
        let vertices = Request::vertices(&plan);
        let step = |node: usize| vertices.iter().position(|vertex| *vertex == node);
        for (_, taker, reader) in request.moves() {
            prop_assert!(reader.is_none_or(|reader| step(reader) < step(taker)));
        }
    }

    #[test]
    fn plan_contains_exactly_the_required_steps(request in request()) {
        let Ok(plan) = request.plan() else { return Ok(()) };
        let vertices = Request::vertices(&plan);
        prop_assert_eq!(vertices.len(), plan.cells());
        let steps: Vec<_> = plan.steps().map(|step| plan.node(step).position()).collect();
        prop_assert_eq!(steps.iter().copied().collect::<BTreeSet<_>>(), request.steps());
        prop_assert_eq!(steps.len(), request.steps().len(), "each node is one step");

        let inputs: BTreeSet<_> = request.needed().into_iter().filter(|at| !request.is_step(*at)).collect();
        prop_assert_eq!(plan.inputs().len(), inputs.len());
        prop_assert_eq!(plan.inputs().iter().map(|input| vertex(input.name())).collect::<BTreeSet<_>>(), inputs);
        for input in plan.inputs() {
            let at = vertex(input.name());
            prop_assert!(input.cell() >= steps.len());
            prop_assert_eq!(input.is_override(), request.overrides.contains(&at));
            let required = steps.iter().any(|node| {
                let mut read = request.random.reads[*node].iter().zip(&request.how[*node]);
                read.any(|(read, how)| *read == at && *how != How::BorrowsOptionally)
            });
            prop_assert_eq!(input.is_required(), required || request.wanted.contains(&at));
        }
        let wanted: Vec<_> = plan.wanted().iter().map(|cell| vertices[*cell as usize]).collect();
        prop_assert_eq!(&wanted, &request.wanted);
    }

    #[test]
    fn ports_reads_predecessors_and_successors_agree(request in request()) {
        let Ok(plan) = request.plan() else { return Ok(()) };
        let vertices = Request::vertices(&plan);
        let mut reads = vec![0; plan.cells()];
        let mut followers: Vec<Vec<Step>> = vec![Vec::new(); plan.cells()];
        for step in plan.steps() {
            let node = plan.node(step).position();
            let read: Vec<_> = plan.ports(step).iter().map(|port| vertices[port.cell as usize]).collect();
            prop_assert_eq!(&read, &request.random.reads[node], "ports are the parameters, in their order");
            for port in plan.ports(step) {
                let cell = port.cell as usize;
                prop_assert!(cell < step.position() || plan.step(cell).is_none(), "it reads what came before");
                prop_assert_eq!(port.way, if plan.step(cell).is_some() { 0 } else { Port::ANY });
                reads[cell] += 1;
                followers[cell].push(step);
            }
        }
        let step = |node: usize| vertices.iter().position(|vertex| *vertex == node).expect("it is a step");
        for (_, taker, reader) in request.moves() {
            if let Some(reader) = reader {
                followers[step(reader)].push(Step::new(u32::try_from(step(taker)).expect("few steps")));
            }
        }
        for wanted in plan.wanted() {
            reads[*wanted as usize] += 1;
        }
        prop_assert_eq!(plan.reads(), reads);
        let mut waits = vec![0; plan.steps().len()];
        for (cell, mut expect) in followers.into_iter().enumerate() {
            let mut given = plan.followers(cell).to_vec();
            if plan.step(cell).is_some() {
                for follower in &given {
                    waits[follower.position()] += 1;
                }
            }
            given.sort_unstable();
            expect.sort_unstable();
            prop_assert_eq!(given, expect);
        }
        prop_assert_eq!(plan.waits(), waits);
    }

    #[test]
    fn path_to_output_is_shortest(request in request()) {
        let Ok(plan) = request.plan() else { return Ok(()) };
        let read_by = |step: Step| plan.ports(step).iter().map(move |port| (port.cell as usize, step.position()));
        let edges: Vec<_> = plan.steps().flat_map(read_by).collect();
        let lengths = distances(plan.cells(), &edges);
        for (cell, row) in lengths.iter().enumerate() {
            let path = plan.path_to_wanted(cell);
            let shortest = plan.wanted().iter().filter_map(|wanted| row[*wanted as usize]).min();
            prop_assert_eq!(path.len().checked_sub(1), shortest);
            prop_assert!(path.first().is_none_or(|first| *first == cell));
            prop_assert!(path.last().is_none_or(|last| plan.wanted().iter().any(|wanted| *wanted as usize == *last)));
            for pair in path.windows(2) {
                prop_assert!(edges.contains(&(pair[0], pair[1])), "{:?}", path);
            }
        }
    }
}

#[test]
fn all_unknown_names_of_a_request_are_reported() {
    let graph = Graph::new([Outline::new("double")
        .with_param(Param::borrowed::<u64>("single"))
        .with_output_type::<u64>()]);
    let graph = graph.expect("it is right");
    let problems = plan_overriding(&graph, ["duble", "single", "x"], ["singel", "double", "single"]);
    let problems: Vec<_> = problems
        .expect_err("names are unknown")
        .into_iter()
        .map(|problem| problem.kind().to_string())
        .collect();
    assert_eq!(
        problems,
        [
            "override of unknown node `singel`",
            "override of unknown node `single`",
            "unknown node `duble`",
            "unknown node `x`",
        ]
    );
}

#[test]
fn ready_async_nodes_precede_sync_nodes() {
    let sync = |name: &str, reads: &[&str]| {
        let outline = Outline::new(name.to_owned()).with_output_type::<u64>();
        reads
            .iter()
            .fold(outline, |outline, read| outline.with_param(Param::borrowed::<u64>((*read).to_owned())))
    };
    let waits = |name: &str, reads: &[&str]| sync(name, reads).with_asyncness(Asyncness::Async);
    let graph = Graph::new([
        sync("a", &[]),
        sync("b", &[]),
        waits("c", &["a"]),
        waits("d", &[]),
        waits("e", &["d"]),
        sync("f", &["c"]),
    ])
    .expect("the graph is valid");
    let plan =
        plan_overriding(&graph, ["a", "b", "e", "f"], std::iter::empty::<&str>()).expect("it is valid");
    let names: Vec<_> = plan.steps().map(|step| graph.outline(plan.node(step)).name().as_str()).collect();
    assert_eq!(names, ["d", "e", "a", "c", "b", "f"]);
}
