//! Finds the `for` loops whose iterations need the one before.

use std::collections::HashSet;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprAssign, ExprAsync, ExprBinary, ExprBreak, ExprCall, ExprClosure, ExprMethodCall,
    ExprReference, ExprReturn, Item, Local, Pat, PatIdent,
};

use super::names::{BodyNames, idents};

/// Functions and methods that wait for a time or for a turn: a loop that calls them is meant to be in sequence.
const PACES: [&str; 8] =
    ["acquire", "delay", "interval", "sleep", "sleep_until", "tick", "until_ready", "yield_now"];

/// The iterations of one `for` loop.
pub(super) struct Iterations {
    /// The loop ends early, or waits on purpose.
    is_sequential: bool,
    /// The variables that an iteration changes for the next one.
    changed: HashSet<String>,
}

impl Iterations {
    pub(super) fn of(pattern: &Pat, block: &Block, names: &BodyNames<'_>) -> Self {
        let mut find = LoopNames::new(names);
        find.visit_pat(pattern);
        find.visit_block(block);
        let LoopNames { own, locals, mut changed, is_sequential, .. } = find;
        // A local of the loop that is computed from a changed variable depends on it too.
        let mut carried: HashSet<_> = changed.drain().filter(|name| !own.contains(name)).collect();
        let mut before = usize::MAX;
        while before != carried.len() {
            before = carried.len();
            for (bound, read) in &locals {
                if read.iter().any(|name| carried.contains(name)) {
                    carried.extend(bound.iter().cloned());
                }
            }
        }
        Self { is_sequential, changed: carried }
    }

    /// Returns whether the future `awaited` needs the iteration before, or is under way already.
    pub(super) fn need_order(&self, awaited: &Expr) -> bool {
        let mut read = HashSet::new();
        idents(awaited.to_token_stream(), &mut read);
        self.is_sequential || !has_call(awaited) || read.iter().any(|name| self.changed.contains(name))
    }

    pub(super) fn need_order_of(&self, tokens: &proc_macro2::TokenStream) -> bool {
        let mut read = HashSet::new();
        idents(tokens.clone(), &mut read);
        self.is_sequential || read.iter().any(|name| self.changed.contains(name))
    }
}

/// Returns whether an expression calls anything: a plain handle of a task does not.
fn has_call(expression: &Expr) -> bool {
    struct Calls(bool);
    impl<'ast> Visit<'ast> for Calls {
        fn visit_expr_call(&mut self, _: &'ast ExprCall) {
            self.0 = true;
        }
        fn visit_expr_method_call(&mut self, _: &'ast ExprMethodCall) {
            self.0 = true;
        }
        fn visit_expr_async(&mut self, _: &'ast ExprAsync) {
            self.0 = true;
        }
        fn visit_macro(&mut self, _: &'ast syn::Macro) {
            self.0 = true;
        }
    }
    let mut calls = Calls(false);
    calls.visit_expr(expression);
    calls.0
}

struct LoopNames<'a, 'ast> {
    names: &'a BodyNames<'ast>,
    /// The variables that the loop itself binds.
    own: HashSet<String>,
    /// The variables that each `let` of the loop binds, and the names that it reads.
    locals: Vec<(Vec<String>, HashSet<String>)>,
    changed: HashSet<String>,
    is_sequential: bool,
}

impl<'a, 'ast> LoopNames<'a, 'ast> {
    fn new(names: &'a BodyNames<'ast>) -> Self {
        let (own, locals, changed) = (HashSet::new(), Vec::new(), HashSet::new());
        Self { names, own, locals, changed, is_sequential: false }
    }

    fn change(&mut self, target: &Expr) {
        if let Some(name) = root(target) {
            self.changed.insert(name);
        }
    }
}

impl Visit<'_> for LoopNames<'_, '_> {
    fn visit_item(&mut self, _: &Item) {}

    fn visit_pat_ident(&mut self, pattern: &PatIdent) {
        self.own.insert(pattern.ident.unraw().to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_local(&mut self, local: &Local) {
        if let Some(init) = &local.init {
            let mut bound = PatternVariables(Vec::new());
            bound.visit_pat(&local.pat);
            let mut read = HashSet::new();
            idents(init.expr.to_token_stream(), &mut read);
            self.locals.push((bound.0, read));
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_assign(&mut self, assigned: &ExprAssign) {
        self.change(&assigned.left);
        visit::visit_expr_assign(self, assigned);
    }

    fn visit_expr_binary(&mut self, binary: &ExprBinary) {
        use syn::BinOp::{
            AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, ShlAssign,
            ShrAssign, SubAssign,
        };
        if matches!(
            binary.op,
            AddAssign(_)
                | SubAssign(_)
                | MulAssign(_)
                | DivAssign(_)
                | RemAssign(_)
                | BitXorAssign(_)
                | BitAndAssign(_)
                | BitOrAssign(_)
                | ShlAssign(_)
                | ShrAssign(_)
        ) {
            self.change(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &ExprReference) {
        if reference.mutability.is_some() {
            self.change(&reference.expr);
        }
        visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        let method = call.method.unraw().to_string();
        self.is_sequential |= PACES.contains(&method.as_str());
        if let Some(name) = root(&call.receiver) {
            // A channel keeps the order in which it is sent to.
            self.is_sequential |= method == "send" && self.names.senders.contains(&name);
            if self.names.mutable.contains(&name) {
                self.changed.insert(name);
            }
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &ExprCall) {
        if let Expr::Path(function) = &*call.func {
            let last = function.path.segments.last().map(|last| last.ident.to_string());
            self.is_sequential |= last.is_some_and(|last| PACES.contains(&last.as_str()));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_break(&mut self, it: &ExprBreak) {
        self.is_sequential = true;
        visit::visit_expr_break(self, it);
    }

    fn visit_expr_return(&mut self, it: &ExprReturn) {
        self.is_sequential = true;
        visit::visit_expr_return(self, it);
    }

    fn visit_expr_closure(&mut self, _: &ExprClosure) {}

    fn visit_expr_async(&mut self, _: &ExprAsync) {}
}

/// The variables of a pattern.
struct PatternVariables(Vec<String>);

impl Visit<'_> for PatternVariables {
    fn visit_pat_ident(&mut self, pattern: &PatIdent) {
        self.0.push(pattern.ident.unraw().to_string());
        visit::visit_pat_ident(self, pattern);
    }
}

/// Returns the variable that a place belongs to.
fn root(place: &Expr) -> Option<String> {
    match place {
        Expr::Path(path) => path.path.get_ident().map(|only| only.unraw().to_string()),
        Expr::Field(it) => root(&it.base),
        Expr::Index(it) => root(&it.expr),
        Expr::Paren(it) => root(&it.expr),
        Expr::Group(it) => root(&it.expr),
        Expr::Unary(it) => root(&it.expr),
        Expr::MethodCall(it) => root(&it.receiver),
        Expr::Reference(it) => root(&it.expr),
        _ => None,
    }
}
