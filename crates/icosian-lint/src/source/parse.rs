use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::SourceText;

/// The reason that a file was not parsed.
#[derive(Debug)]
pub(crate) struct ParseRefusal {
    pub(crate) message: String,
    /// Line and column, from 1.
    pub(crate) at: Option<(usize, usize)>,
}

impl ParseRefusal {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None }
    }

    fn at(message: String, start: proc_macro2::LineColumn) -> Self {
        Self { message, at: Some((start.line.max(1), start.column + 1)) }
    }
}

/// The size limit for a file, in bytes.
const LARGEST: usize = 16 << 20;

/// The limit for the nesting depth of expressions.
///
/// The parser and the syntax tree visitors are recursive. The [stack size](crate::stack::STACK_SIZE) of their threads is
/// sufficient for this depth.
const DEEPEST: usize = 5_000;

pub(super) fn file(source: &SourceText) -> Result<syn::File, ParseRefusal> {
    let text = source.text();
    if text.len() > LARGEST {
        return Err(ParseRefusal::new(format!("is larger than {} MiB", LARGEST >> 20)));
    }
    // A `#!` line is not Rust, unless it begins an attribute. It is blanked, not removed, to preserve locations.
    let first = text.lines().next().unwrap_or_default();
    let is_script = first.starts_with("#!") && !first[2..].trim_start().starts_with('[');
    let blanked = is_script.then(|| format!("{}{}", " ".repeat(first.chars().count()), &text[first.len()..]));
    let tokens: TokenStream = match blanked.as_deref().unwrap_or(text).parse() {
        Ok(tokens) => tokens,
        Err(error) => {
            let error: proc_macro2::LexError = error;
            return Err(ParseRefusal::at("cannot be split into tokens".to_owned(), error.span().start()));
        }
    };
    if depth(&tokens) > DEEPEST {
        return Err(ParseRefusal::new("is nested too deeply to be parsed"));
    }
    syn::parse2(tokens).map_err(|error| ParseRefusal::at(error.to_string(), error.span().start()))
}

/// Returns an upper bound for the nesting depth of the expressions in `tokens`.
///
/// The bound of a group is the largest number of tokens in one statement or argument, plus the bounds of the groups
/// inside. The function is not recursive.
fn depth(tokens: &TokenStream) -> usize {
    let mut deepest = 0;
    // Groups to visit, each with the depth of its parent.
    let mut waiting = vec![(tokens.clone(), 0_usize)];
    while let Some((tokens, around)) = waiting.pop() {
        let (mut run, mut after_block) = (0, false);
        for token in tokens {
            if after_block && !goes_on(&token) {
                run = 0;
            }
            after_block = false;
            run += 1;
            deepest = deepest.max(around + run);
            if deepest > DEEPEST {
                return deepest;
            }
            match token {
                TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => run = 0,
                TokenTree::Group(group) => {
                    waiting.push((group.stream(), around + run));
                    after_block = group.delimiter() == Delimiter::Brace;
                }
                _ => {}
            }
        }
    }
    deepest
}

/// Returns whether `token`, which follows a block, may continue the same expression.
fn goes_on(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word == "else" || word == "as",
        TokenTree::Punct(punct) => punct.as_char() != '#',
        TokenTree::Group(_) | TokenTree::Literal(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, file};
    use crate::SourceText;

    fn refused(text: &str) -> Option<String> {
        file(&SourceText::new("src/lib.rs", text)).err().map(|refusal| refusal.message)
    }

    #[test]
    fn scripts_and_attributes_are_read() {
        assert_eq!(refused("#!/usr/bin/env run\nfn main() {}"), None);
        assert_eq!(refused("#![allow(dead_code)]\nfn main() {}"), None);
        assert_eq!(refused("\u{feff}fn main() {}"), None);
    }

    #[test]
    fn deep_nesting_is_not_parsed() {
        let deep = |open: &str, close: &str| {
            let (open, close) = (open.repeat(DEEPEST + 1), close.repeat(DEEPEST + 1));
            refused(&format!("fn f() {{ {open} 1 {close} }}"))
        };
        for (open, close) in [
            ("(", ")"),
            ("!", ""),
            ("1 + ", ""),
            ("|x| ", ""),
            ("{", "}"),
            ("a.b(", ")"),
            ("*", ""),
            ("if a {} else ", "{}"),
        ] {
            assert_eq!(deep(open, close).as_deref(), Some("is nested too deeply to be parsed"), "{open}");
        }
        let long = "1, ".repeat(DEEPEST * 2);
        assert_eq!(refused(&format!("const A: [u8; 10] = [{long}];")), None);
        let many = "#[a] fn f() { g(1) } ".repeat(DEEPEST);
        assert_eq!(refused(&many), None);
    }
}
