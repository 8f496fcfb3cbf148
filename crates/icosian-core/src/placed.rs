use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::Place;

/// A location in the user's source, with a label.
///
/// # Examples
/// ```
/// use icosian_core::{Mark, Place};
///
/// let mark = Mark::new(Place::new("src/lib.rs", 3, 8, 4), "this node failed");
/// assert_eq!(mark.to_string(), "src/lib.rs:3:8: this node failed");
/// ```
#[derive(Clone, Debug)]
pub struct Mark {
    place: Place,
    label: String,
}

impl Mark {
    /// Returns a mark at `place` with this label.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Mark, Place};
    ///
    /// let mark = Mark::new(Place::new("src/lib.rs", 3, 8, 4), "asked for here");
    /// assert_eq!(mark.to_string(), "src/lib.rs:3:8: asked for here");
    /// ```
    #[must_use]
    pub fn new(place: Place, label: impl Into<String>) -> Self {
        Self { place, label: label.into() }
    }

    /// Returns the location.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Mark, Place};
    ///
    /// let mark = Mark::new(Place::new("src/lib.rs", 3, 8, 4), "asked for here");
    /// assert_eq!((mark.place().line(), mark.label()), (3, "asked for here"));
    /// ```
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Returns the label.
    ///
    /// # Examples
    /// See [`place`](Self::place).
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.label)
    }
}

/// An error with its locations in the user's source.
///
/// As a miette diagnostic it has the error's code and help, and shows the source if the files can be read. Marks in a second
/// file become related diagnostics, because a report has one source. `Debug` prints everything as text.
///
/// # Examples
/// ```
/// use icosian_core::{Mark, Place, Placed};
/// use miette::Diagnostic;
///
/// #[derive(Debug, thiserror::Error, Diagnostic)]
/// #[error("input `rates` is missing")]
/// #[diagnostic(code(example::missing), help("pass `rates`"))]
/// struct Missing;
///
/// let mark = Mark::new(Place::new("not/there.rs", 3, 8, 5), "asked for here");
/// let placed = Placed::new(Missing, vec![mark]);
/// assert_eq!(placed.to_string(), "input `rates` is missing");
/// assert_eq!(placed.code().map(|code| code.to_string()).as_deref(), Some("example::missing"));
/// assert_eq!(
///     format!("{placed:?}"),
///     "input `rates` is missing\n  not/there.rs:3:8: asked for here\n  help: pass `rates`\n  code: example::missing",
/// );
/// ```
pub struct Placed<E> {
    error: E,
    marks: Vec<Mark>,
    shown: OnceLock<Shown>,
}

/// The data for a renderer, read from disk on first use.
#[derive(Default)]
struct Shown {
    file: Option<NamedSource<Source>>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Elsewhere>,
}

impl<E> Placed<E> {
    /// Returns `error` with its locations, the most important first.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Placed::new("an error", Vec::new()).error(), &"an error");
    /// ```
    #[must_use]
    pub fn new(error: E, marks: Vec<Mark>) -> Self {
        Self { error, marks, shown: OnceLock::new() }
    }

    /// Adds `marks` to an error that has no location.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Mark, Place, Placed};
    ///
    /// let here = || vec![Mark::new(Place::new("src/lib.rs", 3, 8, 4), "here")];
    /// let placed = Placed::new("an error", Vec::new()).or_at(here);
    /// assert_eq!(placed.place().map(|place| place.line()), Some(3));
    /// ```
    #[must_use]
    pub fn or_at(self, marks: impl FnOnce() -> Vec<Mark>) -> Self {
        if self.marks.is_empty() { Self::new(self.error, marks()) } else { self }
    }

