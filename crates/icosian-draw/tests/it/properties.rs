//! Properties of pictures of random graphs with any names.

use icosian_draw::{GraphPicture, NodeSelection};
use icosian_schema::graph::{
    EdgeDescription, EdgeKind, ExpansionDescription, GraphDescription, NodeDescription, NodeKind,
};
use proptest::prelude::*;

/// Names with a meaning in a format.
const SPECIAL: [&str; 16] = [
    "end",
    "node",
    "graph",
    "subgraph",
    "class",
    "style",
    "click",
    "default",
    "<b>&amp;",
    "a\"b",
    "a\\",
    "a]b[",
    "x|y",
    "`md`",
    "</script><!--",
    "]]>\n%%",
];

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&SPECIAL).prop_map(str::to_owned),
        "[a-z_.]{1,12}",
        "\\PC{1,8}",
        any::<String>()
    ]
}

fn graphs() -> impl Strategy<Value = GraphDescription> {
    let node = (names(), names(), 0..5usize, any::<bool>());
    let edge = (any::<usize>(), any::<usize>(), 0..4usize, any::<bool>());
    (proptest::collection::vec(node, 1..12), proptest::collection::vec(edge, 0..20)).prop_map(
        |(nodes, edges)| {
            let mut graph = GraphDescription::default();
            for (index, (name, text, kind, is_grouped)) in nodes.into_iter().enumerate() {
                let kinds = [
                    NodeKind::Function,
                    NodeKind::Derived,
                    NodeKind::Input,
                    NodeKind::Config,
                    NodeKind::Shared,
                ];
                graph.nodes.push(NodeDescription {
                    // Names are unique.
                    name: format!("{index}{name}"),
                    kind: kinds[kind],
                    output: Some(text.clone()),
                    documentation: text.clone(),
                    tags: vec![(text.clone(), vec![text.clone()])],
                    decorators: vec![text.clone()],
                    subdags: if is_grouped { vec![text.clone()] } else { Vec::new() },
                    expansion: (kind == 0)
                        .then_some(ExpansionDescription { item: text, concurrency: Some(2) }),
                    ..NodeDescription::default()
                });
            }
            let count = graph.nodes.len();
            for (from, to, kind, is_optional) in edges {
                let kinds = [EdgeKind::Borrow, EdgeKind::Take, EdgeKind::Collect, EdgeKind::Stream];
                let (from, to) =
                    (graph.nodes[from % count].name.clone(), graph.nodes[to % count].name.clone());
                graph.edges.push(EdgeDescription {
                    kind: kinds[kind],
                    is_optional,
                    written_type: to.clone(),
                    ..EdgeDescription::new(from, to)
                });
            }
            graph
        },
    )
}

fn has_class(node: &roxmltree::Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|it| it.split(' ').any(|it| it == class))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_node_is_drawn_once(graph in graphs()) {
        let picture = GraphPicture::new(graph.clone()).with_title(graph.nodes[0].name.clone());
        let svg = picture.to_svg();
        let document = roxmltree::Document::parse(&svg).expect("it is XML");
        let names = document.descendants().filter(|it| has_class(it, "name")).count();
        prop_assert_eq!(names, graph.nodes.len());

        // The page is valid XML too, except for its first line and the void elements.
        let html = picture.to_html();
        let sections = html.matches("<section class=\"node-details\"").count();
        prop_assert_eq!(sections, graph.nodes.len());
        let body = &html[html.find("<main>").expect("it has a main element")..html.find("<script>").expect("it has a script")];
        let body = body.replace("<br>", "<br/>");
        roxmltree::Document::parse(body.trim()).expect("it is XML");
        prop_assert_eq!(html.matches("</script>").count(), 1);

        let dot = picture.to_dot();
        prop_assert_eq!(dot.lines().filter(|line| line.contains(" [label=<<B>")).count(), graph.nodes.len());
        let mermaid = picture.to_mermaid();
        for index in 0..graph.nodes.len() {
            let starts = mermaid.lines().filter(|line| {
                line.trim_start().strip_prefix(&format!("n{index}")).is_some_and(|rest| rest.starts_with(['[', '(', '{']))
            });
            prop_assert_eq!(starts.count(), 1);
        }
    }

    #[test]
    fn equal_graphs_have_equal_pictures(graph in graphs()) {
        let picture = |graph: &GraphDescription| {
            let first = NodeSelection::downstream_of(graph.nodes[0].name.clone());
            let picture = GraphPicture::new(graph.clone()).highlight(&first).expect("the node exists");
            [picture.to_svg(), picture.to_html(), picture.to_dot(), picture.to_mermaid()]
        };
        prop_assert_eq!(picture(&graph), picture(&graph));
    }
}

#[test]
fn long_chain_and_wide_fan_are_drawn() {
    let names: Vec<String> = (0..20_000).map(|index| format!("n{index}")).collect();
    let nodes = |count: usize| names[..count].iter().map(NodeDescription::new).collect();
    let edge = |from: usize, to: usize| EdgeDescription::new(&*names[from], &*names[to]);
    let chain =
        GraphDescription { nodes: nodes(20_000), edges: (1..20_000).map(|to| edge(to - 1, to)).collect() };
    let fan = GraphDescription { nodes: nodes(2_000), edges: (1..2_000).map(|to| edge(0, to)).collect() };
    for graph in [chain, fan] {
        let count = graph.nodes.len();
        let picture = GraphPicture::new(graph);
        assert_eq!(picture.to_svg().matches("class=\"name\"").count(), count);
        assert_eq!(picture.to_html().matches("<section").count(), count);
        assert!(picture.to_dot().len() > count && picture.to_mermaid().len() > count);
    }
}
