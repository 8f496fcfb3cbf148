use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a program that links dataflows says of them, for a linter that only reads: the answer to a
/// [`HarnessRequest`](crate::HarnessRequest).
///
/// It is data between two programs, so it has a [version](Self::VERSION), and its places are files and lines. It is written line
/// by line: when a dataflow takes the program with it, what was said before is not lost.
///
/// # Examples
/// ```
/// use icosian_rules::{Transcript, TranscriptLine};
///
/// let mut transcript = Transcript::default();
/// transcript.push(TranscriptLine::Version(Transcript::VERSION));
/// assert!(transcript.begun.is_none() && !transcript.is_whole);
/// transcript.push(TranscriptLine::Ended { unknown: Vec::new() });
/// assert!(transcript.is_whole);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The dataflows of the packages that were asked for, by the paths of their modules.
    pub dataflows: Vec<LinkedDataflow>,
    /// The one that the program was at when it wrote no more.
    pub begun: Option<LinkedDataflow>,
    /// The paths of modules that were named and do not exist, each with the path most likely meant.
    pub unknown: Vec<(String, Option<String>)>,
    /// Whether the program wrote all that it had to say.
    pub is_whole: bool,
}

impl Transcript {
    /// The version that this crate knows.
    pub const VERSION: u32 = 3;

    /// Adds what a line says.
    pub fn push(&mut self, line: TranscriptLine) {
        match line {
            TranscriptLine::Version(_) => {}
            TranscriptLine::Begun(dataflow) => self.begun = Some(dataflow),
            TranscriptLine::Judged(dataflow) => {
                self.begun = None;
                self.dataflows.push(dataflow);
            }
            TranscriptLine::Ended { unknown } => (self.unknown, self.is_whole) = (unknown, true),
        }
    }
}

/// A line of a [`Transcript`]; as text it is one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptLine {
    /// The version of all that follows; the first line.
    Version(u32),
    /// A dataflow is built now. Nothing is known of it yet but its place.
    Begun(LinkedDataflow),
    /// It was built, and this is what is wrong with it.
    Judged(LinkedDataflow),
    /// Nothing more follows.
    Ended {
        /// The config keys that no dataflow reads, as in [`Transcript::unknown`].
        unknown: Vec<(String, Option<String>)>,
    },
}

/// A dataflow in a linked crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedDataflow {
    /// Its name.
    pub name: String,
    /// The path of its module, the crate's name first.
    pub module: String,
    /// Where the module's name is written.
    pub spot: WrittenSpot,
    /// The adapters under which it was looked at.
    pub adapters: Vec<String>,
    /// What is wrong.
    pub findings: Vec<RemoteFinding>,
    /// Whether it could not be judged in full because config decides which functions it has, and nobody gave any.
    pub lacks_config: bool,
    /// The config keys that decide it, if config is missing, and the values that variants accept, formatted as in source code.
    pub needed_config: BTreeMap<String, Vec<String>>,
    /// The config values that nothing in it asks for; another dataflow may, to which the same config is given.
    pub unasked: Vec<RemoteFinding>,
    /// Why nobody can say what is wrong, where looking at it went wrong itself.
    pub failure: Option<String>,
}

/// One thing that is wrong with a linked dataflow.
///
/// # Examples
/// ```
/// use icosian_rules::RemoteFinding;
///
/// let told = RemoteFinding::new("ICO0101", "node `rates` is async; adapter `sync` runs no async nodes");
/// assert!(told.spots.is_empty() && told.help.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteFinding {
    /// The code of the rule.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Where, the place that matters most first.
    pub spots: Vec<WrittenSpot>,
    /// What to do about it.
    pub help: Option<String>,
    /// The adapters under which it is wrong; none when it is wrong under all.
    pub adapters: Vec<String>,
}

impl RemoteFinding {
    /// Returns what is wrong, without a place.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        Self { code, message, spots: Vec::new(), help: None, adapters: Vec::new() }
    }
}

/// A place in a file, by line and column, and what is written beside it.
///
/// # Examples
/// ```
/// use icosian_diagnostics::{Label, Location};
/// use icosian_rules::WrittenSpot;
///
/// let mark = Label::new(Location::new("src/lib.rs", 3, 8, 4), "this node");
/// let spot = WrittenSpot::from(&mark);
/// assert_eq!((spot.file.as_str(), spot.line, spot.text.as_str()), ("src/lib.rs", 3, "this node"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenSpot {
    /// The file, as the compiler names it.
    pub file: String,
    /// The folder of the file's package; empty when nobody said.
    pub package: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// How many characters.
    pub width: u32,
    /// What is written beside it, or nothing.
    pub text: String,
}

impl WrittenSpot {
    /// Returns `place`, with `text` beside it.
    ///
    /// # Examples
    /// ```
    /// use icosian_diagnostics::Location;
    /// use icosian_rules::WrittenSpot;
    ///
    /// assert_eq!(WrittenSpot::new(Location::new("src/lib.rs", 3, 8, 4), "").width, 4);
    /// ```
    #[must_use]
    pub fn new(place: icosian_diagnostics::Location, text: impl Into<String>) -> Self {
        Self {
            file: place.file().to_owned(),
            package: place.package().to_owned(),
            line: place.line(),
            column: place.column(),
            width: place.width(),
            text: text.into(),
        }
    }
}

impl From<&icosian_diagnostics::Label> for WrittenSpot {
    fn from(mark: &icosian_diagnostics::Label) -> Self {
        Self::new(mark.location(), mark.text())
    }
}
