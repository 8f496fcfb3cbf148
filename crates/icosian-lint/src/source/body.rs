//! What a body does, as far as names tell.

use std::collections::HashSet;

use icosian_rules::{Await, Body, Call, Fact, Loop, LoopKind, SpanId, StateUse};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprAssign, ExprAsync, ExprAwait, ExprCall, ExprClosure, ExprForLoop, ExprLoop,
    ExprMethodCall, ExprPath, ExprWhile, Item, Local, Macro, Pat, PatIdent, Path, Stmt, Token, Type,
    TypePath,
};

use super::Spans;
use super::function::Source;
use super::scope::Scopes;
use super::written_type::{self, shown};

/// Reads the body of a function that stands in `module`.
pub(super) fn read(source: &Source<'_>, module: usize, scopes: &Scopes, spans: &mut Spans<'_>) -> Body {
    let mut names = Names::default();
    for input in &source.signature.inputs {
        names.visit_fn_arg(input);
    }
    names.visit_block(source.block);
    // The names that the body itself brings stand before those of its module.
    let mut inner = Scopes::default();
    if !names.items.is_empty() {
        inner.add(None, &[], spans);
        for item in &names.items {
            inner.declare(0, item, spans);
        }
    }
    let mut reader = Reader {
        module,
        scopes,
        inner,
        bound: names.bound,
        spans,
        body: Body::default(),
        elsewhere: 0,
        loops: Vec::new(),
        methods: Vec::new(),
        is_dropped: false,
        seen: HashSet::new(),
    };
    reader.visit_block(source.block);
    reader.body
}

/// The names that a body brings: variables, and items in its blocks.
#[derive(Default)]
struct Names<'ast> {
    bound: HashSet<String>,
    items: Vec<&'ast Item>,
}

impl<'ast> Visit<'ast> for Names<'ast> {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.bound.insert(pattern.ident.unraw().to_string());
        visit::visit_pat_ident(self, pattern);
    }
    fn visit_item(&mut self, item: &'ast Item) {
        self.items.push(item);
    }
}

struct Reader<'a, 'b> {
    module: usize,
    scopes: &'a Scopes,
    inner: Scopes,
    bound: HashSet<String>,
    spans: &'a mut Spans<'b>,
    body: Body,
    /// How many closures and async blocks are around what is visited.
    elsewhere: usize,
    /// The loops around it, from the outside; `for` loops with their word.
    loops: Vec<Option<SpanId>>,
    /// The methods that are called on what is visited, the last one first.
    methods: Vec<String>,
    /// What the call that is visited next gives, or the methods on it, is dropped.
    is_dropped: bool,
    /// The statics that were seen.
    seen: HashSet<SpanId>,
}

/// Macros of the standard library and of tokio's and tracing's that evaluate their arguments, in place and in order.
const EVALUATING: [&str; 26] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "error",
    "format",
    "format_args",
    "info",
    "panic",
    "print",
    "println",
    "join",
    "trace",
    "try_join",
    "unimplemented",
    "unreachable",
    "vec",
    "warn",
    "write",
    "writeln",
];

