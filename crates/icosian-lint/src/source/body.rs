//! Reads the facts of a body from names and well-known types.

mod iterations;
mod macro_input;
mod names;
mod tables;
mod traversal;

use std::collections::{HashMap, HashSet};

use icosian_rules::{Await, BodyFacts, Call, Fact, Loop, LoopKind, SpanId};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::visit::Visit;
use syn::{
    Block, Expr, ExprCall, ExprClosure, ExprMethodCall, ExprPath, FnArg, Pat, Path, ReturnType, Stmt, Type,
    TypePath,
};

use self::iterations::Iterations;
use self::macro_input::SelectArm;
use self::names::BodyNames;
use self::tables::{AWAIT, CONSUMING, EAGER, FOR, LAZY, QUERIES, TRY};
use super::Spans;
use super::scope::{DeclaredFunction, Scopes};
use super::value_type::{self, Ty};
use icosian_syntax::written_type::{self, shown};

/// The functions of a file that nodes call, in the order in which they were found.
#[derive(Default)]
pub(super) struct Helpers {
    /// Their positions in the file's scopes.
    pub(super) order: Vec<usize>,
    positions: HashMap<usize, usize>,
}

impl Helpers {
    /// Returns the position of a function among the helpers, and adds it if it is new.
    fn of(&mut self, function: usize) -> usize {
        *self.positions.entry(function).or_insert_with(|| {
            self.order.push(function);
            self.order.len() - 1
        })
    }
}

/// Reads a body.
pub(super) fn read<'ast>(
    source: DeclaredFunction<'ast>,
    scopes: &Scopes<'ast>,
    helpers: &mut Helpers,
    spans: &mut Spans<'_>,
) -> BodyFacts {
    let mut names = BodyNames::default();
    for input in &source.signature.inputs {
        names.visit_fn_arg(input);
    }
    names.visit_block(source.block);
    // The names that the body declares hide those of its module.
    let mut inner = Scopes::default();
    if !names.items.is_empty() {
        inner.add(None, &[], spans);
        for item in &names.items {
            inner.declare(0, item, spans);
        }
    }
    let mut reader = BodyReader {
        source,
        scopes,
        inner,
        names,
        helpers,
        spans,
        body: BodyFacts::default(),
        variables: Vec::new(),
        elsewhere: 0,
        spawned: 0,
        loops: Vec::new(),
        after: Vec::new(),
        is_dropped: false,
        seen: HashSet::new(),
    };
    let of = source.of.and_then(|of| reader.read_type(of));
    for input in &source.signature.inputs {
        match input {
            FnArg::Receiver(_) => reader.variables.push(("self".to_owned(), of.clone())),
            FnArg::Typed(input) => {
                let written = reader.read_type(&input.ty);
                reader.bind(&input.pat, written);
            }
        }
    }
    reader.visit_block(source.block);
    reader.body
}

struct BodyReader<'a, 'b, 'ast> {
    source: DeclaredFunction<'ast>,
    scopes: &'a Scopes<'ast>,
    inner: Scopes<'ast>,
    names: BodyNames<'ast>,
    helpers: &'a mut Helpers,
    spans: &'a mut Spans<'b>,
    body: BodyFacts,
    /// The variables in scope with their types, the innermost last.
    variables: Vec<(String, Option<Ty>)>,
    /// The number of closures and async blocks around the visited expression that may run elsewhere.
    elsewhere: usize,
    /// The number of calls around it that start a task or a thread.
    spawned: usize,
    /// The loops around it, from the outside; `for` loops with their word and what their iterations need.
    loops: Vec<Option<(SpanId, Iterations)>>,
    /// The steps applied to the value of the visited expression, the first one last: methods, `?`, `.await`, `for`.
    after: Vec<String>,
    /// The result of the next visited call, or of the methods on it, is dropped.
    is_dropped: bool,
    /// The statics that were seen.
    seen: HashSet<SpanId>,
}

/// The number of expressions that a type is followed through.
const FOLLOWED: usize = 64;

