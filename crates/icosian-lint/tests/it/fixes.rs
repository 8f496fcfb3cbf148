//! The fixes of rules, applied to source text.

use super::strict;
use icosian_lint::{FixScope, Linter, Settings};
use icosian_rules::Level;

#[track_caller]
fn check(wrong: &str, expect: &str) {
    let (text, fixed) = Linter::new(Settings::default()).fix_text("src/lib.rs", wrong, FixScope::Safe);
    assert_eq!(text, expect);
    assert!(fixed.report.is_clean() && fixed.reverted.is_empty(), "{fixed:?}");
}

#[test]
fn decorators_move_and_keep_their_order() {
    check(
        "mod a {\n    #[tag(a = \"1\")]\n    #[limit(\"a\")]\n    #[inline]\n    #[node]\n    pub fn f() -> u8 { 1 }\n}\n",
        "mod a {\n    #[inline]\n    #[node]\n    #[tag(a = \"1\")]\n    #[limit(\"a\")]\n    pub fn f() -> u8 { 1 }\n}\n",
    );
}

#[test]
fn duplicate_decorator_is_removed_with_its_line() {
    check(
        "#[node]\n#[tag(a = \"1\")]\n#[tag(a = \"1\")]\n#[tag( a=\"1\" )]\npub fn f() -> u8 { 1 }\n",
        "#[node]\n#[tag(a = \"1\")]\npub fn f() -> u8 { 1 }\n",
    );
    check(
        "#[node] #[offload] #[offload] pub fn f() -> u8 { 1 }\n",
        "#[node] #[offload] pub fn f() -> u8 { 1 }\n",
    );
}

#[test]
fn line_endings_are_preserved() {
    check(
        "mod a {\r\n    #[tag(a = \"1\")]\r\n    #[node]\r\n    pub fn f() -> u8 { 1 }\r\n}\r\n",
        "mod a {\r\n    #[node]\r\n    #[tag(a = \"1\")]\r\n    pub fn f() -> u8 { 1 }\r\n}\r\n",
    );
}

#[test]
fn comments_stay_with_their_item() {
    check(
        "mod a {\n    #[tag(a = \"1\")] // why\n    #[node] // so\n    pub fn f() -> u8 { 1 }\n}\n",
        "mod a {\n    #[node] // so\n    #[tag(a = \"1\")] // why\n    pub fn f() -> u8 { 1 }\n}\n",
    );
    check(
        "mod a {\n    #[tag(a = \"1\")] // why\n    #[node] pub fn f() -> u8 { 1 }\n}\n",
        "mod a {\n    // why\n    #[node]\n    #[tag(a = \"1\")] pub fn f() -> u8 { 1 }\n}\n",
    );
    check(
        "#[node]\n#[offload]\n#[offload] // why\npub fn f() -> u8 { 1 }\n",
        "#[node]\n#[offload]\n// why\npub fn f() -> u8 { 1 }\n",
    );
}

#[test]
fn unused_allow_is_removed() {
    check(
        "#[node(allow(busy_wait, reason = \"a\"))]\npub fn f() -> u8 { 1 }\n",
        "#[node]\npub fn f() -> u8 { 1 }\n",
    );
    check(
        "#[dataflow]\nmod a {\n    #[node(allow(busy_wait, reason = \"a\"))]\n    pub fn f() -> u8 { 1 }\n}\n",
        "#[dataflow]\nmod a {\n    pub fn f() -> u8 { 1 }\n}\n",
    );
}

#[test]
fn used_allow_stays() {
    // The reader finds the repetition after both tags have moved below `#[node]`.
    let allow = "#[node(allow(duplicate_decorator, reason = \"a\"))]\n";
    let (tags, rest) = ("#[tag(a = \"1\")]\n#[tag(a = \"1\")]\n", "pub fn f() -> u8 { 1 }\n");
    check(&format!("{tags}{allow}{rest}"), &format!("{allow}{tags}{rest}"));
}

#[test]
fn unsafe_fixes_apply_only_on_request() {
    let wrong = "/// One.\n#[node]\npub async fn f() -> u8 { 1 }\n";
    assert_eq!(strict().fix_text("src/lib.rs", wrong, FixScope::Safe).0, wrong);
    assert_eq!(strict().fix_text("src/lib.rs", wrong, FixScope::All).0, wrong.replace("async ", ""));
}

/// Checks whether finding `code` of a decorated function has a fix.
#[track_caller]
fn check_offered(code: &str, above: &str, function: &str, expect: bool) {
    let text = format!("#[dataflow] mod flow {{ {above} pub {function} }}");
    let report = strict().lint_text("src/lib.rs", text);
    let found: Vec<_> = report.diagnoses().iter().filter(|it| it.code() == code).collect();
    assert!(!found.is_empty(), "{above}");
    assert!(found.iter().all(|it| it.patch().is_some() == expect), "{above}");
}

#[test]
fn fixes_that_create_errors_are_not_offered() {
    let check = |above, expect| check_offered("ICO0206", above, "async fn f(a: u8) -> u8 { 1 }", expect);
    check("#[retry(3)] #[tag(a = 1)] #[limit(\"a\")]", true);
    check("#[timeout(\"1s\")]", false);
    check("#[timeout(\"1s\")] #[offload]", true);
    check("#[decorate(Own)]", false);

    let check =
        |above, expect| check_offered("ICO0410", above, "fn f(region: u8, other: u8) -> u8 { 1 }", expect);
    check("#[parameterize(a(regoin = value(1), other = value(1)), b(region = value(1)))]", true);
    check("#[parameterize(a(regoin = value(1), region = value(1)))]", false);
    check("#[parameterize(a(regoin = value(1), regionn = value(1)))]", false);
    check("#[inject(regoin = value(1))] #[pipe_input(step(x))]", false);
}

