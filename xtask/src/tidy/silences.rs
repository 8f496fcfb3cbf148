//! Who silences a lint says why. Clippy says so too, but does not see what is not compiled or only quoted.

use proc_macro2::TokenTree;

use super::Problem;
use super::house::House;

/// Finds `allow` and `expect` attributes without a `reason`.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in &house.sources {
        for attribute in source.attributes() {
            if let Some(head) = silent(&attribute.tokens) {
                problems.push(Problem::new(
                    format!("{}:{}", source.path, attribute.line),
                    format!("`{head}` comes without a reason"),
                    "write `reason = \"..\"` as its last argument, or take it out",
                ));
            }
        }
    }
    problems
}

/// The head of the attribute that silences a lint without a reason, also below `cfg_attr`.
fn silent(attribute: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(first), TokenTree::Group(arguments), ..] = attribute else { return None };
    if first == "cfg_attr" {
        let inner: Vec<_> = arguments.stream().into_iter().collect();
        let mut parts = inner.split(|token| matches!(token, TokenTree::Punct(it) if it.as_char() == ','));
        return parts.find_map(silent);
    }
    let arguments: Vec<_> = arguments.stream().into_iter().collect();
    ((first == "allow" || first == "expect") && !has_reason(&arguments)).then(|| first.to_string())
}

/// Whether one of the arguments is `reason = "words"`.
fn has_reason(arguments: &[TokenTree]) -> bool {
    let mut parts = arguments.split(|token| matches!(token, TokenTree::Punct(it) if it.as_char() == ','));
    parts.any(|part| match part {
        [TokenTree::Ident(name), TokenTree::Punct(equals), TokenTree::Literal(words)] => {
            let words = words.to_string();
            let quoted = words.trim_start_matches('r').trim_matches('#');
            let said = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            name == "reason" && equals.as_char() == '=' && said.is_some_and(|said| !said.trim().is_empty())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn a_silence_has_a_reason() {
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
                "crates/a/src/a.rs:10: `allow` comes without a reason",
                "crates/a/src/a.rs:12: `expect` comes without a reason",
                "crates/a/src/a.rs:14: `allow` comes without a reason",
                "crates/a/src/a.rs:15: `allow` comes without a reason",
                "crates/a/src/a.rs:16: `allow` comes without a reason",
                "crates/a/src/a.rs:17: `allow` comes without a reason",
            ],
        );
    }
}
