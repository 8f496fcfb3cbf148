//! The faults of the sources in `faults/*.txt`. Lines of `----` separate the cases of a file.

use std::path::Path;

use icosian_syntax::{Emission, Fault, FunctionKind, check_dataflow, check_node, dataflow, node};
use proc_macro2::{Span, TokenStream, TokenTree};

#[test]
fn faults_have_code_location_and_help() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults");
    let files = std::fs::read_dir(folder).expect("the folder exists");
    let mut files: Vec<_> = files.map(|file| file.expect("the folder is readable").path()).collect();
    files.sort();
    for file in files {
        let cases = std::fs::read_to_string(&file).expect("the cases are text");
        let reports: Vec<_> = cases.trim_end().split("\n----\n").map(report).collect();
        let name = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        insta::with_settings!({ snapshot_path => "snapshots/faults", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, reports.join("\n\n"));
        });
    }
}

/// Returns the case and its faults. A case without an attribute is the content of a module.
fn report(case: &str) -> String {
    let is_item = case.starts_with("#[dataflow") || case.starts_with("#[node");
    let source = if is_item { case.to_owned() } else { format!("#[dataflow] mod flow {{\n{case}\n}}") };
    let tokens: TokenStream = source.parse().expect("the case has valid tokens");
    let is_node = source.starts_with("#[node");
    let errors =
        errors(if is_node { expand(tokens.clone(), node) } else { expand(tokens.clone(), dataflow) });
    // The linter only reads modules and functions.
    let is_readable = if is_node {
        syn::parse2::<syn::ItemFn>(tokens.clone()).is_ok()
    } else {
        syn::parse2::<syn::ItemMod>(tokens.clone()).is_ok()
    };
    let mut lines = vec![case.to_owned()];
    if is_readable {
        let faults =
            if is_node { check_node(tokens, 0, FunctionKind::Free) } else { check_dataflow(tokens, 0) };
        let emitted = faults.iter().filter(|fault| fault.emission == Emission::Error).map(written);
        assert_eq!(emitted.collect::<Vec<_>>(), errors, "the macro and the linter agree: {case}");
        faults.iter().for_each(check_style);
        lines.extend(faults.iter().map(|fault| match fault.emission {
            Emission::Error => format!("> {}", written(fault)),
            Emission::Lint => format!("> lint: {}", written(fault)),
        }));
    } else {
        lines.extend(errors.iter().map(|error| format!("> {error}")));
    }
    lines.join("\n")
}

/// Expands the macro of the attribute that `tokens` start with.
fn expand(tokens: TokenStream, expand: fn(TokenStream, TokenStream) -> TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().skip(1);
    let Some(TokenTree::Group(attribute)) = tokens.next() else { panic!("an attribute has brackets") };
    let options = attribute.stream().into_iter().find_map(|tree| match tree {
        TokenTree::Group(options) => Some(options.stream()),
        _ => None,
    });
    expand(options.unwrap_or_default(), tokens.collect())
}

fn written(fault: &Fault) -> String {
    let help = fault.help.iter().map(|help| format!("\n    help: {help}"));
    let text = format!("{} [{}]{}", fault.message, fault.code, help.collect::<String>());
    located(fault.span.0, fault.span.1, &text)
}

fn located(first: Span, last: Span, text: &str) -> String {
    format!("{}:{}-{}: {text}", first.start().line, first.start().column + 1, last.end().column + 1)
}

/// Returns the errors in generated code.
fn errors(written: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut first = None;
    let mut is_error = false;
    for token in written {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => {
                first = Some(ident.span());
                is_error = true;
            }
            TokenTree::Group(group) if is_error => {
                let text: syn::LitStr = syn::parse2(group.stream()).expect("the error has a message");
                let text = text.value().replace("\nhelp:", "\n    help:");
                found.push(located(first.expect("the error has a location"), group.span(), &text));
                is_error = false;
            }
            TokenTree::Group(group) => found.extend(errors(group.stream())),
            _ => {}
        }
    }
    found
}

/// Checks that a text reads well after "error: ", and that only the help gives advice.
fn check_style(fault: &Fault) {
    const ADVICE: [&str; 8] = ["should", "must", "instead", "please", "try ", "consider", "you ", "write "];
    const VERBS: [&str; 19] = [
        "await", "bind", "borrow", "call", "declare", "keep", "move", "name", "read", "remove", "rename",
        "return", "separate", "use", "write", "list", "set", "swap", "add",
    ];
    let is_fragment = |text: &str| {
        let starts_well =
            text.starts_with(|first: char| first == '`' || first.is_lowercase() || first.is_numeric());
        starts_well && !text.ends_with(['.', '!']) && text.chars().count() <= 120
    };
    let (code, message) = (fault.code, &fault.message);
    assert!(is_fragment(message), "{code}: {message}");
    // The parser of Rust has its own texts, without help.
    let Some(help) = &fault.help else { return };
    assert!(message.contains('`') && message.matches('`').count() % 2 == 0, "{code}: {message}");
    assert!(!ADVICE.iter().any(|word| message.contains(word)), "{code}: {message}");
    assert!(is_fragment(help), "{code}: {help}");
    assert!(VERBS.iter().any(|verb| help.split(' ').next() == Some(verb)), "{code}: {help}");
    for label in fault.related.iter().map(|related| &related.label).chain([&fault.label]) {
        assert!(label.is_empty() || is_fragment(label), "{code}: {label}");
    }
}
