//! Describes the graphs of linked dataflows.

use std::path::{Path, PathBuf};

use icosian_rules::{LinkedDataflow, WrittenSpot};
use icosian_schema::graph::{GraphDescription, SourceLocation};
use serde::Serialize;

use crate::analysis::analyze;
use crate::link::{LinkPurpose, LinkReport, file_of, link};
use crate::merge::merge;
use crate::rule_set::RuleSet;
use crate::{LinkOptions, Notice, Report, relative};

/// The consequence of dataflows that could not be built.
const OMITTED: &str = "it was left out";

/// The graphs of linked dataflows, and a report on the dataflows that could not be built.
///
/// # Examples
/// ```
/// use icosian_lint::{LinkOptions, Linter, Settings};
///
/// let none = Linter::new(Settings::default()).describe(&["not/there".into()], &LinkOptions::default());
/// assert!(none.dataflows.is_empty() && !none.report.is_complete());
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Descriptions {
    /// The dataflows that were built, ordered by workspace and module path.
    pub dataflows: Vec<DescribedDataflow>,
    /// The findings in dataflows that could not be built, and the crates that could not be linked.
    pub report: Report,
}

impl Descriptions {
    /// Adds a notice if `path` has no dataflows, which makes the report incomplete.
    ///
    /// If other notices already make the report incomplete, this method adds no notice.
    ///
    /// # Examples
    /// ```
    /// let none = icosian_lint::Descriptions::default().with_notice_if_empty("src".as_ref());
    /// assert_eq!(none.report.notices()[0].to_string(), "src: has no dataflows that can be linked");
    /// ```
    #[must_use]
    pub fn with_notice_if_empty(mut self, path: &Path) -> Self {
        if self.dataflows.is_empty() && self.report.is_complete() {
            let notice = Notice::new(path, "has no dataflows that can be linked");
            self.report.notices.push(notice.with_consequence("nothing was described"));
        }
        self
    }
}

/// A dataflow, and the graph of a driver with this dataflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DescribedDataflow {
    /// The name.
    pub name: String,
    /// The path of its module, the crate's name first.
    pub module: String,
    /// The location of the module's name. The path is relative to the root of the workspace, as in the graph.
    pub location: SourceLocation,
    /// The adapters under which the driver was checked.
    pub adapters: Vec<String>,
    /// The graph.
    pub graph: GraphDescription,
    /// The root of the workspace.
    #[serde(skip)]
    pub root: PathBuf,
}

/// Links the packages that contain `paths` and describes their dataflows.
pub(crate) fn describe(rules: &RuleSet, paths: &[PathBuf], options: &LinkOptions) -> Descriptions {
    let sources = analyze(rules, paths);
    let mut link = link(rules, &sources, paths, options, LinkPurpose::Describe);
    let full: Vec<_> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let dataflows = take_graphs(&mut link, &full);
    let mut report = merge(rules, sources, Some(link));
    // Dataflows that were built may have findings too, which are not part of a description.
    report.diagnoses.retain(|diagnosis| diagnosis.is_linked);
    for notice in &mut report.notices {
        *notice = notice.clone().with_consequence(OMITTED);
    }
    Descriptions { dataflows, report }
}

/// Reads the graphs of the dataflows below `paths` from the transcripts. Adds a notice for each dataflow without a graph.
fn take_graphs(link: &mut LinkReport, paths: &[PathBuf]) -> Vec<DescribedDataflow> {
    let mut described = Vec::new();
    for batch in &mut link.batches {
        for dataflow in &mut batch.transcript.dataflows {
            let file = file_of(&dataflow.spot);
            let package = Path::new(&dataflow.spot.package).canonicalize().ok();
            let is_below =
                |path: &PathBuf| [&file, &package].into_iter().flatten().any(|part| part.starts_with(path));
            let is_wanted = paths.iter().any(is_below);
            match dataflow.graph.take() {
                Some(graph) => {
                    dataflow.findings.clear();
                    if is_wanted {
                        described.push(describe_dataflow(dataflow, graph, &batch.root));
                    }
                }
                None if is_wanted && dataflow.failure.is_none() => {
                    let file = file.unwrap_or_else(|| PathBuf::from(&dataflow.spot.file));
                    let at = (dataflow.spot.line as usize, dataflow.spot.column as usize);
                    link.notices.push(Notice::new(relative(&file), unbuilt(dataflow)).at(Some(at)));
                }
                None => {}
            }
        }
    }
    described
}

fn describe_dataflow(
    dataflow: &LinkedDataflow,
    mut graph: GraphDescription,
    root: &Path,
) -> DescribedDataflow {
    let in_workspace = |file: &str| {
        let spot = WrittenSpot { file: file.to_owned(), ..dataflow.spot.clone() };
        let file = file_of(&spot)?;
        Some(file.strip_prefix(root).unwrap_or(&file).display().to_string())
    };
    for location in graph.nodes.iter_mut().filter_map(|node| node.location.as_mut()) {
        location.file = in_workspace(&location.file).unwrap_or_else(|| location.file.clone());
    }
    let spot = &dataflow.spot;
    DescribedDataflow {
        name: dataflow.name.clone(),
        module: dataflow.module.clone(),
        location: SourceLocation {
            file: in_workspace(&spot.file).unwrap_or_else(|| spot.file.clone()),
            line: spot.line,
            column: spot.column,
        },
        adapters: dataflow.adapters.clone(),
        graph,
        root: root.to_owned(),
    }
}

/// Returns the reason why a dataflow has no graph.
fn unbuilt(dataflow: &LinkedDataflow) -> String {
    let name = &dataflow.module;
    if !dataflow.lacks_config || !dataflow.findings.is_empty() {
        return format!("dataflow `{name}` cannot be built");
    }
    let keys = dataflow.needed_config.iter().map(|(key, values)| match values.as_slice() {
        [] => format!("`{key}`"),
        values => format!("`{key}`: {}", values.join(" or ")),
    });
    let keys = keys.collect::<Vec<_>>().join(", ");
    format!("dataflow `{name}` needs `--config KEY=VALUE` ({keys})")
}
