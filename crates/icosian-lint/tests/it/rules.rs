//! The examples in the rules' documentation, and the style of all texts.

use icosian_lint::{Diagnosis, FixScope, Linter, Settings};
use icosian_rules::{ExplanationKind, Level, RuleMetadata, Stage, explain, rules};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, ItemFn, Meta};

/// Returns a linter with the rule's own level raised, so that rules that are off by default run too. ICO0212 needs an adapter.
fn linter(metadata: &RuleMetadata) -> Linter {
    let text = if metadata.code == "ICO0212" { "adapter = \"tokio\"" } else { "" };
    let settings = Settings::parse("icosian.toml", text).unwrap();
    Linter::new(settings.with_level(metadata.name, metadata.level.max(Level::Warn)))
}

/// The rules of source text. `examples/plan-rules` tests the rules that need a driver, `baselines.rs` the rule of baselines.
fn all_metadata() -> impl Iterator<Item = &'static RuleMetadata> {
    rules()
        .iter()
        .map(|rule| rule.metadata())
        .filter(|metadata| metadata.stage <= Stage::Source && metadata.code != "ICO1004")
}

fn bad() -> impl Iterator<Item = (&'static RuleMetadata, String)> {
    all_metadata()
        .flat_map(|metadata| metadata.examples("bad").into_iter().map(move |example| (metadata, example)))
}

#[test]
fn bad_examples_violate_only_their_rule() {
    for (metadata, example) in bad() {
        let report = linter(metadata).lint_text("src/lib.rs", example);
        let codes: Vec<_> = report.diagnoses().iter().map(Diagnosis::code).collect();
        assert!(report.is_complete(), "{}: {:?}", metadata.code, report.notices());
        assert!(
            !codes.is_empty() && codes.iter().all(|code| *code == metadata.code),
            "{}: {codes:?}",
            metadata.code
        );
    }
}

#[test]
fn good_examples_violate_no_rule() {
    for metadata in all_metadata() {
        for example in metadata.examples("good") {
            let report = linter(metadata).lint_text("src/lib.rs", example);
            assert!(report.is_clean() && report.is_complete(), "{}: {report:?}", metadata.code);
        }
    }
}

#[test]
fn fixes_resolve_the_bad_examples() {
    for (metadata, example) in bad().filter(|(metadata, _)| metadata.fix.is_some()) {
        let (_, fixed) = linter(metadata).fix_text("src/lib.rs", example, FixScope::All);
        assert!(fixed.applied > 0 && fixed.report.is_clean(), "{}: {:?}", metadata.code, fixed.report);
    }
}

#[test]
fn texts_follow_the_style() {
    /// Advice, which belongs to the help.
    const ADVICE: [&str; 8] = ["should", "must", "instead", "please", "try ", "consider", "you ", "write "];
    /// The first word of a help.
    const VERBS: [&str; 20] = [
        "add", "await", "bind", "borrow", "call", "change", "declare", "give", "keep", "list", "look",
        "move", "name", "raise", "remove", "rename", "return", "take", "use", "write",
    ];
    let is_fragment = |text: &str| {
        let begins =
            text.starts_with(|first: char| first == '`' || first.is_lowercase() || first.is_numeric());
        begins && !text.ends_with(['.', '!']) && text.chars().count() <= 120
    };
    for (metadata, example) in bad() {
        for found in linter(metadata).lint_text("src/lib.rs", example).diagnoses() {
            let (code, message) = (metadata.code, found.message());
            assert!(is_fragment(message) && message.contains('`'), "{code}: {message}");
            assert!(!ADVICE.iter().any(|word| message.contains(word)), "{code}: {message}");
            assert!(message.matches('`').count() % 2 == 0, "{code}: {message}");
            for label in
                found.secondary_labels().iter().map(icosian_lint::DiagnosisLabel::text).chain([found.label()])
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
        // The reader also reports some rules that it can decide from the declared outputs.
        assert!(matches!(page.kind, ExplanationKind::Fault | ExplanationKind::Rule), "{code}");
    }
}

#[test]
fn macros_and_linter_report_the_same_texts() {
    let mut only_linter = Vec::new();
    for (metadata, example) in bad().filter(|(metadata, _)| icosian_syntax::codes().contains(&metadata.code))
    {
        let report = linter(metadata).lint_text("src/lib.rs", &*example);
        let found = report.diagnoses().iter().map(|found| {
            let help = found.help_text().map(|help| format!("\nhelp: {help}"));
            format!("{} [{}]{}", found.message(), found.code(), help.unwrap_or_default())
        });
        let errors = errors_of_macros(&example);
        if errors.is_empty() {
            only_linter.push(metadata.code);
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
