//! Detects `#[node]` functions inside an `impl` or a `trait`.
//!
//! An attribute macro receives its function without the surrounding items. Items beside the function are not allowed in an `impl`, and
//! the compiler's errors about them do not mention nodes. So this module reads the source file up to the function. Without
//! a file, the function counts as free.

use quote::ToTokens;
use syn::ItemFn;

/// Returns whether `function` is an associated function, as far as its source file shows.
pub(crate) fn is_associated(function: &ItemFn) -> bool {
    let first = function.to_token_stream().into_iter().next().map(|token| token.span());
    let Some(first) = first.filter(|first| first.start().column > 0) else { return false };
    let (start, file) = (first.start(), first.local_file());
    let Some(text) = file.and_then(|file| std::fs::read_to_string(file).ok()) else { return false };
    let mut before: String = text.split_inclusive('\n').take(start.line.saturating_sub(1)).collect();
    let line = text.split_inclusive('\n').nth(start.line.saturating_sub(1)).unwrap_or_default();
    before.extend(line.chars().take(start.column));
    ends_in_impl(&before)
}

/// Returns whether the innermost brace that is open at the end of `text` is that of an `impl` or a `trait`.
fn ends_in_impl(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    // What precedes each open brace, and the code since the last brace or semicolon.
    let (mut open, mut header) = (Vec::new(), String::new());
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        if let Some(length) = skipped(rest, header.chars().next_back()) {
            header.push(' ');
            at += length;
            continue;
        }
        match rest[0] {
            '{' => open.push(std::mem::take(&mut header)),
            '}' => {
                open.pop();
                header.clear();
            }
            ';' => header.clear(),
            letter => header.push(letter),
        }
        at += 1;
    }
    let header = open.last().map_or("", String::as_str);
    let words = || header.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let has = |names: &[&str]| words().any(|word| names.contains(&word));
    has(&["impl", "trait"]) && !has(&["fn", "mod", "struct", "enum", "let", "const", "static", "macro_rules"])
}

/// Returns the length of the comment or the literal that `rest` starts with.
fn skipped(rest: &[char], before: Option<char>) -> Option<usize> {
    let until = |end: &[char], from: usize| {
        let found = rest.get(from..)?.windows(end.len()).position(|window| window == end)?;
        Some(from + found + end.len())
    };
    let all = rest.len();
    match rest {
        ['/', '/', ..] => Some(until(&['\n'], 2).unwrap_or(all)),
        ['/', '*', ..] => {
            let (mut depth, mut at) = (1, 2);
            while depth > 0 && at < all {
                match rest[at..] {
                    ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
                    ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
                    _ => at += 1,
                }
            }
            Some(at)
        }
        ['"', ..] => Some(quoted(rest, '"')),
        ['\'', '\\', ..] => Some(quoted(rest, '\'')),
        ['\'', _, '\'', ..] => Some(3),
        ['r', '#' | '"', ..] if !before.is_some_and(|before| before.is_alphanumeric() && before != 'b') => {
            let hashes = rest[1..].iter().take_while(|letter| **letter == '#').count();
            if rest.get(1 + hashes) != Some(&'"') {
                return None;
            }
            let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            Some(until(&end, 2 + hashes).unwrap_or(all))
        }
        _ => None,
    }
}

/// Returns the length of the literal that `rest` starts with and `quote` ends.
fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_in_an_impl_are_associated() {
        assert!(ends_in_impl("struct A; impl A { fn one() { 1; } "));
        assert!(ends_in_impl("mod inner { #[derive(Debug)] struct A {} pub unsafe trait B: Send { "));
        assert!(ends_in_impl(
            "impl<'a, T: Fn(&'a u8) -> char> B for A<T> where T: Send { const C: char = '}'; "
        ));
    }

    #[test]
    fn other_functions_are_free() {
        assert!(!ends_in_impl(""));
        assert!(!ends_in_impl("impl A { fn one() {} } "));
        assert!(!ends_in_impl("impl A {} mod inner { "));
        assert!(!ends_in_impl("impl A { fn test() { "));
        assert!(!ends_in_impl("fn f(x: impl Fn()) { "));
        assert!(!ends_in_impl(
            "/* impl A { /* nested */ */ // impl A {\n mod inner { const T: &str = \"impl A {\"; "
        ));
        assert!(!ends_in_impl(
            "const T: &str = r#\"impl \"A\" {\"#; const C: char = '\\''; const B: &[u8] = br\"impl {\";"
        ));
    }
}
