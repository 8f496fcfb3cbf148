//! What linked crates tell. Each test runs the program, which builds another program: they share all that can be shared.

use std::fs;

use crate::shop::run;

#[test]
fn what_only_linked_crates_tell_is_told() {
    let ended = run(&["lint", "shop", "stock", "plain"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1));
    // A private module is judged, one of tests is not expected, and what decorators print is no harm.
    assert!(ended.besides.is_empty(), "{}", ended.besides);
}

#[test]
fn adapters_config_and_features_are_as_asked_for() {
    let words = ["lint", "-p", "shop", "--format", "short", "--features", "extra,rare"];
    let ended = run(&[&words[..], &["--adapter", "all", "--config", "stock=many", "--offline"]].concat());
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1));
}

#[test]
fn what_other_config_may_need_is_not_unused() {
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
fn unused_config_is_reported_although_not_all_dataflows_are_linked() {
    let ended = run(&["lint", "gone", "--config", "zzz=3"]);
    let notice =
        "error: --config: nothing asks for config value `zzz`; remove it, or name a parameter after it";
    assert!(ended.said.contains(notice), "{}", ended.said);
    assert!(ended.said.contains("source only"), "{}", ended.said);
    assert_eq!(ended.code, Some(2));
}

#[test]
fn what_source_does_not_show_is_told() {
    let ended = run(&["lint", "hidden", "--format", "short", "--adapter", "sync"]);
    // Where cargo lets build scripts write is its own affair.
    let said = ended.said.lines().map(|line| match line.find("/build/hidden-") {
        Some(at) => format!("OUT_DIR{}", &line[line.find("/built.rs").unwrap_or(at)..]),
        None => line.to_owned(),
    });
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"));
    assert_eq!(ended.code, Some(1), "{}", ended.besides);

    // Of what was left out on purpose, and of one file, nobody asked for the others.
    let ended =
        run(&["lint", "hidden/build.rs", "hidden/src/lib.rs", "--format", "short", "--adapter", "sync"]);
    assert_eq!(ended.said.lines().count(), 2, "{}", ended.said);
}

#[test]
fn a_crate_that_does_not_compile_does_not_hide_the_others() {
    let ended = run(&["lint", "broken", "stock"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
    assert!(ended.besides.contains("error[E0308]: mismatched types"), "{}", ended.besides);

    let ended = run(&["lint", "broken", "stock", "--fast", "--format", "short"]);
    assert_eq!((ended.code, ended.said.lines().count()), (Some(1), 1), "{}", ended.said);
}

#[test]
fn what_is_not_judged_is_counted() {
    let ended = run(&["lint", "gone"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1));

    let ended = run(&["lint", "gone", "--format", "json"]);
    for counted in ["\"dataflows\": 5,", "\"judged\": 2,", "\"source_only\": 1,", "\"behind_cfg\": 2,"] {
        assert!(ended.said.contains(counted), "{counted}: {}", ended.said);
    }
}

#[test]
fn a_library_outside_of_its_package_is_told_of() {
    let ended = run(&["lint", "apart", "--format", "short", "--adapter", "sync"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1), "{}", ended.besides);
}

#[test]
fn where_there_is_nothing_to_link_nothing_is_built() {
    let ended = run(&["lint", "plain"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
}

#[test]
fn what_cannot_be_done_is_told() {
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
fn tools_are_told_of_other_files_too() {
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
fn the_matrix_is_printed() {
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
