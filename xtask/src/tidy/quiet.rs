//! Libraries do not exit and do not use the standard streams. Clippy reports printing macros.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports `process::exit`, `process::abort`, `stdout()` and `stderr()` in the sources of libraries.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in &workspace.sources {
        let library = source.path.starts_with("crates/") && !source.path.starts_with("crates/icosian-cli/");
        if library && source.path.contains("/src/") {
            let mut calls = Vec::new();
            collect(source.tokens(), &mut calls);
            problems.extend(calls.into_iter().map(|(line, what)| {
                Problem::new(
                    format!("{}:{line}", source.path),
                    format!("a library calls `{what}`"),
                    "return a value or an error, or write to an `impl Write`; icosian-cli prints and exits",
                )
            }));
        }
    }
    problems
}

fn collect(tokens: TokenStream, calls: &mut Vec<(usize, String)>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                let call = match word.as_str() {
                    "exit" | "abort" => follows_process(&tokens[..at]),
                    "stdout" | "stderr" => tokens.get(at + 1).is_some_and(is_empty_call),
                    _ => false,
                };
                if call {
                    calls.push((ident.span().start().line, word));
                }
            }
            TokenTree::Group(group) => collect(group.stream(), calls),
            _ => {}
        }
    }
}

fn follows_process(before: &[TokenTree]) -> bool {
    let [.., word, TokenTree::Punct(a), TokenTree::Punct(b)] = before else { return false };
    a.as_char() == ':' && b.as_char() == ':' && word.to_string() == "process"
}

fn is_empty_call(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty())
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    const LOUD: &str =
        "fn f() {\n    std::process::exit(1);\n    io::stdout().lock();\n    child.stdout(pipe);\n}\n";

    #[test]
    fn exit_and_streams_of_a_library_are_reported() {
        check(
            &problems(&file("crates/icosian-lint/src/host.rs", LOUD)),
            &[
                "crates/icosian-lint/src/host.rs:2: a library calls `exit`",
                "crates/icosian-lint/src/host.rs:3: a library calls `stdout`",
            ],
        );
    }

    #[test]
    fn programs_and_tests_are_accepted() {
        check(&problems(&file("crates/icosian-cli/src/main.rs", LOUD)), &[]);
        check(&problems(&file("crates/icosian-lint/tests/it/main.rs", LOUD)), &[]);
        check(&problems(&file("crates/icosian-lint/src/host.rs", "/// `process::exit(1)`\nfn f() {}")), &[]);
    }
}