impl Reader<'_, '_> {
    fn resolve(&self, path: &Path) -> Fact<String> {
        if let Some(only) = path.get_ident()
            && self.bound.contains(&only.unraw().to_string())
        {
            return Fact::Unknown;
        }
        if !self.inner.known_first(path) {
            return self.scopes.resolve(self.module, path);
        }
        match self.inner.resolve(0, path) {
            // What the body's own `use`s lead to stands in its module.
            Fact::Known(path) => self.scopes.resolve_text(self.module, &path),
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// Returns the full path that is called, also when it begins with a type in angle brackets.
    fn resolve_call(&self, called: &ExprPath) -> Fact<String> {
        match &called.qself {
            None => self.resolve(&called.path),
            // `<File as Trait>::open`: who does it is the trait's.
            Some(of) if of.position > 0 => Fact::Unknown,
            Some(of) => match written_type::bare(&of.ty) {
                Type::Path(TypePath { qself: None, path, .. }) => {
                    let mut full = path.clone();
                    full.segments.extend(called.path.segments.iter().cloned());
                    self.resolve(&full)
                }
                _ => Fact::Unknown,
            },
        }
    }

    /// Returns where the static that may change and that `path` names is declared. The body's own names hide its module's.
    fn state(&self, path: &Path) -> Option<SpanId> {
        if !self.inner.known_first(path) {
            return self.scopes.state(self.module, path);
        }
        let own = self.inner.state(0, path);
        own.or_else(|| match self.inner.resolve(0, path) {
            Fact::Known(path) => self.scopes.state_text(self.module, &path),
            Fact::Unknown => None,
        })
    }

    fn inside(&mut self, kind: LoopKind, word: SpanId, block: &Block) {
        let only_calls = self.only_calls(block);
        self.body.loops.push(Loop { kind, span: word, only_calls });
        self.loops.push((kind == LoopKind::For).then_some(word));
        self.visit_block(block);
        self.loops.pop();
    }

    /// Returns the paths that a block calls, when it does nothing else but perhaps leave.
    fn only_calls(&self, block: &Block) -> Fact<Vec<String>> {
        let mut paths = Vec::new();
        self.add_only_calls(block, &mut paths).then_some(paths).into()
    }

    /// Adds these paths; says whether there is nothing else.
    fn add_only_calls(&self, block: &Block, paths: &mut Vec<String>) -> bool {
        block.stmts.iter().all(|statement| {
            let Stmt::Expr(expression, _) = statement else { return false };
            let mut expression = expression;
            while let Expr::Await(inner) = expression {
                expression = &inner.base;
            }
            match expression {
                Expr::Call(call) => match &*call.func {
                    Expr::Path(path) => match self.resolve_call(path) {
                        Fact::Known(path) => {
                            paths.push(path);
                            true
                        }
                        Fact::Unknown => false,
                    },
                    _ => false,
                },
                Expr::If(it) => {
                    let is_only = leaves(&it.then_branch) || self.add_only_calls(&it.then_branch, paths);
                    is_only
                        && match it.else_branch.as_ref().map(|(_, other)| &**other) {
                            None => true,
                            Some(Expr::Block(other)) => {
                                leaves(&other.block) || self.add_only_calls(&other.block, paths)
                            }
                            Some(_) => false,
                        }
                }
                _ => false,
            }
        })
    }

    /// Visits what an expression has inside it, with nothing called on it.
    fn apart(&mut self, visit: impl FnOnce(&mut Self)) {
        let methods = std::mem::take(&mut self.methods);
        visit(self);
        self.methods = methods;
    }

    fn elsewhere(&mut self, visit: impl FnOnce(&mut Self)) {
        self.elsewhere += 1;
        let loops = std::mem::take(&mut self.loops);
        self.apart(visit);
        self.loops = loops;
        self.elsewhere -= 1;
    }

    /// Visits a value that nobody keeps.
    fn dropped(&mut self, value: &Expr) {
        match value {
            Expr::Block(it) if it.label.is_none() => self.apart(|reader| reader.dropped_by(&it.block)),
            Expr::Unsafe(it) => self.apart(|reader| reader.dropped_by(&it.block)),
            Expr::If(it) => self.apart(|reader| {
                reader.visit_expr(&it.cond);
                reader.dropped_by(&it.then_branch);
                if let Some((_, other)) = &it.else_branch {
                    reader.dropped(other);
                }
            }),
            Expr::Group(it) => self.dropped(&it.expr),
            Expr::Paren(it) => self.dropped(&it.expr),
            _ => {
                self.is_dropped = is_chain(value);
                self.visit_expr(value);
            }
        }
    }

    /// Visits a block whose value nobody keeps.
    fn dropped_by(&mut self, block: &Block) {
        for statement in &block.stmts {
            match statement {
                Stmt::Expr(value, None) => self.dropped(value),
                _ => self.visit_stmt(statement),
            }
        }
    }

    fn note_await(&mut self, span: SpanId) {
        let inside_for = self.loops.last().copied().flatten();
        self.body.awaits.push(Await { span, inside_for, is_elsewhere: self.elsewhere > 0 });
    }
}

impl<'ast> Visit<'ast> for Reader<'_, '_> {
    fn visit_item(&mut self, _: &'ast Item) {
        // It runs when somebody calls it.
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
        if let (Pat::Wild(_), Some(init)) = (pattern, &local.init)
            && init.diverge.is_none()
        {
            self.dropped(&init.expr);
        } else {
            visit::visit_local(self, local);
        }
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            // What is called on these is called on what is inside them.
            Expr::Await(_)
            | Expr::Call(_)
            | Expr::Group(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Try(_) => {
                visit::visit_expr(self, expression);
            }
            Expr::Verbatim(_) => self.body.is_opaque = true,
            _ => self.apart(|reader| visit::visit_expr(reader, expression)),
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.methods.push(call.method.unraw().to_string());
        self.visit_expr(&call.receiver);
        self.methods.pop();
        self.apart(|reader| call.args.iter().for_each(|argument| reader.visit_expr(argument)));
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let is_dropped = std::mem::take(&mut self.is_dropped);
        if let Expr::Path(function) = &*call.func {
            let known = Call {
                path: self.resolve_call(function),
                written: shown(function),
                methods: self.methods.iter().rev().cloned().collect(),
                span: self.spans.of(function),
                is_elsewhere: self.elsewhere > 0,
                is_dropped,
            };
            let drops = known.is_to(&["drop", "std::mem::drop", "core::mem::drop"]);
            self.body.calls.push(known);
            if drops && let Some(value) = call.args.first() {
                return self.apart(|reader| reader.dropped(value));
            }
        }
        self.apart(|reader| visit::visit_expr_call(reader, call));
    }

    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        self.visit_expr(&expression.base);
        let span = self.spans.of(&expression.await_token);
        self.note_await(span);
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.elsewhere(|reader| visit::visit_expr_closure(reader, closure));
    }

    fn visit_expr_async(&mut self, block: &'ast ExprAsync) {
        self.elsewhere(|reader| visit::visit_expr_async(reader, block));
    }

    fn visit_expr_for_loop(&mut self, it: &'ast ExprForLoop) {
        self.visit_expr(&it.expr);
        let word = self.spans.of(&it.for_token);
        self.inside(LoopKind::For, word, &it.body);
    }

    fn visit_expr_while(&mut self, it: &'ast ExprWhile) {
        self.visit_expr(&it.cond);
        let word = self.spans.of(&it.while_token);
        self.inside(LoopKind::While, word, &it.body);
    }

    fn visit_expr_loop(&mut self, it: &'ast ExprLoop) {
        let word = self.spans.of(&it.loop_token);
        self.inside(LoopKind::Loop, word, &it.body);
    }

    fn visit_expr_path(&mut self, expression: &'ast ExprPath) {
        let path = &expression.path;
        let is_bound = path.get_ident().is_some_and(|only| self.bound.contains(&only.unraw().to_string()));
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
        if !EVALUATING.contains(&name.as_str()) {
            self.body.is_opaque = true;
            return;
        }
        let Ok(arguments) = arguments.parse2(called.tokens.clone()) else {
            self.body.is_opaque = true;
            return;
        };
        self.apart(|reader| arguments.iter().for_each(|argument| reader.visit_expr(argument)));
        if name == "join" || name == "try_join" {
            let span = self.spans.of(&called.path);
            self.note_await(span);
        }
    }
}

/// Returns whether all that a block does is to leave the loop around it.
fn leaves(block: &Block) -> bool {
    matches!(&*block.stmts, [Stmt::Expr(Expr::Break(_) | Expr::Return(_), _)])
}

/// Returns whether `value` is a call of a path, or of methods on what one gives.
fn is_chain(value: &Expr) -> bool {
    match value {
        Expr::Call(call) => matches!(*call.func, Expr::Path(_)),
        Expr::Group(it) => is_chain(&it.expr),
        Expr::MethodCall(it) => is_chain(&it.receiver),
        Expr::Paren(it) => is_chain(&it.expr),
        Expr::Try(it) => is_chain(&it.expr),
        _ => false,
    }
}

/// Reads `a, b` and `a; b`.
fn arguments(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let mut arguments = Vec::new();
    if input.is_empty() {
        return Ok(arguments);
    }
    arguments.push(input.parse()?);
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    } else if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    arguments.extend(Punctuated::<Expr, Token![,]>::parse_terminated(input)?);
    Ok(arguments)
}
