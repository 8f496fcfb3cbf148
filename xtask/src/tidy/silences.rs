//! Silenced lints have a reason. Clippy checks it too, except in code that is quoted or not compiled.

use proc_macro2::TokenTree;

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports `allow` and `expect` attributes without a `reason`.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in &workspace.sources {
        for attribute in source.attributes() {
            if let Some(head) = silenced_without_reason(&attribute.tokens) {
                problems.push(Problem::new(
                    format!("{}:{}", source.path, attribute.line),
                    format!("`{head}` has no reason"),
                    "write `reason = \"..\"` as its last argument, or remove it",
                ));
            }
        }
    }
    problems
}

/// Returns the name of an attribute that silences a lint without a reason, also within `cfg_attr`.
fn silenced_without_reason(attribute: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(first), TokenTree::Group(arguments), ..] = attribute else { return None };
    if first == "cfg_attr" {
        let inner: Vec<_> = arguments.stream().into_iter().collect();
        let mut parts = inner.split(|token| matches!(token, TokenTree::Punct(it) if it.as_char() == ','));
        return parts.find_map(silenced_without_reason);
    }
    let arguments: Vec<_> = arguments.stream().into_iter().collect();
    ((first == "allow" || first == "expect") && !has_reason(&arguments)).then(|| first.to_string())
}

/// Returns whether one of the arguments is `reason = "text"`.
fn has_reason(arguments: &[TokenTree]) -> bool {
    let mut parts = arguments.split(|token| matches!(token, TokenTree::Punct(it) if it.as_char() == ','));
    parts.any(|part| match part {
        [TokenTree::Ident(name), TokenTree::Punct(equals), TokenTree::Literal(words)] => {
            let words = words.to_string();
            let quoted = words.trim_start_matches('r').trim_matches('#');
            let text = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            name == "reason" && equals.as_char() == '=' && text.is_some_and(|text| !text.trim().is_empty())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn silenced_lint_without_reason_is_reported() {
        let text = r#"
            #![expect(dead_code, reason = "shown")]
            #[allow(
                dead_code,
                reason = "shown",
            )]
            #[default(name.expect("set"))]
            // #[allow(dead_code)]
            fn a() {}
            #[allow(dead_code)]
            fn b() {}
            #[cfg_attr(test, expect(dead_code))]
            fn c() {}
            #[allow(reason, dead_code)]
            #[allow(dead_code, reason = " ")]
            #[allow(dead_code, reason = 1)]
            #[allow(tools::reason("shown"))]
            #[allow(dead_code, reason = r"shown")]
            fn d() {}
        "#;
        check(
            &problems(&file("crates/a/src/a.rs", text)),
            &[
                "crates/a/src/a.rs:10: `allow` has no reason",
                "crates/a/src/a.rs:12: `expect` has no reason",
                "crates/a/src/a.rs:14: `allow` has no reason",
                "crates/a/src/a.rs:15: `allow` has no reason",
                "crates/a/src/a.rs:16: `allow` has no reason",
                "crates/a/src/a.rs:17: `allow` has no reason",
            ],
        );
    }
}
