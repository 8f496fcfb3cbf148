//! The names of a body, collected before it is read.

use std::collections::{HashMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{
    Expr, ExprAsync, ExprAwait, ExprCall, ExprClosure, ExprPath, FnArg, Item, Local, Macro, Pat, PatIdent,
    Type,
};

/// The names that a body declares, and how it uses them.
#[derive(Default)]
pub(super) struct BodyNames<'ast> {
    /// Variables, with the number of patterns that bind each.
    pub(super) bound: HashMap<String, usize>,
    /// Variables that are declared `mut`, and parameters of a `&mut` type.
    pub(super) mutable: HashSet<String>,
    /// Items in blocks.
    pub(super) items: Vec<&'ast Item>,
    /// Names that occur in expressions and macros.
    pub(super) used: HashSet<String>,
    /// Names that the body itself calls or awaits, outside of closures and async blocks.
    pub(super) run: HashSet<String>,
    /// The sending halves of channels that the body creates.
    pub(super) senders: HashSet<String>,
    /// The number of closures and async blocks around the visited node.
    depth: usize,
}

impl BodyNames<'_> {
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.bound.contains_key(name)
    }

    /// Returns whether the closure or async block that `name` is bound to runs in this body.
    pub(super) fn runs_here(&self, name: &str) -> bool {
        self.run.contains(name) && self.bound.get(name) == Some(&1)
    }
}

impl<'ast> Visit<'ast> for BodyNames<'ast> {
    fn visit_fn_arg(&mut self, input: &'ast FnArg) {
        if let FnArg::Typed(typed) = input
            && let (Pat::Ident(pattern), Type::Reference(reference)) = (&*typed.pat, &*typed.ty)
            && reference.mutability.is_some()
        {
            self.mutable.insert(pattern.ident.unraw().to_string());
        }
        visit::visit_fn_arg(self, input);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        let name = pattern.ident.unraw().to_string();
        if pattern.mutability.is_some() {
            self.mutable.insert(name.clone());
        }
        *self.bound.entry(name).or_default() += 1;
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if let (Pat::Tuple(pair), Some(init)) = (&local.pat, &local.init)
            && let (Some(Pat::Ident(sender)), Expr::Call(call)) = (pair.elems.first(), &*init.expr)
            && let Expr::Path(function) = &*call.func
            && let Some(last) = function.path.segments.last()
        {
            let channels = ["bounded", "channel", "sync_channel", "unbounded", "unbounded_channel"];
            if channels.iter().any(|name| last.ident == name) {
                self.senders.insert(sender.ident.unraw().to_string());
            }
        }
        visit::visit_local(self, local);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        self.items.push(item);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let Some(only) = path.path.get_ident() {
            self.used.insert(only.unraw().to_string());
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let (0, Some(name)) = (self.depth, only_name(&call.func)) {
            self.run.insert(name);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        if let (0, Some(name)) = (self.depth, only_name(&expression.base)) {
            self.run.insert(name);
        }
        visit::visit_expr_await(self, expression);
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.depth += 1;
        visit::visit_expr_closure(self, closure);
        self.depth -= 1;
    }

    fn visit_expr_async(&mut self, block: &'ast ExprAsync) {
        self.depth += 1;
        visit::visit_expr_async(self, block);
        self.depth -= 1;
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        idents(called.tokens.clone(), &mut self.used);
    }
}

/// Returns the name that `expression` is, if it is one.
pub(super) fn only_name(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Path(path) => path.path.get_ident().map(|only| only.unraw().to_string()),
        Expr::Paren(it) => only_name(&it.expr),
        Expr::Group(it) => only_name(&it.expr),
        _ => None,
    }
}

/// Adds the words of `tokens`, also those in groups and in the braces of a format string.
pub(super) fn idents(tokens: TokenStream, found: &mut HashSet<String>) {
    let mut waiting = vec![tokens];
    while let Some(tokens) = waiting.pop() {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => _ = found.insert(word.unraw().to_string()),
                TokenTree::Group(group) => waiting.push(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    for part in text.split('{').skip(1) {
                        let end =
                            part.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(part.len());
                        found.insert(part[..end].to_owned());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}
