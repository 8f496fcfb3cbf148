use crate::{Fact, SpanId};

/// The facts of a function's body.
///
/// Nested functions are not part of it: they run when they are called.
///
/// # Examples
/// ```
/// use icosian_rules::{BodyFacts, Call, Fact};
///
/// let path = Fact::Known("std::thread::sleep".to_owned());
/// let body = BodyFacts { calls: vec![Call { path, ..Call::default() }], ..BodyFacts::default() };
/// assert!(body.calls[0].is_to(&["std::thread::sleep"]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct BodyFacts {
    /// The calls of paths and of methods, in the order of the source.
    pub calls: Vec<Call>,
    /// The `.await`s.
    pub awaits: Vec<Await>,
    /// The loops.
    pub loops: Vec<Loop>,
    /// Uses of statics that may change.
    pub states: Vec<StateUse>,
    /// Set if the body has a macro or other syntax that the host cannot read.
    pub is_opaque: bool,
}

/// A function that nodes call, declared in the same file.
///
/// # Examples
/// ```
/// assert!(!icosian_rules::Helper::default().is_async);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Helper {
    /// Its name.
    pub name: String,
    /// Set if it is an `async fn`: its body runs when the caller awaits it.
    pub is_async: bool,
    /// Its body.
    pub body: BodyFacts,
}

/// A call of a path or of a method.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The full path of the function. The path of a method is the path of the receiver's type, if the file shows it, and the
    /// method's name.
    pub path: Fact<String>,
    /// The function as the source or a reader names it: `fs::read`, `Command::output`.
    pub written: String,
    /// The method's name; `None` for the call of a path.
    pub method: Option<String>,
    /// The methods called on the result of a path's call, in that order.
    pub methods: Vec<String>,
    /// The path or the method's name in the source.
    pub span: SpanId,
    /// The position of the callee in [`Facts::helpers`](crate::Facts::helpers), if the file declares it.
    pub helper: Option<usize>,
    /// Set if it runs in a closure, an async block or a function whose caller may be another thread.
    pub is_elsewhere: bool,
    /// Set if the result is awaited: by `.await`, `join!` or `select!`.
    pub is_awaited: bool,
    /// Set if the result of the call, or of the last method on it, is dropped without a use. False if an argument contains the
    /// sending half of a channel that the body created.
    pub is_dropped: bool,
}

impl Call {
    /// Returns whether the path is known to be one of `paths`.
    #[must_use]
    pub fn is_to(&self, paths: &[&str]) -> bool {
        self.path.known().is_some_and(|path| paths.contains(&path.as_str()))
    }

    /// Returns whether one of `methods` is called on the result.
    #[must_use]
    pub fn has_method(&self, methods: &[&str]) -> bool {
        self.methods.iter().any(|method| methods.contains(&method.as_str()))
    }
}

/// An `.await`.
///
/// # Examples
/// ```
/// assert_eq!(icosian_rules::Await::default().inside_for, None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Await {
    /// The word `await`.
    pub span: SpanId,
    /// The word `for` of the innermost loop around it, if that is a `for` loop with independent iterations.
    pub inside_for: Option<SpanId>,
    /// Set if it is in a closure or an async block that runs elsewhere.
    pub is_elsewhere: bool,
}

/// A loop.
///
/// # Examples
/// ```
/// assert_eq!(icosian_rules::Loop::default().kind, icosian_rules::LoopKind::Loop);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Loop {
    /// Its kind.
    pub kind: LoopKind,
    /// Its first word.
    pub span: SpanId,
    /// The full paths of its calls, if its block only calls paths in sequence and decides whether to continue.
    pub only_calls: Fact<Vec<String>>,
}

/// The kind of a loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoopKind {
    /// `loop`
    #[default]
    Loop,
    /// `while`
    While,
    /// `for`
    For,
}

/// The use of a `static` that may change.
///
/// # Examples
/// ```
/// assert_eq!(icosian_rules::StateUse::default().name, "");
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateUse {
    /// Its name.
    pub name: String,
    /// The location of the use.
    pub span: SpanId,
    /// The location of the declaration.
    pub declared: SpanId,
}
