use crate::{Fact, SpanId};

/// What a function's body does, as far as names tell. Nested functions are left out: they run when they are called.
///
/// # Examples
/// ```
/// use icosian_rules::{Body, Call, Fact};
///
/// let path = Fact::Known("std::thread::sleep".to_owned());
/// let body = Body { calls: vec![Call { path, ..Call::default() }], ..Body::default() };
/// assert!(body.calls[0].is_to(&["std::thread::sleep"]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The calls of paths, in the order of the source.
    pub calls: Vec<Call>,
    /// The `.await`s.
    pub awaits: Vec<Await>,
    /// The loops.
    pub loops: Vec<Loop>,
    /// What outlives the call and may change.
    pub states: Vec<StateUse>,
    /// Whether there is a macro or other syntax of which nobody can say what it does.
    pub is_opaque: bool,
}

/// A call of a path, with the methods that are called on what it gives.
///
/// # Examples
/// See [`Body`].
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The full path, as far as `use`s tell.
    pub path: Fact<String>,
    /// The path, as it is written.
    pub written: String,
    /// The methods that are called on what it gives, in that order.
    pub methods: Vec<String>,
    /// The path in the source.
    pub span: SpanId,
    /// Whether it runs in a closure, an async block or a function of its own, so that somebody else decides when and where.
    pub is_elsewhere: bool,
    /// Whether what it gives is dropped at once, or what the last of the methods gives.
    pub is_dropped: bool,
}

impl Call {
    /// Returns whether the path is known to be one of `paths`.
    ///
    /// # Examples
    /// See [`Body`].
    #[must_use]
    pub fn is_to(&self, paths: &[&str]) -> bool {
        self.path.known().is_some_and(|path| paths.contains(&path.as_str()))
    }

    /// Returns whether one of `methods` is called on what it gives.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::Call;
    ///
    /// let call = Call { methods: vec!["arg".into(), "output".into()], ..Call::default() };
    /// assert!(call.has_method(&["output", "status"]));
    /// ```
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
    /// The word `for` of the innermost loop around it, when that is a `for` loop over something that is there already.
    pub inside_for: Option<SpanId>,
    /// Whether it stands in a closure or an async block of its own.
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
    /// The full paths of what it calls, when its block does nothing but call paths one after the other, and ask whether to go on.
    pub only_calls: Fact<Vec<String>>,
}

/// The kind of a loop.
///
/// # Examples
/// See [`Loop`].
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

/// Something that outlives the call and may change: a `static`.
///
/// # Examples
/// ```
/// assert_eq!(icosian_rules::StateUse::default().name, "");
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateUse {
    /// Its name.
    pub name: String,
    /// Where it is used.
    pub span: SpanId,
    /// Where it is declared.
    pub declared: SpanId,
}
