//! The traversal of a body.

use icosian_rules::{Call, Fact, LoopKind, StateUse};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::visit::{self, Visit};
use syn::{
    Arm, Block, Expr, ExprAssign, ExprAsync, ExprAwait, ExprCall, ExprClosure, ExprForLoop, ExprIf, ExprLet,
    ExprLoop, ExprMatch, ExprMethodCall, ExprPath, ExprTry, ExprWhile, Item, Local, Macro, Pat, Stmt,
};

use super::iterations::Iterations;
use super::macro_input::{arguments, select_arms};
use super::tables::{AWAIT, EVALUATING, FOR, POLLING, TRY};
use super::{BodyReader, FOLLOWED};

impl<'ast> Visit<'ast> for BodyReader<'_, '_, '_> {
    fn visit_item(&mut self, _: &'ast Item) {
        // It runs when it is called.
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.within(|reader| visit::visit_block(reader, block));
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        match statement {
            Stmt::Expr(value, Some(_)) => self.dropped(value),
            _ => visit::visit_stmt(self, statement),
        }
    }

    fn visit_expr_assign(&mut self, assigned: &'ast ExprAssign) {
        if matches!(*assigned.left, Expr::Infer(_)) {
            self.dropped(&assigned.right);
        } else {
            visit::visit_expr_assign(self, assigned);
        }
    }

    fn visit_local(&mut self, local: &'ast Local) {
        let pattern = match &local.pat {
            Pat::Type(typed) => &typed.pat,
            other => other,
        };
        let name = match pattern {
            Pat::Ident(it) => Some(it.ident.unraw().to_string()),
            _ => None,
        };
        // `let _handle = ..` keeps the value to the end of the block and does nothing else with it.
        let is_unused = name.as_ref().is_some_and(|it| it.starts_with('_') && !self.names.used.contains(it));
        let runs_here = name.as_ref().is_some_and(|it| self.names.runs_here(it));
        match &local.init {
            Some(init) if init.diverge.is_none() && (matches!(pattern, Pat::Wild(_)) || is_unused) => {
                self.dropped(&init.expr);
            }
            Some(init) if runs_here => match &*init.expr {
                Expr::Closure(closure) if closure.asyncness.is_none() => self.run_closure(closure, None),
                Expr::Async(_) => {
                    self.with_after(vec![AWAIT.to_owned()], |reader| reader.visit_expr(&init.expr));
                }
                other => self.apart(|reader| reader.visit_expr(other)),
            },
            Some(init) => self.apart(|reader| {
                reader.visit_expr(&init.expr);
                init.diverge.iter().for_each(|(_, other)| reader.visit_expr(other));
            }),
            None => {}
        }
        let of = local.init.as_ref().and_then(|init| self.type_of(&init.expr, FOLLOWED));
        self.bind(&local.pat, of);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            // The steps after these apply to the expression inside them.
            Expr::Await(_)
            | Expr::Call(_)
            | Expr::Group(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Async(_)
            | Expr::Try(_) => {
                visit::visit_expr(self, expression);
            }
            Expr::Verbatim(_) => self.body.is_opaque = true,
            _ => self.apart(|reader| visit::visit_expr(reader, expression)),
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let of = self.type_of(&call.receiver, FOLLOWED);
        let method = call.method.unraw().to_string();
        self.applying(&method, |reader| reader.visit_expr(&call.receiver));
        self.note_method(call, of.as_ref());
        self.visit_arguments(call, of.as_ref());
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let is_dropped = std::mem::take(&mut self.is_dropped);
        let mut name = String::new();
        if let Expr::Path(function) = &*call.func {
            let path = self.note_call(function);
            let is_lost = is_dropped && !self.reports_back(call);
            if let Some(noted) = self.body.calls.last_mut() {
                noted.is_dropped = is_lost;
            }
            let drops = ["drop", "std::mem::drop", "core::mem::drop"];
            if path.known().is_some_and(|path| drops.contains(&path.as_str()))
                && let Some(value) = call.args.first()
            {
                return self.apart(|reader| reader.dropped(value));
            }
            name = function.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        }
        let polls = POLLING.contains(&name.as_str()) && self.after.iter().any(|step| step == AWAIT);
        let after = if polls { vec![AWAIT.to_owned()] } else { Vec::new() };
        let spawns = name.contains("spawn");
        self.spawned += usize::from(spawns);
        self.with_after(after, |reader| {
            reader.visit_expr(&call.func);
            call.args.iter().for_each(|argument| reader.visit_expr(argument));
        });
        self.spawned -= usize::from(spawns);
    }

    fn visit_expr_try(&mut self, it: &'ast ExprTry) {
        self.applying(TRY, |reader| reader.visit_expr(&it.expr));
    }

    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        self.applying(AWAIT, |reader| reader.visit_expr(&expression.base));
        let span = self.spans.of(&expression.await_token);
        self.note_await(span, |iterations| iterations.need_order(&expression.base));
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.elsewhere(|reader| {
            for input in &closure.inputs {
                reader.bind(input, None);
            }
            reader.visit_expr(&closure.body);
        });
    }

    fn visit_expr_async(&mut self, block: &'ast ExprAsync) {
        if self.after.iter().any(|step| step == AWAIT) && self.spawned == 0 {
            self.apart(|reader| reader.visit_block(&block.block));
        } else {
            self.elsewhere(|reader| reader.visit_block(&block.block));
        }
    }

    fn visit_expr_let(&mut self, it: &'ast ExprLet) {
        self.visit_expr(&it.expr);
        let of = self.type_of(&it.expr, FOLLOWED);
        self.bind(&it.pat, of);
    }

    fn visit_expr_if(&mut self, it: &'ast ExprIf) {
        self.within(|reader| {
            reader.visit_expr(&it.cond);
            reader.visit_block(&it.then_branch);
        });
        if let Some((_, other)) = &it.else_branch {
            self.visit_expr(other);
        }
    }

    fn visit_expr_match(&mut self, it: &'ast ExprMatch) {
        self.visit_expr(&it.expr);
        let of = self.type_of(&it.expr, FOLLOWED);
        for Arm { pat, body, .. } in &it.arms {
            self.within(|reader| {
                reader.bind(pat, of.clone());
                if let Pat::Guard(it) = pat {
                    reader.visit_expr(&it.guard);
                }
                reader.visit_expr(body);
            });
        }
    }

    fn visit_expr_for_loop(&mut self, it: &'ast ExprForLoop) {
        self.applying(FOR, |reader| reader.visit_expr(&it.expr));
        let of = self.type_of(&it.expr, FOLLOWED);
        if let Some(of) = &of
            && let Some(short) = of.short()
        {
            let path = Fact::Known(format!("{}::into_iter", of.path));
            let (written, span) = (format!("{short}::into_iter"), self.spans.of(&it.expr));
            let is_elsewhere = self.elsewhere > 0;
            let method = Some("into_iter".to_owned());
            self.body.calls.push(Call { path, written, method, span, is_elsewhere, ..Call::default() });
        }
        let word = self.spans.of(&it.for_token);
        let iterations = Iterations::of(&it.pat, &it.body, &self.names);
        self.within(|reader| {
            reader.bind(&it.pat, of.and_then(|of| of.element()));
            reader.inside(LoopKind::For, word, &it.body, Some(iterations));
        });
    }

    fn visit_expr_while(&mut self, it: &'ast ExprWhile) {
        self.within(|reader| {
            reader.visit_expr(&it.cond);
            let word = reader.spans.of(&it.while_token);
            reader.inside(LoopKind::While, word, &it.body, None);
        });
    }

    fn visit_expr_loop(&mut self, it: &'ast ExprLoop) {
        let word = self.spans.of(&it.loop_token);
        self.inside(LoopKind::Loop, word, &it.body, None);
    }

    fn visit_expr_path(&mut self, expression: &'ast ExprPath) {
        let path = &expression.path;
        let is_bound = path.get_ident().is_some_and(|only| self.names.is_bound(&only.unraw().to_string()));
        if is_bound {
            return;
        }
        if let Some(declared) = self.state(path)
            && self.seen.insert(declared)
            && let Some(last) = path.segments.last()
        {
            let span = self.spans.of(path);
            self.body.states.push(StateUse { name: last.ident.unraw().to_string(), span, declared });
        }
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        let name = called.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if name == "select" {
            match select_arms.parse2(called.tokens.clone()) {
                Ok(arms) => self.visit_select(&arms),
                Err(_) => self.body.is_opaque = true,
            }
            let span = self.spans.of(&called.path);
            self.note_await(span, |iterations| iterations.need_order_of(&called.tokens));
            return;
        }
        if !EVALUATING.contains(&name.as_str()) {
            self.body.is_opaque = true;
            return;
        }
        let Ok(arguments) = arguments.parse2(called.tokens.clone()) else {
            self.body.is_opaque = true;
            return;
        };
        let is_join = name == "join" || name == "try_join";
        let after = if is_join { vec![AWAIT.to_owned()] } else { Vec::new() };
        self.with_after(after, |reader| arguments.iter().for_each(|argument| reader.visit_expr(argument)));
        if is_join {
            let span = self.spans.of(&called.path);
            self.note_await(span, |iterations| iterations.need_order_of(&called.tokens));
        }
    }
}
