//! The examples in the rules' documentation, and the style of all texts.

use icosian_lint::{Diagnosis, FixScope, Linter, Settings};
use icosian_rules::{Card, ExplanationKind, Level, Stage, explain, rules};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, ItemFn, Meta};

/// Returns a linter with the rule's own level raised, so that rules that are off by default run too. ICO0212 needs an adapter.
fn linter(card: &Card) -> Linter {
    let text = if card.code == "ICO0212" { "adapter = \"tokio\"" } else { "" };
    let settings = Settings::parse("icosian.toml", text).unwrap();
    Linter::new(settings.with_level(card.name, card.level.max(Level::Warn)))
}

/// The rules of source text. `examples/plan-rules` tests the rules that need a driver, `baselines.rs` the rule of baselines.
fn cards() -> impl Iterator<Item = &'static Card> {
    rules()
        .iter()
        .map(|rule| rule.card())
        .filter(|card| card.stage <= Stage::Source && card.code != "ICO1004")
}

fn bad() -> impl Iterator<Item = (&'static Card, String)> {
    cards().flat_map(|card| card.examples("bad").into_iter().map(move |example| (card, example)))
}

#[test]
fn bad_examples_violate_only_their_rule() {
    for (card, example) in bad() {
        let report = linter(card).lint_text("src/lib.rs", example);
        let codes: Vec<_> = report.diagnoses().iter().map(Diagnosis::code).collect();
        assert!(report.is_complete(), "{}: {:?}", card.code, report.notices());
        assert!(!codes.is_empty() && codes.iter().all(|code| *code == card.code), "{}: {codes:?}", card.code);
    }
}

#[test]
fn good_examples_violate_no_rule() {
    for card in cards() {
        for example in card.examples("good") {
            let report = linter(card).lint_text("src/lib.rs", example);
            assert!(report.is_clean() && report.is_complete(), "{}: {report:?}", card.code);
        }
    }
}

#[test]
fn fixes_resolve_the_bad_examples() {
    for (card, example) in bad().filter(|(card, _)| card.fix.is_some()) {
        let (_, fixed) = linter(card).fix_text("src/lib.rs", example, FixScope::All);
        assert!(fixed.applied > 0 && fixed.report.is_clean(), "{}: {:?}", card.code, fixed.report);
    }
}

#[test]
fn texts_follow_the_style() {
    /// Advice, which belongs to the help.
    const ADVICE: [&str; 8] = ["should", "must", "instead", "please", "try ", "consider", "you ", "write "];
    /// The first word of a help.
    const VERBS: [&str; 17] = [
        "await", "bind", "borrow", "call", "declare", "give", "keep", "look", "move", "name", "remove",
        "rename", "return", "take", "use", "write", "list",
    ];
    let is_fragment = |text: &str| {
        let begins =
            text.starts_with(|first: char| first == '`' || first.is_lowercase() || first.is_numeric());
        begins && !text.ends_with(['.', '!']) && text.chars().count() <= 120
    };
    for (card, example) in bad() {
        for found in linter(card).lint_text("src/lib.rs", example).diagnoses() {
            let (code, message) = (card.code, found.message());
            assert!(is_fragment(message) && message.contains('`'), "{code}: {message}");
            assert!(!ADVICE.iter().any(|word| message.contains(word)), "{code}: {message}");
            assert!(message.matches('`').count() % 2 == 0, "{code}: {message}");
            for label in found.secondary_labels().iter().map(icosian_lint::Label::text).chain([found.label()])
            {
                assert!(label.is_empty() || is_fragment(label), "{code}: {label}");
            }
            let help = found.help_text().unwrap_or_default();
            assert!(VERBS.iter().any(|verb| help.split(' ').next() == Some(verb)), "{code}: {help}");
            assert!(is_fragment(help), "{code}: {help}");
            assert!(found.patch().is_none_or(|patch| is_fragment(patch.title())), "{code}");
        }
    }
}

#[test]
fn faults_of_the_reader_have_pages() {
    for code in icosian_syntax::codes() {
        let page = explain(code).unwrap_or_else(|| panic!("{code} has no page"));
        assert_eq!(page.kind, ExplanationKind::Fault, "{code}");
    }
}

#[test]
fn macros_and_linter_report_the_same_texts() {
    let mut only_linter = Vec::new();
    for (card, example) in bad().filter(|(card, _)| icosian_syntax::codes().contains(&card.code)) {
        let report = linter(card).lint_text("src/lib.rs", &*example);
        let found = report.diagnoses().iter().map(|found| {
            let help = found.help_text().map(|help| format!("\nhelp: {help}"));
            format!("{} [{}]{}", found.message(), found.code(), help.unwrap_or_default())
        });
        let errors = errors_of_macros(&example);
        if errors.is_empty() {
            only_linter.push(card.code);
        } else {
            assert_eq!(found.collect::<Vec<_>>(), errors, "{example}");
        }
    }
    // The compiler refuses two functions of one name, and accepts a repeated tag.
    assert_eq!(only_linter, ["ICO0002", "ICO0406"]);
}

/// Returns the errors of the macros in `text`.
fn errors_of_macros(text: &str) -> Vec<String> {
    let expand = |item: Item| match item {
        Item::Mod(mut module) => {
            let dataflow = take(&mut module.attrs);
            icosian_syntax::dataflow(options(&dataflow), module.to_token_stream())
        }
        Item::Fn(function) => expand_function(function),
        Item::Impl(item) => item.items.into_iter().map(expand_method).collect(),
        _ => TokenStream::new(),
    };
    let file = syn::parse_file(text).unwrap();
    file.items.into_iter().map(expand).flat_map(compile_errors).collect()
}

fn expand_method(item: ImplItem) -> TokenStream {
    let ImplItem::Fn(method) = item else { return TokenStream::new() };
    expand_function(syn::parse2(method.to_token_stream()).unwrap())
}

fn expand_function(mut function: ItemFn) -> TokenStream {
    if function.attrs.is_empty() {
        return TokenStream::new();
    }
    let attribute = take(&mut function.attrs);
    let name = attribute.path().segments.last().unwrap().ident.to_string();
    match name.as_str() {
        "node" => icosian_syntax::node(options(&attribute), function.to_token_stream()),
        name => icosian_syntax::decorator(name, function.to_token_stream()),
    }
}

/// Removes the first attribute that is not a doc comment.
fn take(attributes: &mut Vec<Attribute>) -> Attribute {
    let first = attributes.iter().position(|attribute| !attribute.path().is_ident("doc")).unwrap();
    attributes.remove(first)
}

fn options(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

fn compile_errors(written: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_error = false;
    for token in written {
        match token {
            TokenTree::Ident(ident) => is_error = ident == "compile_error",
            TokenTree::Group(group) if is_error => {
                found.push(syn::parse2::<syn::LitStr>(group.stream()).unwrap().value());
                is_error = false;
            }
            TokenTree::Group(group) => found.extend(compile_errors(group.stream())),
            _ => {}
        }
    }
    found
}
