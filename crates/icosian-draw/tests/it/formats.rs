//! All formats of a small graph.

use icosian_draw::{ColorTheme, FlowDirection, GraphPicture, GroupKind, NodeDetail, RunOverlay};
use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};
use icosian_schema::run::{NodeEnded, RunEvent, RunStarted};

use crate::sample::{failed_run, shop};

/// Removes the style sheet, which would repeat the file.
fn without_style(svg: &str) -> String {
    let (start, rest) = svg.split_once("<style>").expect("it has a style");
    let (_, end) = rest.split_once("</style>").expect("it ends");
    format!("{start}<style/>{end}")
}

#[test]
fn dot_contains_groups_and_details() {
    insta::assert_snapshot!(GraphPicture::new(shop()).with_title("shop").to_dot());
}

#[test]
fn mermaid_contains_groups_and_details() {
    insta::assert_snapshot!(GraphPicture::new(shop()).with_title("shop").to_mermaid());
}

#[test]
fn svg_contains_groups_and_details() {
    let svg = GraphPicture::new(shop()).with_title("shop").to_svg();
    insta::assert_snapshot!(without_style(&svg));
}

#[test]
fn html_contains_a_section_for_each_node() {
    let html =
        GraphPicture::new(shop()).with_title("shop").with_source_links("https://x/{file}#L{line}").to_html();
    let start = html.find("<section").expect("it has sections");
    let end = html.find("<script>").expect("it has a script");
    insta::assert_snapshot!(&html[start..end]);
}

#[test]
fn run_is_shown_in_all_formats() {
    let run = RunOverlay::from_events(&failed_run());
    let picture = GraphPicture::new(shop()).with_run(run);
    for text in [picture.to_dot(), picture.to_svg(), picture.to_html()] {
        for part in
            ["✓ 24 ms", "✗ 1 of 2 failed · 2.1 ms · 3 attempts", "– skipped", "run 7f3a-1 · failed · 26.1 ms"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains("no price for `sofa`"));
    }
    assert!(picture.to_mermaid().contains("✗ 1 of 2 failed"));
}

#[test]
fn overlay_reads_the_last_run_or_the_named_one() {
    let mut events = failed_run();
    events.push(RunEvent::RunStarted(Box::new(RunStarted {
        run: "other".to_owned(),
        ..RunStarted::default()
    })));
    let ended =
        NodeEnded { run: "other".to_owned(), node: "net".to_owned(), run_time: 7, ..NodeEnded::default() };
    events.push(RunEvent::NodeEnded(Box::new(ended)));
    let svg = |run| GraphPicture::new(shop()).with_run(run).to_svg();
    let last = svg(RunOverlay::from_events(&events));
    assert!(last.contains("run other") && last.contains("✓ 7 µs") && !last.contains("1 of 2 failed"));
    let named = svg(RunOverlay::of_run("7f3a-1", &events));
    assert!(named.contains("run 7f3a-1 · failed") && named.contains("1 of 2 failed"));
}

#[test]
fn details_and_groups_can_be_omitted() {
    let picture = GraphPicture::new(shop()).with_details([]).with_groups([]);
    for text in [picture.to_dot(), picture.to_mermaid(), picture.to_svg()] {
        for part in
            ["f64", "retry", "owner", "for each", "subdag", "catalog", "src/shop.rs", "Loads the order"]
        {
            assert!(!without_css(&text).contains(part), "{part}: {text}");
        }
    }
    let picture = picture.with_details([NodeDetail::Tags]).with_groups([GroupKind::Block]);
    assert!(picture.to_dot().contains("owner=orders") && picture.to_dot().contains("for each line"));
}

fn without_css(text: &str) -> String {
    if text.contains("<style>") { without_style(text) } else { text.to_owned() }
}

#[test]
fn theme_and_direction_can_be_set() {
    let picture = GraphPicture::new(shop());
    let dark = "prefers-color-scheme";
    assert!(picture.to_svg().contains(dark));
    assert!(!picture.clone().with_theme(ColorTheme::Light).to_svg().contains(dark));
    assert!(!picture.clone().with_theme(ColorTheme::Dark).to_html().contains(dark));
    assert!(picture.clone().with_direction(FlowDirection::Right).to_dot().contains("rankdir=LR"));
    assert!(picture.clone().with_direction(FlowDirection::Down).to_mermaid().contains("flowchart TB"));
}

#[test]
fn dataflows_are_grouped_if_there_are_several() {
    let of = |name: &str, dataflow: &str| NodeDescription {
        dataflow: Some(dataflow.to_owned()),
        ..NodeDescription::new(name)
    };
    let graph =
        |nodes: Vec<NodeDescription>| GraphDescription { nodes, edges: vec![EdgeDescription::new("a", "b")] };
    let two = GraphPicture::new(graph(vec![of("a", "load"), of("b", "report")])).to_dot();
    assert!(two.contains("dataflow load") && two.contains("dataflow report"));
    let one = GraphPicture::new(graph(vec![of("a", "load"), of("b", "load")])).to_dot();
    assert!(!one.contains("dataflow"));
}

#[test]
fn empty_graph_has_pictures() {
    let picture = GraphPicture::new(GraphDescription::default());
    assert!(picture.to_svg().contains("</svg>"));
    assert!(picture.to_html().contains("0 nodes"));
    assert_eq!(picture.to_mermaid(), "flowchart TB\n");
}
