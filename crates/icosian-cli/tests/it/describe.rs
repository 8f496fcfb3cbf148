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
