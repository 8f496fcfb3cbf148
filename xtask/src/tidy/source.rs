//! A Rust file, as text and as tokens.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A Rust file of the workspace.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The path from the root of the workspace, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// The tokens between `#[` and `]`.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) line: usize,
    pub(super) tokens: Vec<TokenTree>,
}

impl SourceFile {
    /// Returns the file's name without its folders.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Returns whether the file is code of a crate in `crates/` or of `xtask`, not a test, an example, a benchmark or a template.
    pub(super) fn is_code(&self) -> bool {
        let is_crate = self.path.starts_with("crates/") || self.path.starts_with("xtask/");
        let is_crate = is_crate && !self.path.contains("/templates/");
        is_crate && self.path.contains("/src/") && !self.path.contains("/tests/") && self.name() != "tests.rs"
    }

    /// Returns the file's tokens, or none if the file is not Rust: the compiler reports that.
    pub(super) fn tokens(&self) -> TokenStream {
        self.text.parse().unwrap_or_default()
    }

    /// Returns all attributes of the file, also in code that a macro quotes.
    pub(super) fn attributes(&self) -> Vec<Attribute> {
        let mut found = Vec::new();
        collect(self.tokens(), &mut found);
        found
    }
}

fn collect(tokens: TokenStream, found: &mut Vec<Attribute>) {
    let mut after_hash = false;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => {
                after_hash = punct.as_char() == '#' || (after_hash && punct.as_char() == '!');
            }
            TokenTree::Group(group) => {
                if after_hash && group.delimiter() == Delimiter::Bracket {
                    let line = group.span_open().start().line;
                    found.push(Attribute { line, tokens: group.stream().into_iter().collect() });
                }
                after_hash = false;
                collect(group.stream(), found);
            }
            _ => after_hash = false,
        }
    }
}

/// Returns whether `#[cfg(test)]` or `#[cfg(all(test, ..))]` is among the attributes.
pub(super) fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string().replace(' ', "");
        list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all(test,"))
    })
}

/// Returns whether `tokens` contain an identifier that `wanted` accepts, at any depth.
pub(super) fn mentions(tokens: &[TokenTree], wanted: fn(&str) -> bool) -> bool {
    tokens.iter().any(|token| match token {
        TokenTree::Ident(ident) => wanted(&ident.to_string()),
        TokenTree::Group(group) => mentions(&group.stream().into_iter().collect::<Vec<_>>(), wanted),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn attributes_have_lines_at_any_depth() {
        let text = "#![a]\nmod m {\n    quote! { #[b(c)] fn f() {} }\n}\nlet x = [d];\n// #[e]\n";
        let found = SourceFile { path: "a.rs".into(), text: text.into() }.attributes();
        let found: Vec<_> = found.iter().map(|it| (it.line, it.tokens[0].to_string())).collect();
        assert_eq!(found, [(1, "a".to_owned()), (3, "b".to_owned())]);
    }
}
