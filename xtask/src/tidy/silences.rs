//! Who silences a lint says why. Clippy says so too, but does not see what is not compiled or only quoted.

use proc_macro2::TokenTree;

use super::Problem;
use super::house::House;
use super::source::mentions;

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
    let reasoned = mentions(&arguments, |word| word == "reason");
    ((first == "allow" || first == "expect") && !reasoned).then(|| first.to_string())
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
        "#;
        check(
            &problems(&file("crates/a/src/a.rs", text)),
            &[
                "crates/a/src/a.rs:10: `allow` comes without a reason",
                "crates/a/src/a.rs:12: `expect` comes without a reason",
            ],
        );
    }
}
