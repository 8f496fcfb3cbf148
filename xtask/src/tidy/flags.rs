//! Functions have no boolean parameters.

use syn::visit::{self, Visit};
use syn::{FnArg, ImplItemFn, ItemFn, ItemImpl, ItemMod, Pat, Signature, TraitItemFn, Type};

use super::problem::Problem;
use super::source::is_test;
use super::workspace::SourceTree;

/// The folder of `check_output`. `allow_none` and `allow_nans` are arguments of Hamilton's decorator, and `Validation::of` accepts a
/// condition, as `assert!` does.
const CHECK_OUTPUT: &str = "crates/icosian-decorators/src/built_in/check_output/";

/// Reports parameters of type `bool`. Implementations of traits and tests are exempt.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in workspace.sources.iter().filter(|it| it.is_code() && !it.path.starts_with(CHECK_OUTPUT)) {
        let Ok(file) = syn::parse_file(&source.text) else { continue };
        let mut flags = Flags::default();
        flags.visit_file(&file);
        problems.extend(flags.0.into_iter().map(|(line, function, param)| {
            Problem::new(
                format!("{}:{line}", source.path),
                format!("`{function}` has the boolean parameter `{param}`"),
                "use an enum of two variants, or split the function",
            )
        }));
    }
    problems
}

/// The line, the function and the parameter of each flag.
#[derive(Default)]
struct Flags(Vec<(usize, String, String)>);

impl Flags {
    fn check(&mut self, signature: &Signature) {
        for input in &signature.inputs {
            let FnArg::Typed(input) = input else { continue };
            if matches!(&*input.ty, Type::Path(path) if path.path.is_ident("bool")) {
                let name = match &*input.pat {
                    Pat::Ident(pattern) => pattern.ident.to_string(),
                    _ => "_".to_owned(),
                };
                let line = signature.ident.span().start().line;
                self.0.push((line, signature.ident.to_string(), name));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Flags {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if item.trait_.is_none() && !is_test(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_test(&function.attrs) {
            self.check(&function.sig);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.check(&function.sig);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        self.check(&function.sig);
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn boolean_parameter_is_reported() {
        let text = "fn read(path: &str, is_root: bool) {}\nimpl A {\n    fn new(_: bool) -> Self { A }\n}\n\
                    trait B { fn get(&self, deep: bool); }\nmod inner { fn list(all: bool) {} }\n";
        check(
            &problems(&file("crates/a/src/a.rs", text)),
            &[
                "crates/a/src/a.rs:1: `read` has the boolean parameter `is_root`",
                "crates/a/src/a.rs:3: `new` has the boolean parameter `_`",
                "crates/a/src/a.rs:5: `get` has the boolean parameter `deep`",
                "crates/a/src/a.rs:6: `list` has the boolean parameter `all`",
            ],
        );
    }

    #[test]
    fn trait_implementations_and_tests_are_exempt() {
        let text = "impl Visitor for A { fn visit_bool(self, value: bool) {} }\n\
                    #[cfg(test)]\nmod tests { fn check(expect: bool) {} }\nfn all(flags: &[bool]) -> bool { true }\n";
        check(&problems(&file("crates/a/src/a.rs", text)), &[]);
        let check_output = "crates/icosian-decorators/src/built_in/check_output/validator.rs";
        check(&problems(&file(check_output, "fn of(passed: bool) {}")), &[]);
        check(&problems(&file("crates/a/tests/it/a.rs", "fn run(fast: bool) {}")), &[]);
    }
}