    /// Returns all marks, the most important first.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Mark, Place, Placed};
    ///
    /// let mark = Mark::new(Place::new("src/lib.rs", 3, 8, 4), "asked for here");
    /// assert_eq!(Placed::new("missing", vec![mark]).marks().len(), 1);
    /// ```
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Returns the error.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Placed::new(3, Vec::new()).error(), &3);
    /// ```
    #[must_use]
    pub fn error(&self) -> &E {
        &self.error
    }

    /// Returns the first location, if there is one.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Placed::new(3, Vec::new()).place(), None);
    /// ```
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.marks.first().map(|mark| mark.place)
    }

    /// Converts the error and keeps its locations.
    ///
    /// # Examples
    /// ```
    /// let placed = icosian_core::Placed::new(3, Vec::new()).map(|error| error + 1);
    /// assert_eq!(placed.error(), &4);
    /// ```
    #[must_use]
    pub fn map<F>(self, change: impl FnOnce(E) -> F) -> Placed<F> {
        Placed::new(change(self.error), self.marks)
    }

    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| {
            let mut files = files(&self.marks).into_iter();
            let first = files.next().and_then(|(file, marks)| Elsewhere::read(file, &marks));
            let Some(first) = first else {
                return Shown { elsewhere: text_only(self.marks.iter()), ..Shown::default() };
            };
            let elsewhere = files
                .flat_map(|(file, marks)| match Elsewhere::read(file, &marks) {
                    Some(elsewhere) => vec![elsewhere],
                    None => text_only(marks.into_iter()),
                })
                .collect();
            Shown { file: first.file, labels: first.labels, elsewhere }
        })
    }
}

/// Groups the marks by file, in the order in which the files first appear.
fn files(marks: &[Mark]) -> Vec<(&'static str, Vec<&Mark>)> {
    let mut files: Vec<(&'static str, Vec<&Mark>)> = Vec::new();
    for mark in marks {
        match files.iter_mut().find(|(file, _)| *file == mark.place.file()) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((mark.place.file(), vec![mark])),
        }
    }
    files
}

/// Converts marks whose file cannot be read to text.
fn text_only<'a>(marks: impl Iterator<Item = &'a Mark>) -> Vec<Elsewhere> {
    marks.map(|mark| Elsewhere { text: mark.to_string(), file: None, labels: Vec::new() }).collect()
}

/// The text of a file, shared by all errors that show it.
type Source = Arc<String>;

/// Reads the file of `place`, or shares the text of an error that has read it.
fn shared_source(place: Place) -> Option<Source> {
    static SHOWN: Mutex<Vec<(&'static str, Weak<String>)>> = Mutex::new(Vec::new());
    let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    shown.retain(|(_, source)| source.strong_count() > 0);
    let known = shown.iter().find(|(file, _)| *file == place.file()).and_then(|(_, source)| source.upgrade());
    known.or_else(|| {
        let source = Arc::new(place.source()?);
        shown.push((place.file(), Arc::downgrade(&source)));
        Some(source)
    })
}

/// The marks of one file.
#[derive(Debug)]
struct Elsewhere {
    text: String,
    file: Option<NamedSource<Source>>,
    labels: Vec<LabeledSpan>,
}

impl Elsewhere {
    fn read(file: &'static str, marks: &[&Mark]) -> Option<Self> {
        let source = shared_source(marks.first()?.place)?;
        let labels = marks
            .iter()
            .map(|mark| {
                let (at, length) = mark.place.span_in(&source)?;
                Some(LabeledSpan::new(Some(mark.label.clone()), at, length))
            })
            .collect::<Option<Vec<_>>>()?;
        let file = NamedSource::new(file, source).with_language("Rust");
        Some(Self { text: "and here".to_owned(), file: Some(file), labels })
    }
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Elsewhere {}

impl Diagnostic for Elsewhere {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_ref().map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }
}

impl<E: fmt::Display> fmt::Display for Placed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl<E: Diagnostic> fmt::Debug for Placed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        let mut cause = self.error.source();
        while let Some(because) = cause {
            write!(f, "\n  because: {because}")?;
            cause = because.source();
        }
        for mark in &self.marks {
            write!(f, "\n  {mark}")?;
        }
        if let Some(help) = self.error.help() {
            write!(f, "\n  help: {help}")?;
        }
        match self.error.code() {
            Some(code) => write!(f, "\n  code: {code}"),
            None => Ok(()),
        }
    }
}

impl<E: Diagnostic> Error for Placed<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl<E: Diagnostic> Diagnostic for Placed<E> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.error.code()
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.error.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.error.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.shown().file.as_ref().map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = &self.shown().labels;
        (!labels.is_empty()).then(|| Box::new(labels.iter().cloned()) as _)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let elsewhere = &self.shown().elsewhere;
        (!elsewhere.is_empty())
            .then(|| Box::new(elsewhere.iter().map(|elsewhere| elsewhere as &dyn Diagnostic)) as _)
    }
}
