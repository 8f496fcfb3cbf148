use std::collections::BTreeMap;

use icosian_schema::graph::GraphDescription;
use serde::{Deserialize, Serialize};

/// The answer of the harness to a [`HarnessRequest`](crate::HarnessRequest): the findings in the linked dataflows.
///
/// The two programs can be of different versions, so a transcript has a [version](Self::VERSION). Its locations are files and
/// lines. The harness writes it line by line, so earlier results survive when a dataflow ends the process.
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
    /// The checked dataflows of the requested packages, ordered by module path.
    pub dataflows: Vec<LinkedDataflow>,
    /// The dataflow whose check began and did not end.
    pub begun: Option<LinkedDataflow>,
    /// The module paths of the request that do not exist, each with the most similar existing path.
    pub unknown: Vec<(String, Option<String>)>,
    /// Set if the harness wrote the last line.
    pub is_whole: bool,
}

impl Transcript {
    /// The version that this crate reads and writes.
    pub const VERSION: u32 = 4;

    /// Adds a line.
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

/// A line of a [`Transcript`]. Its text is one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptLine {
    /// The version of the format; the first line.
    Version(u32),
    /// The check of a dataflow begins. Only its module, its location and the requested adapters are known.
    Begun(LinkedDataflow),
    /// The check of a dataflow has ended, with these findings.
    Judged(LinkedDataflow),
    /// The last line.
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
    /// The location of the module's name.
    pub spot: WrittenSpot,
    /// The adapters under which it was checked.
    pub adapters: Vec<String>,
    /// The findings.
    pub findings: Vec<RemoteFinding>,
    /// Set if the check is partial, because the request has no config and the functions depend on it.
    pub lacks_config: bool,
    /// The missing config keys, each with the values that variants accept, formatted as in source code.
    pub needed_config: BTreeMap<String, Vec<String>>,
    /// The findings about config values that this dataflow does not read. Other dataflows with the same config may read them.
    pub unasked: Vec<RemoteFinding>,
    /// The reason why the check itself failed, if it did.
    pub failure: Option<String>,
    /// The graph, if the request asks for graphs and a driver could be built. It is the graph under the first adapter that accepts it.
    pub graph: Option<GraphDescription>,
}

/// A finding in a linked dataflow.
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
    /// The fault: a fragment in lower case without advice.
    pub message: String,
    /// The locations, most important first.
    pub spots: Vec<WrittenSpot>,
    /// The advice. It begins with a verb.
    pub help: Option<String>,
    /// The adapters under which the finding holds; empty if it holds under all.
    pub adapters: Vec<String>,
}

impl RemoteFinding {
    /// Returns a finding without a location.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        Self { code, message, spots: Vec::new(), help: None, adapters: Vec::new() }
    }
}

/// A location in a file, by line and column, with a label.
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
    /// The folder of the file's package; empty if it is unknown.
    pub package: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The width in characters.
    pub width: u32,
    /// The label; may be empty.
    pub text: String,
}

impl WrittenSpot {
    /// Returns `place` with the label `text`.
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