impl BodyReader<'_, '_, '_> {
    fn resolve(&self, path: &Path) -> Fact<String> {
        if let Some(only) = path.get_ident()
            && self.names.is_bound(&only.unraw().to_string())
        {
            return Fact::Unknown;
        }
        self.resolve_type(path)
    }

    /// Returns the full path of a type, which no variable can hide.
    fn resolve_type(&self, path: &Path) -> Fact<String> {
        if !self.inner.known_first(path) {
            return self.scopes.resolve(self.source.module, path);
        }
        match self.inner.resolve(0, path) {
            // The body's `use` items are resolved first; the result is a path in the module.
            Fact::Known(path) => self.scopes.resolve_text(self.source.module, &path),
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// Returns the full path of a called function, also when it begins with a type in angle brackets.
    fn resolve_call(&self, called: &ExprPath) -> Fact<String> {
        match &called.qself {
            None => self.resolve(&called.path),
            // `<File as Trait>::open`: the trait decides.
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

    /// Returns where the mutable static that `path` names is declared. The body's own names hide its module's.
    fn state(&self, path: &Path) -> Option<SpanId> {
        if !self.inner.known_first(path) {
            return self.scopes.state(self.source.module, path);
        }
        let own = self.inner.state(0, path);
        own.or_else(|| match self.inner.resolve(0, path) {
            Fact::Known(path) => self.scopes.state_text(self.source.module, &path),
            Fact::Unknown => None,
        })
    }

    /// Returns the function of this file that `path` calls.
    fn callee(&self, path: &Path) -> Option<usize> {
        let first = path.segments.first()?.ident.unraw().to_string();
        if self.inner.known_first(path) || path.segments.len() == 1 && self.names.is_bound(&first) {
            return None;
        }
        if first == "Self"
            && let (Some(of), 2) = (self.source.of, path.segments.len())
        {
            let of = self.read_type(of)?;
            return self.scopes.method(&of.path, &path.segments.last()?.ident.unraw().to_string());
        }
        self.scopes.function(self.source.module, path)
    }

    fn read_type(&self, written: &Type) -> Option<Ty> {
        Ty::read(written, &|path| self.resolve_type(path))
    }

    /// Adds the variables of a pattern, whose value has the type `of`.
    fn bind(&mut self, pattern: &Pat, of: Option<Ty>) {
        match pattern {
            Pat::Ident(it) => self.variables.push((it.ident.unraw().to_string(), of)),
            Pat::Guard(it) => self.bind(&it.pat, of),
            Pat::Paren(it) => self.bind(&it.pat, of),
            Pat::Reference(it) => self.bind(&it.pat, of),
            Pat::Type(it) => {
                let written = self.read_type(&it.ty);
                // `Vec<_>` does not name the element.
                let written = written.filter(|it| !it.is_sequence() || it.element().is_some());
                self.bind(&it.pat, written.or(of));
            }
            Pat::Tuple(it) => {
                for (at, part) in it.elems.iter().enumerate() {
                    self.bind(part, of.as_ref().and_then(|of| of.part(at)));
                }
            }
            Pat::TupleStruct(it) => {
                let is_value =
                    it.path.segments.last().is_some_and(|it| it.ident == "Some" || it.ident == "Ok");
                for part in &it.elems {
                    self.bind(part, of.clone().filter(|_| is_value));
                }
            }
            Pat::Struct(it) => it.fields.iter().for_each(|field| self.bind(&field.pat, None)),
            Pat::Slice(it) => it.elems.iter().for_each(|part| self.bind(part, None)),
            Pat::Or(it) => it.cases.iter().for_each(|case| self.bind(case, None)),
            _ => {}
        }
    }

    /// Visits with variables that end with it.
    fn within(&mut self, visit: impl FnOnce(&mut Self)) {
        let count = self.variables.len();
        visit(self);
        self.variables.truncate(count);
    }

    fn type_of(&self, expression: &Expr, left: usize) -> Option<Ty> {
        let left = left.checked_sub(1)?;
        match expression {
            Expr::Path(path) => {
                let name = path.path.get_ident()?.unraw().to_string();
                self.variables.iter().rev().find(|(known, _)| *known == name)?.1.clone()
            }
            Expr::Reference(it) => self.type_of(&it.expr, left),
            Expr::Paren(it) => self.type_of(&it.expr, left),
            Expr::Group(it) => self.type_of(&it.expr, left),
            Expr::Unary(it) => self.type_of(&it.expr, left),
            Expr::Try(it) => self.type_of(&it.expr, left),
            Expr::Await(it) => self.type_of(&it.base, left),
            Expr::Field(it) => {
                let base = self.type_of(&it.base, left)?;
                if let syn::Member::Unnamed(at) = &it.member
                    && let Some(part) = base.part(at.index as usize)
                {
                    return Some(part);
                }
                let (module, written) = self.scopes.field(&base.path, &it.member)?;
                Ty::read(written, &|path| self.scopes.resolve(module, path))
            }
            Expr::Index(it) => self.type_of(&it.expr, left)?.element(),
            Expr::MethodCall(it) => {
                let method = it.method.unraw().to_string();
                let receiver = self.type_of(&it.receiver, left);
                if let Some(returned) = receiver.as_ref().and_then(|of| of.after(&method)) {
                    return Some(returned);
                }
                if let Some(of) = &receiver
                    && of.path.starts_with("crate::")
                    && let Some(function) = self.scopes.method(&of.path, &method)
                {
                    return self.output_of(function);
                }
                let Some(Expr::Closure(closure)) = it.args.first() else { return None };
                (method == "map")
                    .then(|| self.type_of(&closure.body, left).map(|it| Ty::sequence(Some(it))))?
            }
            Expr::Call(it) => {
                let Expr::Path(function) = &*it.func else { return None };
                let first = || self.type_of(it.args.first()?, left);
                let constructs = function.path.segments.iter().rev().take(2).map(|it| it.ident.to_string());
                let written = constructs.collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("::");
                match self.resolve_call(function) {
                    Fact::Known(path) => match self.callee(&function.path) {
                        Some(callee) => self.output_of(callee),
                        None => value_type::returned(&path, first),
                    },
                    Fact::Unknown => {
                        value_type::returned(&written, first).filter(|_| !self.names.is_bound(&written))
                    }
                }
            }
            Expr::Struct(it) => Ty::named(self.resolve_type(&it.path).known()?),
            _ => None,
        }
    }

    /// Returns the type that a function of this file returns.
    fn output_of(&self, function: usize) -> Option<Ty> {
        let declared = self.scopes.declared(function)?;
        let ReturnType::Type(_, written) = &declared.signature.output else { return None };
        if written_type::ends_with(written, "Self") {
            return Ty::read(declared.of?, &|path| self.scopes.resolve(declared.module, path));
        }
        Ty::read(written, &|path| self.scopes.resolve(declared.module, path))
    }

    fn inside(&mut self, kind: LoopKind, word: SpanId, block: &Block, iterations: Option<Iterations>) {
        let only_calls = self.only_calls(block);
        self.body.loops.push(Loop { kind, span: word, only_calls });
        self.loops.push(iterations.map(|it| (word, it)));
        self.visit_block(block);
        self.loops.pop();
    }

    /// Returns the paths that a block calls, if it does nothing else but perhaps leave.
    fn only_calls(&self, block: &Block) -> Fact<Vec<String>> {
        let mut paths = Vec::new();
        self.add_only_calls(block, &mut paths).then_some(paths).into()
    }

    /// Adds these paths; returns whether there is nothing else.
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

    /// Visits a part of an expression whose value has no further steps applied.
    fn apart(&mut self, visit: impl FnOnce(&mut Self)) {
        self.with_after(Vec::new(), visit);
    }

    fn with_after(&mut self, after: Vec<String>, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.after, after);
        visit(self);
        self.after = before;
    }

    /// Visits an expression whose value has `step` applied first.
    fn applying(&mut self, step: &str, visit: impl FnOnce(&mut Self)) {
        self.after.push(step.to_owned());
        visit(self);
        self.after.pop();
    }

    fn elsewhere(&mut self, visit: impl FnOnce(&mut Self)) {
        self.elsewhere += 1;
        let loops = std::mem::take(&mut self.loops);
        self.apart(|reader| reader.within(visit));
        self.loops = loops;
        self.elsewhere -= 1;
    }

    fn is_awaited(&self) -> bool {
        self.after.last().is_some_and(|step| step == AWAIT)
    }

    /// Visits a value that is dropped.
    fn dropped(&mut self, value: &Expr) {
        match value {
            Expr::Block(it) if it.label.is_none() => self.apart(|reader| reader.dropped_by(&it.block)),
            Expr::Unsafe(it) => self.apart(|reader| reader.dropped_by(&it.block)),
            Expr::If(it) => self.apart(|reader| {
                reader.within(|reader| {
                    reader.visit_expr(&it.cond);
                    reader.dropped_by(&it.then_branch);
                });
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

    /// Visits a block whose value is dropped.
    fn dropped_by(&mut self, block: &Block) {
        self.within(|reader| {
            for statement in &block.stmts {
                match statement {
                    Stmt::Expr(value, None) => reader.dropped(value),
                    _ => reader.visit_stmt(statement),
                }
            }
        });
    }

    fn note_await(&mut self, span: SpanId, needs_order: impl FnOnce(&Iterations) -> bool) {
        let innermost = self.loops.last().and_then(Option::as_ref);
        let inside_for = innermost.filter(|(_, it)| !needs_order(it)).map(|(word, _)| *word);
        self.body.awaits.push(Await { span, inside_for, is_elsewhere: self.elsewhere > 0 });
    }

    /// Visits the arguments of a method that is called on a value of the type `of`.
    fn visit_arguments(&mut self, call: &ExprMethodCall, of: Option<&Ty>) {
        let method = call.method.unraw().to_string();
        let is_consumed = || self.after.iter().any(|step| CONSUMING.contains(&step.as_str()));
        let runs_here = EAGER.contains(&method.as_str()) || LAZY.contains(&method.as_str()) && is_consumed();
        let runs_here = runs_here && self.spawned == 0 && !has_parallel(&call.receiver);
        // Only `bool::then` has a closure without parameters.
        let is_eager_then = method == "then" && self.spawned == 0;
        let element = of.and_then(|of| if of.is_sequence() { of.element() } else { Some(of.clone()) });
        let spawns = method.contains("spawn");
        self.spawned += usize::from(spawns);
        let after = if method == "extend" { vec!["collect".to_owned()] } else { Vec::new() };
        self.with_after(after, |reader| {
            for argument in &call.args {
                match argument {
                    Expr::Closure(closure)
                        if closure.asyncness.is_none()
                            && (runs_here || is_eager_then && closure.inputs.is_empty()) =>
                    {
                        reader.run_closure(closure, element.as_ref());
                    }
                    Expr::Path(function) if runs_here => {
                        reader.visit_expr(argument);
                        reader.note_call(function);
                    }
                    _ => reader.visit_expr(argument),
                }
            }
        });
        self.spawned -= usize::from(spawns);
    }

    /// Visits a closure that runs in place; its last parameter is an element.
    fn run_closure(&mut self, closure: &ExprClosure, element: Option<&Ty>) {
        self.apart(|reader| {
            reader.within(|reader| {
                for (at, input) in closure.inputs.iter().enumerate() {
                    let is_last = at + 1 == closure.inputs.len();
                    reader.bind(input, element.filter(|_| is_last).cloned());
                }
                let loops = std::mem::take(&mut reader.loops);
                reader.visit_expr(&closure.body);
                reader.loops = loops;
            });
        });
    }

    /// Adds the call of the function at a path.
    fn note_call(&mut self, function: &ExprPath) -> Fact<String> {
        let mut path = self.resolve_call(function);
        if let Fact::Known(known) = &path
            && known.starts_with("diesel::")
            && known.ends_with("Connection::establish")
        {
            path = Fact::Known("diesel::Connection::establish".to_owned());
        }
        let methods = self.after.iter().rev().filter(|step| ![AWAIT, TRY, FOR].contains(&step.as_str()));
        let helper = self.callee(&function.path).filter(|_| function.qself.is_none());
        let call = Call {
            path: path.clone(),
            written: shown(function),
            method: None,
            methods: methods.cloned().collect(),
            span: self.spans.of(function),
            helper: helper.map(|function| self.helpers.of(function)),
            is_elsewhere: self.elsewhere > 0,
            is_awaited: self.is_awaited(),
            is_dropped: false,
        };
        self.body.calls.push(call);
        path
    }

    /// Returns whether an argument has the sending half of a channel that the body created.
    fn reports_back(&self, call: &ExprCall) -> bool {
        let mut used = HashSet::new();
        call.args.iter().for_each(|argument| names::idents(argument.to_token_stream(), &mut used));
        self.names.senders.iter().any(|sender| used.contains(sender))
    }

    /// Adds the call of a method on a value of the type `of`.
    fn note_method(&mut self, call: &ExprMethodCall, of: Option<&Ty>) {
        let method = call.method.unraw().to_string();
        let takes_diesel =
            |argument: &Expr| self.type_of(argument, FOLLOWED).is_some_and(|it| it.is_diesel());
        let is_query = QUERIES.contains(&method.as_str()) && call.args.iter().any(takes_diesel);
        let (path, owner) = match of {
            _ if is_query => (Fact::Known(format!("diesel::RunQueryDsl::{method}")), None),
            Some(of) => match of.short() {
                Some(short) => (Fact::Known(format!("{}::{method}", of.path)), Some(short)),
                None => (Fact::Unknown, None),
            },
            None => (Fact::Unknown, None),
        };
        let own = of.filter(|of| of.path.starts_with("crate::"));
        let helper = own.and_then(|of| self.scopes.method(&of.path, &method));
        let call = Call {
            path,
            written: owner.map_or_else(|| method.clone(), |owner| format!("{owner}::{method}")),
            span: self.spans.of(&call.method),
            method: Some(method),
            methods: Vec::new(),
            helper: helper.map(|function| self.helpers.of(function)),
            is_elsewhere: self.elsewhere > 0,
            is_awaited: self.is_awaited(),
            is_dropped: false,
        };
        self.body.calls.push(call);
    }

    /// Visits the arms of `select!`: futures are awaited, the others run in place.
    fn visit_select(&mut self, arms: &[SelectArm]) {
        for arm in arms {
            self.within(|reader| {
                if let Some((pattern, future)) = &arm.future {
                    reader.with_after(vec![AWAIT.to_owned()], |reader| reader.visit_expr(future));
                    let of = reader.type_of(future, FOLLOWED);
                    reader.bind(pattern, of);
                }
                reader.apart(|reader| {
                    arm.condition.iter().for_each(|condition| reader.visit_expr(condition));
                    reader.visit_expr(&arm.handler);
                });
            });
        }
    }
}

/// Returns whether a block only leaves the enclosing loop.
fn leaves(block: &Block) -> bool {
    matches!(&*block.stmts, [Stmt::Expr(Expr::Break(_) | Expr::Return(_), _)])
}

/// Returns whether `value` is a call of a path, or a chain of method calls that starts with one.
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

/// Returns whether a chain of methods runs its closures on the threads of a pool.
fn has_parallel(receiver: &Expr) -> bool {
    match receiver {
        Expr::MethodCall(it) => {
            let method = it.method.to_string();
            method.contains("par_") || has_parallel(&it.receiver)
        }
        Expr::Paren(it) => has_parallel(&it.expr),
        Expr::Try(it) => has_parallel(&it.expr),
        _ => false,
    }
}
