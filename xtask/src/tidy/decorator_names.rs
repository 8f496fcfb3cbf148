//! Decorators are compared by their ids, not by their names.
//!
//! `icosian-spec` has one row for each decorator. A comparison with a name elsewhere is a second table, which a new decorator
//! would have to extend.

use icosian_spec::BuiltIn;
use proc_macro2::{TokenStream, TokenTree};

use super::problem::Problem;
use super::workspace::SourceTree;

/// Words that are the name of a decorator by chance, each with the file that compares it.
const OTHER_WORDS: &[(&str, &str)] = &[
    // A method of `tokio::task::Builder` and of `JoinSet`.
    ("crates/icosian-rules/src/rules/detached_task.rs", "spawn"),
    // An argument of `check_output`.
    ("crates/icosian-syntax/src/decorator/check_output.rs", "schema"),
    // An argument of `subdag`.
    ("crates/icosian-syntax/src/decorator/subdag.rs", "config"),
];

/// Finds comparisons with the name of a decorator in `crates/`, tests aside.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let is_checked = |path: &str| {
        path.starts_with("crates/")
            && !path.starts_with("crates/icosian-spec/")
            && !path.split('/').any(|part| matches!(part, "tests" | "tests.rs"))
    };
    let mut problems = Vec::new();
    for source in workspace.sources.iter().filter(|source| is_checked(&source.path)) {
        let mut found = Vec::new();
        collect(source.tokens(), &mut found);
        for (name, line) in found {
            if !OTHER_WORDS.contains(&(source.path.as_str(), &name)) {
                problems.push(Problem::new(
                    format!("{}:{line}", source.path),
                    format!("compares a decorator's name with \"{name}\""),
                    "compare `BuiltIn` ids, or add a property to the row in icosian-spec",
                ));
            }
        }
    }
    problems
}

/// Collects the names that are compared: `== "name"`, `!= "name"`, a pattern `"name" =>`, an alternative of one, or a list of
/// several names and nothing else.
fn collect(tokens: TokenStream, found: &mut Vec<(String, usize)>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if is_test(&tokens[at..]) {
            // The attribute, and the item up to its body.
            at += 2 + tokens[at + 2..].iter().take_while(|it| !matches!(it, TokenTree::Group(_))).count();
        } else if let TokenTree::Group(group) = &tokens[at] {
            let names = names_of_list(group.stream());
            found.extend(names.into_iter().map(|name| (name, group.span_open().start().line)));
            collect(group.stream(), found);
        } else if let Some(name) = decorator_name(&tokens[at])
            && is_compared(&tokens[..at], &tokens[at + 1..])
        {
            found.push((name, tokens[at].span().start().line));
        }
        at += 1;
    }
}

/// Returns whether `#[cfg(test)]` follows.
fn is_test(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] = tokens else { return false };
    hash.as_char() == '#' && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// Returns the elements of a list that consists of names.
fn names_of_list(tokens: TokenStream) -> Vec<String> {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let elements = tokens.into_iter().filter(|token| !is_comma(token));
    let names: Option<Vec<_>> = elements.map(|token| decorator_name(&token)).collect();
    names.filter(|names| names.len() > 1).unwrap_or_default()
}

fn decorator_name(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    let text = literal.to_string();
    let name = text.strip_prefix('"')?.strip_suffix('"')?;
    BuiltIn::named(name).map(|it| it.name().to_owned())
}

fn is_compared(before: &[TokenTree], after: &[TokenTree]) -> bool {
    let punct = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Punct(punct)) => punct.as_char(),
        _ => ' ',
    };
    let mut reversed = before.iter().rev();
    let last = (punct(reversed.next()), punct(reversed.next()));
    let next = (punct(after.first()), punct(after.get(1)));
    matches!(last, ('=', '=' | '!') | ('|', ' '))
        || matches!(next, ('=', '=' | '>') | ('!', '=') | ('|', ' '))
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    fn count(text: &str) -> usize {
        problems(&file("crates/a/src/lib.rs", text)).len()
    }

    #[test]
    fn comparison_with_a_name_is_found() {
        check(
            &problems(&file("crates/a/src/lib.rs", "fn f(name: &str) -> bool {\n    name == \"retry\"\n}\n")),
            &["crates/a/src/lib.rs:2: compares a decorator's name with \"retry\""],
        );
        assert_eq!(count("fn f() { match it { \"tag\" | \"limit\" => 1, _ => 2 } }"), 2);
        assert_eq!(count("const F: bool = \"retry\" != name;"), 1);
        assert_eq!(count("const NAMES: [&str; 2] = [\"offload\", \"spawn\"];"), 2);
    }

    #[test]
    fn names_in_other_places_are_fine() {
        assert_eq!(count("const NAME: &str = \"retry\";"), 0);
        assert_eq!(count("fn f() { name == \"shout\" }"), 0);
        assert_eq!(count("#[cfg(test)]\nmod tests { fn f() { name == \"retry\" } }"), 0);
        assert!(problems(&file("crates/a/tests/it.rs", "fn f() { name == \"retry\" }")).is_empty());
    }
}
