//! Findings in linked crates. Each test runs the program, which builds a harness in a shared target folder.

use std::fs;

use crate::shop::run;

#[test]
fn faults_of_linked_crates_are_reported() {
    let ended = run(&["lint", "shop", "stock", "plain"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1));
    // The private module is checked, the module of a test is not, and output of decorators is ignored.
    assert!(ended.besides.is_empty(), "{}", ended.besides);
}

#[test]
fn options_select_adapters_config_and_features() {
    let words = ["lint", "-p", "shop", "--format", "short", "--features", "extra,rare"];
    let ended = run(&[&words[..], &["--adapter", "all", "--config", "stock=many", "--offline"]].concat());
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1));
}

#[test]
fn config_of_other_variants_is_not_unused() {
    let words = [
        "lint",
        "shop/src/seasons.rs",
        "--format",
        "short",
        "--adapter",
        "all",
        "--fix",
        "--allow-no-vcs",
        "--config",
    ];
    for config in ["size=small", "size=large"] {
        let ended = run(&[&words[..], &[config]].concat());
        assert_eq!((ended.said.as_str(), ended.code), ("", Some(0)), "{}", ended.besides);
    }
}

#[test]
fn unused_config_is_reported_if_some_dataflows_are_not_linked() {
    let ended = run(&["lint", "gone", "--config", "zzz=3"]);
    let notice = "error: --config: no node or decorator reads config value `zzz`; remove it, or add a parameter with this name";
    assert!(ended.said.contains(notice), "{}", ended.said);
    assert!(ended.said.contains("source only"), "{}", ended.said);
    assert_eq!(ended.code, Some(2));
}

#[test]
fn nodes_of_generated_source_are_checked() {
    let ended = run(&["lint", "hidden", "--format", "short", "--adapter", "sync"]);
    // Cargo selects the folder of build scripts.
    let said = ended.said.lines().map(|line| match line.find("/build/hidden-") {
        Some(at) => format!("OUT_DIR{}", &line[line.find("/built.rs").unwrap_or(at)..]),
        None => line.to_owned(),
    });
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"));
    assert_eq!(ended.code, Some(1), "{}", ended.besides);

    // Unlinked files are not reported if they are excluded or not requested.
    let ended =
        run(&["lint", "hidden/build.rs", "hidden/src/lib.rs", "--format", "short", "--adapter", "sync"]);
    assert_eq!(ended.said.lines().count(), 2, "{}", ended.said);
}

#[test]
fn broken_crate_does_not_hide_findings_of_others() {
    let ended = run(&["lint", "broken", "stock"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
    assert!(ended.besides.contains("error[E0308]: mismatched types"), "{}", ended.besides);

    let ended = run(&["lint", "broken", "stock", "--fast", "--format", "short"]);
    assert_eq!((ended.code, ended.said.lines().count()), (Some(1), 1), "{}", ended.said);
}

#[test]
fn unchecked_dataflows_are_counted() {
    let ended = run(&["lint", "gone"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1));

    let ended = run(&["lint", "gone", "--format", "json"]);
    for counted in ["\"dataflows\": 5,", "\"judged\": 2,", "\"source_only\": 1,", "\"behind_cfg\": 2,"] {
        assert!(ended.said.contains(counted), "{counted}: {}", ended.said);
    }
}

#[test]
fn library_outside_of_its_package_is_checked() {
    let ended = run(&["lint", "apart", "--format", "short", "--adapter", "sync"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1), "{}", ended.besides);
}

#[test]
fn workspace_without_dataflows_builds_nothing() {
    let ended = run(&["lint", "plain"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
}

#[test]
fn invalid_options_are_reported() {
    let settings = std::env::temp_dir().join(format!("icosian-settings-{}.toml", std::process::id()));
    fs::write(&settings, "[dataflows.\"stock::shelve\"]\nadapter = \"sync\"\n").unwrap();
    let name = settings.to_str().unwrap();
    let others = settings.with_extension("others.toml");
    fs::write(&others, "adapter = \"my-own\"\n").unwrap();
    let others_name = others.to_str().unwrap();
    let tried: [&[&str]; 10] = [
        &["lint", "stock", "--settings", name],
        &["lint", "stock", "--settings", others_name],
        &["lint", "-p", "stok"],
        &["lint", "stock", "--config", "env"],
        &["lint", "stock", "--features", "extra"],
        &["lint", "shop", "--format", "short", "--config", "exits=7"],
        &["lint", "shop", "--format", "short", "--config", "exits=0"],
        &["lint", "shop", "--format", "short", "--config", "waits=true", "--time-limit", "1"],
        &["lint", "stock", "--format", "short", "--config", "nope=1"],
        &["lint", "stock", "--fast", "--adapter", "sync"],
    ];
    let texts = tried.map(|words| {
        let ended = run(words);
        assert_eq!(ended.code, Some(2), "{words:?}: {} {}", ended.said, ended.besides);
        let besides = if ended.said.is_empty() { ended.besides } else { String::new() };
        format!("{}{besides}", ended.said).replace(name, "icosian.toml").replace(others_name, "icosian.toml")
    });
    for file in [settings, others] {
        fs::remove_file(file).unwrap();
    }
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn machine_formats_include_related_files() {
    for (format, file) in
        [("json", "\"file\": \"shop/src/hens.rs\""), ("sarif", "\"uri\": \"shop/src/hens.rs\"")]
    {
        let ended = run(&["lint", "shop/src/eggs.rs", "shop/src/hens.rs", "--format", format]);
        assert!(ended.said.contains(file), "{}", ended.said);
        assert!(!ended.said.contains("picky"), "of a file that was not asked for: {}", ended.said);
        assert_eq!(ended.code, Some(1));
    }
}

#[test]
fn matrix_is_printed_as_json() {
    let ended = run(&["matrix", "--json"]);
    assert!(ended.said.contains("\"decorator\": \"retry\""), "{}", ended.said);
    assert_eq!(ended.code, Some(0));
}

#[test]
fn panic_of_a_decorator_is_a_finding() {
    let ended = run(&["lint", "shop", "--format", "short", "--config", "panics=true"]);
    assert!(ended.said.contains("`picky` of `total` panicked: out of eggs"), "{}", ended.said);
    assert_eq!(ended.code, Some(1));
}