#[test]
fn unused_allows_of_one_attribute_are_removed() {
    let reason = |rule: &str| format!("allow({rule}, reason = \"a\")");
    let (busy, block) = (reason("busy_wait"), reason("block_on_in_node"));
    check(
        &format!("#[node({busy}, {block})]\npub fn f() -> u8 {{ 1 }}\n"),
        "#[node]\npub fn f() -> u8 { 1 }\n",
    );
    check(
        "#[node(allow(busy_wait, block_on_in_node, detached_task, reason = \"a\"))]\npub fn f() -> u8 { 1 }\n",
        "#[node]\npub fn f() -> u8 { 1 }\n",
    );
    check(
        &format!("#[dataflow(name = \"m\", {busy})]\nmod a {{\n    pub fn f() -> u8 {{ 1 }}\n}}\n"),
        "#[dataflow(name = \"m\")]\nmod a {\n    pub fn f() -> u8 { 1 }\n}\n",
    );
}

#[test]
fn used_allow_is_kept_next_to_a_removed_allow() {
    let used = "allow(blocking_call_in_async_node, reason = \"a\")";
    let body = "pub async fn f() -> u8 { std::thread::sleep(A); g().await }\n";
    for both in [
        format!("{used}, allow(busy_wait, reason = \"b\")"),
        format!("allow(busy_wait, reason = \"b\"), {used}"),
    ] {
        check(&format!("#[node({both})]\n{body}"), &format!("#[node({used})]\n{body}"));
    }
    check(
        &format!("#[node(allow(busy_wait, blocking_call_in_async_node, reason = \"a\"))]\n{body}"),
        &format!("#[node({used})]\n{body}"),
    );
}

#[test]
fn blocking_nodes_are_offloaded_and_stay_async() {
    let wrong = "/// One.\n#[node]\npub async fn f() -> u8 {\n    std::thread::sleep(a);\n    std::fs::read(b);\n    1\n}\n";
    let (text, fixed) = Linter::new(Settings::default()).fix_text("src/lib.rs", wrong, FixScope::All);
    assert_eq!(text, wrong.replace("pub async", "#[offload]\npub async"));
    assert_eq!(fixed.applied, 1);
    assert_eq!(strict().fix_text("src/lib.rs", wrong, FixScope::Safe).0, wrong);
}

#[test]
fn no_fix_makes_a_blocking_body_sync_or_removes_its_allow() {
    for allow in ["#[node(allow(blocking_call_in_async_node, reason = \"small\"))]", "#[node]"] {
        for body in ["std::fs::read(a)", "futures::executor::block_on(a)", "tokio::runtime::Runtime::new()"] {
            let wrong =
                format!("/// One.\n{allow}\n#[timeout(\"1s\")]\npub async fn f() -> u8 {{ {body}; 1 }}\n");
            let report = strict().lint_text("src/lib.rs", wrong.as_str());
            let sync =
                report.diagnoses().iter().find(|it| it.code() == "ICO0206").expect("it awaits nothing");
            assert!(sync.patch().is_none(), "{wrong}");
        }
    }
    let kept = "/// One.\n#[node(allow(blocking_call_in_async_node, reason = \"small\"))]\npub async fn f() -> u8 { std::fs::read(a); 1 }\n";
    assert_eq!(strict().fix_text("src/lib.rs", kept, FixScope::All).0, kept);
}

#[test]
fn offload_is_not_offered_where_it_changes_more_than_the_thread() {
    let check =
        |above, expect| check_offered("ICO0201", above, "async fn f() -> u8 { std::fs::read(a); 1 }", expect);
    check("", true);
    check("#[retry(3)] #[tag(a = 1)]", true);
    check("#[limit(\"a\")] #[retry(3)]", true);
    check("#[timeout(\"1s\")]", false);
    check("#[decorate(Own)]", false);
}

#[test]
fn offload_is_not_offered_where_each_attempt_acquires_a_permit() {
    let under_tokio = Settings::parse("icosian.toml", "adapter = \"tokio\"").unwrap();
    let linter = Linter::new(under_tokio.with_level("all", Level::Warn));
    let moved = "move `retry` below `limit` and put `#[offload]` above the node";
    let plain = "put `#[offload]` above the node";
    for (code, function) in [("ICO0201", "async fn"), ("ICO0206", "async fn"), ("ICO0212", "fn")] {
        for (above, help) in [
            ("#[retry(3)] #[limit(\"a\")]", moved),
            ("#[retry(3)] #[tag(a = 1)] #[limit(\"a\")]", moved),
            ("#[limit(\"a\")] #[retry(3)]", plain),
        ] {
            let text = format!(
                "#[dataflow] mod flow {{ {above} pub {function} f() -> u8 {{ std::fs::read(a); 1 }} }}"
            );
            let report = linter.lint_text("src/lib.rs", text.as_str());
            let found = report.diagnoses().iter().find(|it| it.code() == code).expect(&text);
            let end = format!(", or {help}");
            let shown = found.help_text().unwrap_or_default();
            assert!(shown.ends_with(&end), "{text}: {shown}");
            assert_eq!(found.patch().is_some(), help == plain && code != "ICO0206", "{text}");
        }
    }
}
