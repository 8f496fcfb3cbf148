//! Graphs of linked crates: `list` and `graph`.

use serde_json::Value;

use crate::shop::run;

#[test]
fn nodes_and_inputs_are_listed_and_broken_dataflows_are_reported() {
    let ended = run(&["list", "shop"]);
    insta::assert_snapshot!(format!("{}\n--- errors\n{}", ended.said, ended.besides));
    assert_eq!(ended.code, Some(2));
}

#[test]
fn config_selects_the_listed_variants() {
    let words = ["list", "shop/src/seasons.rs", "--config", "season=sale", "--config", "size=small"];
    let ended = run(&words);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(0), "{}", ended.besides);

    let inputs = run(&[&words[..], &["--inputs"]].concat());
    assert_eq!(inputs.code, Some(0));
    assert!(!inputs.said.contains("rate"), "{}", inputs.said);
}

#[test]
fn json_contains_graphs_with_paths_of_the_workspace() {
    let ended = run(&["graph", "stock", "--format", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.besides);
    let document: Value = serde_json::from_str(&ended.said).unwrap();
    assert_eq!(document["version"], 1);
    let [shelves] = &document["dataflows"].as_array().unwrap()[..] else { panic!("{document}") };
    assert_eq!(shelves["module"], "stock::shelves");
    assert_eq!(shelves["location"]["file"], "stock/src/lib.rs");
    assert_eq!(shelves["adapters"], serde_json::json!(["tokio"]));
    let node = &shelves["graph"]["nodes"][0];
    assert_eq!((&node["name"], &node["execution"]), (&"shelf".into(), &"async".into()));
    assert_eq!(node["location"]["file"], "stock/src/lib.rs");
    assert_eq!(shelves["graph"]["edges"][0]["written_type"], "&str");

    let listed = run(&["list", "stock", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed.said).unwrap();
    let place = &listed["dataflows"][0]["inputs"][0];
    assert_eq!((&place["name"], &place["readers"][0]["node"]), (&"place".into(), &"shelf".into()));
}

#[test]
fn wrong_selections_of_dataflows_are_reported() {
    let tried: [&[&str]; 5] = [
        &["list", "stock", "--dataflow", "shelve"],
        &["list", "gone", "--dataflow", "zzz"],
        &["list", "stok"],
        &["list", "plain"],
        &["graph", "stock", "--format", "json", "-o", "missing/graph.json"],
    ];
    let texts = tried.map(|words| {
        let ended = run(words);
        assert_eq!((ended.code, ended.said.as_str()), (Some(2), ""), "{words:?}: {}", ended.besides);
        ended.besides
    });
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn crate_that_does_not_compile_is_reported() {
    let ended = run(&["list", "broken"]);
    assert_eq!((ended.code, ended.said.as_str()), (Some(2), ""));
    assert!(ended.besides.contains("error[E0308]: mismatched types"), "{}", ended.besides);
}

#[test]
fn graph_is_drawn_in_each_format() {
    let draw = |format: &str| {
        let ended = run(&["graph", "shop", "--dataflow", "orders::private", "--format", format]);
        // Another dataflow of the package cannot be built.
        assert_eq!(ended.code, Some(2), "{}", ended.besides);
        ended.said
    };
    assert!(draw("svg").starts_with("<svg"));
    assert!(draw("dot").starts_with("digraph"));
    assert!(draw("html").starts_with("<!DOCTYPE html>"));
    let mermaid = draw("mermaid");
    assert!(
        ["shelf", "stock", "price", "currency"].into_iter().all(|name| mermaid.contains(name)),
        "{mermaid}"
    );

    let only = run(&["graph", "stock", "--upstream", "place", "--only"]);
    assert_eq!(only.code, Some(0), "{}", only.besides);
    assert!(only.said.contains("place") && !only.said.contains("shelf["), "{}", only.said);

    let file = std::env::temp_dir().join(format!("icosian-graph-{}.svg", std::process::id()));
    let written = run(&["graph", "stock", "--path", "place..shelf", "-o", file.to_str().unwrap()]);
    assert_eq!((written.code, written.said.as_str()), (Some(0), ""), "{}", written.besides);
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("<svg"));
    std::fs::remove_file(file).unwrap();
}

#[test]
fn wrong_pictures_are_reported() {
    let tried: [&[&str]; 5] = [
        &["graph", "stock", "--upstream", "shelve"],
        &["graph", "stock", "--path", "shelf..place"],
        &["graph", "stock", "-o", "graph.png"],
        &["graph", "stock", "--format", "json", "--upstream", "shelf"],
        &["graph", "hidden"],
    ];
    let texts = tried.map(|words| {
        let ended = run(words);
        assert_eq!((ended.code, ended.said.as_str()), (Some(2), ""), "{words:?}: {}", ended.besides);
        ended.besides
    });
    insta::assert_snapshot!(texts.join("\n"));
}
