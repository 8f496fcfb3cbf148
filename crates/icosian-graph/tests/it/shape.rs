use std::collections::BTreeSet;

use icosian_graph::Shape;
use proptest::prelude::*;

use crate::random::{Random, any_graph, distances, name, vertex};

fn shape(random: &Random) -> Shape {
    let nodes = random.reads.iter().enumerate();
    Shape::new(nodes.map(|(node, reads)| (name(node), reads.iter().map(|read| name(*read)))))
}

fn is_edge(random: &Random, from: &str, to: &str) -> bool {
    random.reads[vertex(to)].contains(&vertex(from))
}

fn set<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<usize> {
    names.map(vertex).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn vertex_is_a_node_or_an_input(random in any_graph()) {
        let shape = shape(&random);
        let nodes = random.reads.len();
        prop_assert_eq!(shape.nodes().map(vertex).collect::<Vec<_>>(), (0..nodes).collect::<Vec<_>>());
        let inputs: Vec<_> = shape.inputs().map(vertex).collect();
        let read: BTreeSet<_> = random.edges().iter().map(|(from, _)| *from).filter(|from| *from >= nodes).collect();
        prop_assert_eq!(inputs.len(), read.len(), "each input is listed once");
        prop_assert_eq!(inputs.iter().copied().collect::<BTreeSet<_>>(), read);
        for input in inputs {
            prop_assert!(shape.is_input(&name(input)) && !shape.is_node(&name(input)));
        }
    }

    #[test]
    fn order_exists_without_cycles_and_respects_edges(random in any_graph()) {
        let shape = shape(&random);
        let Some(order) = shape.topological_order() else {
            prop_assert!(!shape.cycles().is_empty());
            return Ok(());
        };
        prop_assert!(shape.cycles().is_empty());
        let vertices: BTreeSet<_> = set(shape.nodes().chain(shape.inputs()));
        prop_assert_eq!(order.len(), vertices.len());
        prop_assert_eq!(set(order.iter().copied()), vertices);
        let place = |at: usize| order.iter().position(|name| vertex(name) == at);
        for (from, to) in random.edges() {
            prop_assert!(place(from) < place(to), "{} before {} in {:?}", from, to, order);
        }
    }

    #[test]
    fn each_strong_component_is_reported_by_one_shortest_cycle(random in any_graph()) {
        let shape = shape(&random);
        let reaches = random.reachable();
        let mut told = BTreeSet::new();
        for cycle in shape.cycles() {
            prop_assert!(cycle.len() >= 2);
            prop_assert_eq!(cycle.first(), cycle.last());
            for pair in cycle.windows(2) {
                prop_assert!(is_edge(&random, pair[0], pair[1]), "{:?}", cycle);
            }
            let start = vertex(cycle[0]);
            let knot: BTreeSet<_> =
                (0..random.vertices).filter(|other| reaches[start][*other] && reaches[*other][start]).collect();
            prop_assert_eq!(knot.first(), Some(&start), "it begins at the first node of its knot");
            let lengths = distances(random.vertices, &random.edges());
            let shortest = random.reads[start].iter().filter_map(|last| lengths[start][*last]).min();
            prop_assert_eq!(Some(cycle.len()), shortest.map(|edges| edges + 2), "{:?}", cycle);
            for member in knot {
                prop_assert!(told.insert(member), "{} is in one knot only", member);
            }
        }
        let on_a_cycle: BTreeSet<_> = (0..random.vertices).filter(|vertex| reaches[*vertex][*vertex]).collect();
        prop_assert_eq!(told, on_a_cycle);
    }

    #[test]
    fn upstream_and_downstream_are_mirrored_closures(random in any_graph()) {
        let shape = shape(&random);
        let reaches = random.reachable();
        let known = set(shape.nodes().chain(shape.inputs()));
        for at in known.iter().copied() {
            let upstream: Vec<_> = shape.upstream(&name(at)).map(vertex).collect();
            let downstream: Vec<_> = shape.downstream(&name(at)).map(vertex).collect();
            let others = || known.iter().copied().filter(|other| *other != at);
            let expect: BTreeSet<_> = others().filter(|other| reaches[*other][at]).collect();
            prop_assert_eq!(upstream.len(), expect.len(), "nothing is listed twice");
            prop_assert_eq!(upstream.iter().copied().collect::<BTreeSet<_>>(), expect);
            let expect: BTreeSet<_> = others().filter(|other| reaches[at][*other]).collect();
            prop_assert_eq!(downstream.len(), expect.len(), "nothing is listed twice");
            prop_assert_eq!(downstream.iter().copied().collect::<BTreeSet<_>>(), expect);
            let lengths = distances(random.vertices, &random.edges());
            prop_assert!(downstream.is_sorted_by_key(|other| lengths[at][*other]), "nearest first");
            prop_assert!(upstream.is_sorted_by_key(|other| lengths[*other][at]), "nearest first");
        }
        prop_assert_eq!(shape.upstream("unknown").len() + shape.downstream("unknown").len(), 0);
    }

    #[test]
    fn path_is_shortest_and_found_if_one_exists(random in any_graph()) {
        let shape = shape(&random);
        let lengths = distances(random.vertices, &random.edges());
        let known = set(shape.nodes().chain(shape.inputs()));
        for from in known.iter().copied() {
            for to in known.iter().copied() {
                let path = shape.path_between(&name(from), &name(to));
                prop_assert_eq!(path.as_ref().map(|path| path.len() - 1), lengths[from][to]);
                let path = path.unwrap_or_default();
                prop_assert!(path.first().is_none_or(|first| vertex(first) == from));
                prop_assert!(path.last().is_none_or(|last| vertex(last) == to));
                for pair in path.windows(2) {
                    prop_assert!(is_edge(&random, pair[0], pair[1]), "{:?}", path);
                }
            }
        }
        prop_assert_eq!(shape.path_between("unknown", "v0"), None);
    }
}
