//! Allows of rules, by function and by module.

use super::check;

#[test]
fn allow_applies_to_its_function_or_module() {
    let sleeps = "pub async fn f() -> u8 { std::thread::sleep(a); 1 }";
    let allow = "allow(blocking_call_in_async_node, reason = \"a test\")";
    let found = "ICO0201 async node `f` blocks its thread in `std::thread::sleep`";
    check(&format!("#[node({allow})]\n{sleeps}"), "");
    check(&format!("#[dataflow({allow})]\nmod flow {{ {sleeps} }}"), "");
    check(&format!("#[dataflow(name = \"x\", {allow})]\nmod flow {{ {sleeps} }}"), "");
    check(&format!("#[dataflow(crate = a::b, {allow})]\nmod flow {{ {sleeps} }}"), "");
    check(&format!("#[dataflow]\nmod flow {{ #[node({allow})] {sleeps} }}"), "");
    check(
        &format!("#[dataflow]\nmod flow {{ #[node({allow})] {sleeps}\n{} }}", sleeps.replace("f(", "g(")),
        &format!("3:26 {}", found.replace("`f`", "`g`")),
    );
    check(&format!("#[node(allow(ICO0201, reason = \"a test\"))]\n{sleeps}"), "");
}

#[test]
fn allow_without_a_reason_has_no_effect() {
    let sleeps = "pub async fn f() -> u8 { std::thread::sleep(a); 1 }";
    let expect = "1:14 ICO1003 `blocking_call_in_async_node` is allowed without a reason\n\
                  2:26 ICO0201 async node `f` blocks its thread in `std::thread::sleep`";
    check(&format!("#[node(allow(blocking_call_in_async_node))]\n{sleeps}"), expect);
    check(&format!("#[node(allow(blocking_call_in_async_node, reason = \" \"))]\n{sleeps}"), expect);
}

#[test]
fn unused_allow_is_reported() {
    check(
        "#[node(allow(blocking_call, busy_wait, reason = \"a test\"))]\npub fn f() -> u8 { 1 }",
        "1:14 ICO1001 unknown rule `blocking_call`\n1:29 ICO1002 unused `allow` of rule `busy_wait`",
    );
}

#[test]
fn disabled_rule_can_be_allowed() {
    check("#[node(allow(undocumented_node, reason = \"a test\"))]\npub fn f() -> u8 { 1 }", "");
}
