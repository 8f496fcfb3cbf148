//! Finds the texts in files.

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use crate::tidy::source::SourceFile;

/// A paragraph, a list item, a cell of a table, or a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prose {
    /// The first line, from 1.
    pub(super) line: usize,
    pub(super) kind: ProseKind,
    pub(super) text: String,
}

/// The kind of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProseKind {
    /// The first paragraph of a doc comment.
    DocStart,
    /// A later paragraph of a doc comment.
    Doc,
    Comment,
    Markdown,
    /// A string in code.
    Message,
}

/// The number of words from which on a string is a message, and a cell of a table is a text.
const MESSAGE_WORDS: usize = 4;

/// Returns the texts of a Markdown file.
pub(super) fn of_markdown(text: &str) -> Vec<Prose> {
    let mut paragraphs = Paragraphs::default();
    for (at, line) in text.lines().enumerate() {
        paragraphs.push(at + 1, ProseKind::Markdown, line);
    }
    paragraphs.end();
    paragraphs.found
}

/// Returns the comments of a Rust file, and the messages if it is code.
pub(super) fn of_rust(source: &SourceFile) -> Vec<Prose> {
    let mut paragraphs = Paragraphs::default();
    let mut marker = "";
    for (at, line) in source.text.lines().enumerate() {
        let line = line.trim_start();
        let before = std::mem::replace(&mut marker, marker_of(line));
        if marker != before {
            paragraphs.close();
        }
        let kind = match marker {
            "" => continue,
            "//" => ProseKind::Comment,
            _ if marker != before => ProseKind::DocStart,
            _ => ProseKind::Doc,
        };
        paragraphs.push(at + 1, kind, &line[marker.len()..]);
    }
    paragraphs.close();
    let mut found = paragraphs.found;
    if source.is_code() {
        collect_messages(source.tokens(), &mut found);
        found.sort_by_key(|prose| prose.line);
    }
    found
}

/// Returns the marker with which a comment starts, or no text for code.
fn marker_of(line: &str) -> &'static str {
    let markers = ["///", "//!", "//"];
    let found = markers.into_iter().find(|marker| line.starts_with(marker));
    found.filter(|_| !line.starts_with("////")).unwrap_or_default()
}

/// The paragraphs of Markdown, line by line.
#[derive(Default)]
struct Paragraphs {
    found: Vec<Prose>,
    /// The paragraph that the next line may continue.
    open: Option<Prose>,
    is_in_code: bool,
}

impl Paragraphs {
    /// Adds a line. `kind` is the kind of a paragraph that starts with it.
    fn push(&mut self, number: usize, kind: ProseKind, line: &str) {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            self.end();
            self.is_in_code = !self.is_in_code;
            return;
        }
        if self.is_in_code {
            return;
        }
        let start = |text: &str| Prose { line: number, kind, text: text.to_owned() };
        if line.is_empty() || line.starts_with("<!--") {
            self.end();
        } else if let Some(row) = line.strip_prefix('|') {
            self.end();
            let cells = row.split('|').filter(|cell| cell.split_whitespace().count() >= MESSAGE_WORDS);
            self.found.extend(cells.map(start));
        } else if line.starts_with('#') {
            self.end();
            self.found.push(start(line.trim_start_matches('#').trim()));
        } else if let Some(item) = list_item(line) {
            self.end();
            self.open = Some(start(item));
        } else if let Some(open) = &mut self.open {
            open.text.push(' ');
            open.text.push_str(line);
        } else {
            self.open = Some(start(line));
        }
    }

    /// Ends the paragraph.
    fn end(&mut self) {
        self.found.extend(self.open.take());
    }

    /// Ends the comment, and with it a code block.
    fn close(&mut self) {
        self.end();
        self.is_in_code = false;
    }
}

/// Returns the text of a list item.
fn list_item(line: &str) -> Option<&str> {
    let number = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = (number.len() < line.len()).then(|| number.strip_prefix(". ")).flatten();
    ["- ", "* ", "+ "].into_iter().find_map(|marker| line.strip_prefix(marker)).or(numbered)
}

/// Adds the strings of code that are messages: several words in one line. Doc comments and tests are left out.
fn collect_messages(tokens: TokenStream, found: &mut Vec<Prose>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let word_at = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => ident.to_string(),
        _ => String::new(),
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let is_tests = at >= 2 && word_at(at - 2) == "mod" && word_at(at - 1) == "tests";
                if !is_tests {
                    collect_messages(group.stream(), found);
                }
            }
            TokenTree::Literal(literal) if !(at >= 2 && word_at(at - 2) == "doc") => {
                let Ok(string) = syn::parse_str::<LitStr>(&literal.to_string()) else { continue };
                let text = string.value();
                let is_message =
                    text.split_whitespace().count() >= MESSAGE_WORDS && !text.trim().contains('\n');
                if is_message {
                    let line = literal.span().start().line;
                    found.push(Prose { line, kind: ProseKind::Message, text });
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ProseKind, of_markdown, of_rust};
    use crate::tidy::source::SourceFile;

    fn rust(path: &str, text: &str) -> Vec<(usize, ProseKind, String)> {
        let source = SourceFile { path: path.into(), text: text.into() };
        of_rust(&source).into_iter().map(|it| (it.line, it.kind, it.text)).collect()
    }

    #[test]
    fn markdown_is_split_into_paragraphs_items_and_cells() {
        let text = "# A title\nFirst line\nof two.\n\n- an item\n  of two\n1. another\n\n| a | four words in it |\n\n```\ncode\n```\nend\n";
        let found: Vec<_> = of_markdown(text).into_iter().map(|it| (it.line, it.text)).collect();
        let expect = [
            (1, "A title"),
            (2, "First line of two."),
            (5, "an item of two"),
            (7, "another"),
            (9, " four words in it "),
            (14, "end"),
        ];
        assert_eq!(found, expect.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn comments_have_kinds() {
        let text = "//! A crate.\n//!\n//! More.\n\n/// A type.\n/// It is new.\nstruct A; // at the end\n    // Plain\n    // text.\n//// A line\n";
        let expect = [
            (1, ProseKind::DocStart, "A crate."),
            (3, ProseKind::Doc, "More."),
            (5, ProseKind::DocStart, "A type. It is new."),
            (8, ProseKind::Comment, "Plain text."),
        ];
        assert_eq!(
            rust("crates/a/tests/a.rs", text),
            expect.map(|(line, kind, text)| (line, kind, text.to_owned()))
        );
    }

    #[test]
    fn unclosed_code_block_ends_with_its_comment() {
        let text = "/// ```\n/// code\nfn f() {}\n/// Text.\nfn g() {}\n";
        assert_eq!(rust("crates/a/tests/a.rs", text), [(4, ProseKind::DocStart, "Text.".to_owned())]);
    }

    #[test]
    fn strings_of_code_are_messages() {
        let text = "fn f() {\n    report(\"the node is not known\", \"two words\", \"a\\nb c d e\");\n}\n\
                    #[doc = \"not a message of code\"]\nmod tests { const A: &str = \"not a message of code\"; }\n";
        let expect = [(2, ProseKind::Message, "the node is not known".to_owned())];
        assert_eq!(rust("crates/a/src/a.rs", text), expect);
        assert_eq!(rust("crates/a/tests/a.rs", text), []);
    }
}
