//! Findings on expansions.

use icosian_check::{Check, check, format_findings};
use icosian_core::expand::{Collect, CollectParam, CollectStream, Expansion, Items, OnError};
use icosian_core::run::Group;
use icosian_core::{Dataflow, Node, Outline, Param, output_of};
use icosian_diagnostics::Location;
use icosian_driver::{AsyncDriver, Driver};
use icosian_rules::RemoteFinding;

fn at(line: u32) -> Location {
    Location::new("src/lib.rs", line, 8, 4)
}

fn codes(findings: &[RemoteFinding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// A value that is not `Clone`.
struct Page;

fn expansion() -> Expansion {
    Expansion::of::<String>()
}

fn url(expansion: Expansion) -> Node {
    let outline = Outline::new("url").with_location(at(2)).with_output(output_of!(String));
    Node::expanding(outline.with_expansion(expansion), |_| Ok(Items::new(["a".to_owned(), "b".to_owned()])))
}

fn page() -> Node {
    let outline = Outline::new("page").with_location(at(4)).with_param(Param::borrowed::<str>("url"));
    Node::sync(outline.with_output(output_of!(Page)), |_| Ok(Page))
}

fn async_page(group: Option<Group>) -> Node {
    let outline = Outline::new("page").with_location(at(4)).with_param(Param::borrowed::<str>("url"));
    let outline = outline.with_output(output_of!(Page));
    let outline = group.into_iter().fold(outline, Outline::with_group);
    Node::future(outline, |_| async { Ok(Page) })
}

fn length() -> Node {
    let outline = Outline::new("length").with_location(at(6)).with_param(Param::borrowed::<Page>("page"));
    Node::sync(outline.with_output(output_of!(usize)), |_| Ok(1_usize))
}

fn collecting(name: &'static str, param: Param) -> Node {
    let outline = Outline::new(name).with_location(at(8)).with_param(param.with_location(at(9)));
    Node::sync(outline.with_output(output_of!(usize)), |_| Ok(1_usize))
}

fn total() -> Node {
    let lengths =
        Param::borrowed::<Collect<usize>>("length").with_collection(CollectParam::values::<usize>());
    collecting("total", lengths)
}

fn streaming() -> Node {
    let lengths =
        Param::taken::<CollectStream<usize>>("length").with_collection(CollectParam::stream::<usize>());
    collecting("total", lengths)
}

fn flow(nodes: impl IntoIterator<Item = Node>) -> Dataflow {
    nodes.into_iter().fold(Dataflow::new("crawl"), Dataflow::with_node)
}

fn sync(nodes: impl IntoIterator<Item = Node>) -> Vec<RemoteFinding> {
    check(Driver::builder().with_dataflow(flow(nodes)))
}

#[test]
fn collected_block_is_clean() {
    assert_eq!(sync([url(expansion()), page(), length(), total()]), []);
    assert_eq!(sync([url(expansion()), page(), length(), streaming()]), []);
}

#[test]
fn block_that_nothing_collects_is_reported() {
    insta::assert_snapshot!(format_findings(&sync([url(expansion()), page(), length()])), @r"
    ICO0301 expand-without-collect: no parameter collects results for the items of `url`
      at src/lib.rs:2:8: starts a block that nothing ends
      help: add a parameter of type `Collect<..>`, or declare the output of a node of the block
    ");
    let nodes = || [url(expansion()), page(), length()];
    let requested = |output: &'static str| {
        Check::new(Driver::builder().with_dataflow(flow(nodes()))).with_outputs([output]).findings()
    };
    // A requested output is the collected result of all items.
    assert_eq!(requested("length"), []);
    assert_eq!(codes(&requested("url")), ["ICO0005", "ICO0005"]);
    let declared = flow(nodes()).with_declared_outputs(&["length"]);
    assert_eq!(check(Driver::builder().with_dataflow(declared)), []);
}

#[test]
fn unused_nodes_of_blocks_are_reported() {
    let other = Node::sync(
        Outline::new("other").with_param(Param::borrowed::<str>("url")).with_output(output_of!(usize)),
        |_| Ok(1_usize),
    );
    let nodes = flow([url(expansion()), page(), length(), total(), other]);
    let found = Check::new(Driver::builder().with_dataflow(nodes)).with_outputs(["total"]).findings();
    insta::assert_snapshot!(format_findings(&found), @r"
    ICO0005 unused-node: no declared or requested output needs node `other`
      help: remove it, or declare or request an output that reads it
    ");
}

#[test]
fn values_without_clone_are_collected_and_consumed() {
    // Each item has a separate page, and `Collect<Page>` is consumed once.
    let pages = Param::taken::<Collect<Page>>("page").with_collection(CollectParam::values::<Page>());
    let closing = collecting("closing", pages);
    let nodes = || [url(expansion()), page(), length(), total(), closing.clone()];
    assert_eq!(sync(nodes()), []);
    let outputs =
        Check::new(Driver::builder().with_dataflow(flow(nodes()))).with_outputs(["total", "closing"]);
    assert_eq!(outputs.findings(), []);
}

#[test]
fn streamed_block_with_another_unread_node_is_checked_output_by_output() {
    // No node reads `title`. A request for `total` and `title` would need the block twice.
    let title = Outline::new("title").with_location(at(5)).with_param(Param::borrowed::<Page>("page"));
    let title = Node::sync(title.with_output(output_of!(String)), |_| Ok(String::new()));
    let nodes = || {
        Driver::builder().with_dataflow(flow([
            url(expansion()),
            page(),
            length(),
            title.clone(),
            streaming(),
        ]))
    };
    assert_eq!(check(nodes()), []);
    insta::assert_snapshot!(format_findings(&Check::new(nodes()).with_outputs(["total", "title"]).findings()), @r"
    ICO0307 streamed-and-collected: output `title` collects the block of `url`, but node `total` reads it as a stream
      at src/lib.rs:9:8: reads the block as a stream
      at src/lib.rs:2:8: starts the block
      help: request `title` in a separate execution, or use `Collect` instead of `CollectStream`
    ");
}

#[test]
fn faults_of_collections_have_the_codes_of_rules() {
    let outside = Node::sync(Outline::new("length").with_output(output_of!(usize)), |_| Ok(1_usize));
    assert_eq!(codes(&sync([outside, total()])), ["ICO0302"]);
    let results = expansion().with_on_error(OnError::Collect);
    assert_eq!(codes(&sync([url(results), page(), length(), total()])), ["ICO0305"]);
    let lengths =
        Param::borrowed::<Collect<usize>>("length").with_collection(CollectParam::values::<usize>());
    let both = [url(expansion()), page(), length(), streaming(), collecting("mean", lengths)];
    assert_eq!(codes(&sync(both)), ["ICO0307"]);
}

#[test]
fn types_of_items_and_collections_are_compared() {
    let number = Outline::new("page").with_param(Param::borrowed::<u64>("url")).with_output(output_of!(Page));
    let number = Node::sync(number, |_| Ok(Page));
    assert_eq!(codes(&sync([url(expansion()), number, length(), total()])), ["ICO0004"]);
    let lengths = Param::borrowed::<Collect<f64>>("length").with_collection(CollectParam::values::<f64>());
    let wrong = sync([url(expansion()), page(), length(), collecting("total", lengths)]);
    assert_eq!(codes(&wrong), ["ICO0004"]);
}

#[test]
fn async_node_of_a_block_is_reported_under_a_sync_adapter() {
    let found = sync([url(expansion()), async_page(None), length(), total()]);
    assert_eq!(codes(&found), ["ICO0101"]);
}

#[test]
fn expansion_with_async_nodes_and_without_limits_is_reported() {
    let found = |expansion, page| {
        check(AsyncDriver::builder().with_dataflow(flow([url(expansion), page, length(), total()])))
    };
    insta::assert_snapshot!(format_findings(&found(expansion(), async_page(None))), @r"
    ICO0308 unbounded-fan-out: expansion `url` sets no limit for its items, and async node `page` has none
      at src/lib.rs:2:8: has no `concurrency`
      help: add `concurrency = 16` to the attribute, or a `#[limit(..)]` to `page`
    ");
    assert_eq!(found(expansion().with_concurrency(4), async_page(None)), []);
    assert_eq!(found(expansion(), page()), []);
    let group = Group::new("http").with_max_concurrency(4);
    assert_eq!(found(expansion(), async_page(Some(group))), []);
}

#[test]
fn blocks_in_blocks_are_checked_separately() {
    let link = Outline::new("link").with_location(at(5)).with_param(Param::borrowed::<Page>("page"));
    let link = link.with_output(output_of!(String)).with_expansion(expansion());
    let link = || Node::expanding(link.clone(), |_| Ok(Items::new(["c".to_owned()])));
    let word = Outline::new("word")
        .with_location(at(6))
        .with_param(Param::borrowed::<str>("link"))
        .with_output(output_of!(usize));
    let word = || Node::sync(word.clone(), |_| Ok(1_usize));
    let words = || {
        let words =
            Param::borrowed::<Collect<usize>>("word").with_collection(CollectParam::values::<usize>());
        Node::sync(Outline::new("words").with_param(words).with_output(output_of!(usize)), |_| Ok(1_usize))
    };
    let uncollected = |nodes: Vec<Node>| {
        let found = check(AsyncDriver::builder().with_dataflow(flow(nodes)));
        found.into_iter().map(|finding| (finding.code, finding.spots[0].line)).collect::<Vec<_>>()
    };
    let line = |line| ("ICO0301".to_owned(), line);
    assert_eq!(uncollected(vec![url(expansion()), page(), link(), word()]), [line(2), line(5)]);
    assert_eq!(uncollected(vec![url(expansion()), page(), link(), word(), words()]), [line(2)]);
    let declared = flow([url(expansion()), page(), link(), word()]).with_declared_outputs(&["word"]);
    assert_eq!(check(Driver::builder().with_dataflow(declared)), []);
}
