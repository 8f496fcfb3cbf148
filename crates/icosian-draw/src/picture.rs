use icosian_schema::graph::GraphDescription;

use crate::appearance::{ColorTheme, FlowDirection};
use crate::change::GraphChange;
use crate::detail::NodeDetail;
use crate::diff_marks::DiffMarks;
use crate::group_kind::GroupKind;
use crate::node_selection::NodeSelection;
use crate::options::PictureOptions;
use crate::run_overlay::RunOverlay;
use crate::scene::Scene;
use crate::selection_error::SelectionError;
use crate::{dot, html, mermaid, svg};

/// A picture of a graph, in four formats.
///
/// The default shows everything: all details of the nodes, and boxes for dataflows, subdags and blocks.
///
/// # Examples
/// ```
/// use icosian_draw::{GraphPicture, NodeSelection};
/// use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};
///
/// let graph = GraphDescription {
///     nodes: ["rates", "total", "audit"].map(NodeDescription::new).to_vec(),
///     edges: vec![EdgeDescription::new("rates", "total"), EdgeDescription::new("rates", "audit")],
/// };
/// let picture = GraphPicture::new(graph).with_title("pricing").highlight(&NodeSelection::upstream_of("total"))?;
/// assert!(picture.to_svg().starts_with("<svg"));
/// assert!(picture.to_dot().starts_with("digraph"));
/// assert!(picture.to_mermaid().contains("flowchart"));
/// assert!(picture.to_html().starts_with("<!DOCTYPE html>"));
/// # Ok::<(), icosian_draw::SelectionError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct GraphPicture {
    graph: GraphDescription,
    options: PictureOptions,
}

impl GraphPicture {
    /// Creates a picture of the described graph. `Driver::describe` returns a description.
    pub fn new(graph: GraphDescription) -> Self {
        Self { graph, options: PictureOptions::default() }
    }

    /// Sets the title. The default is no title.
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.options.title = Some(title.into());
        self
    }

    /// Sets the properties of nodes to show. The default is [`NodeDetail::ALL`].
    pub fn with_details(mut self, details: impl IntoIterator<Item = NodeDetail>) -> Self {
        self.options.details = details.into_iter().collect();
        self
    }

    /// Sets the kinds of boxes to draw around nodes. The default is [`GroupKind::ALL`].
    pub fn with_groups(mut self, groups: impl IntoIterator<Item = GroupKind>) -> Self {
        self.options.groups = groups.into_iter().collect();
        self
    }

    /// Sets the direction from inputs to outputs.
    pub fn with_direction(mut self, direction: FlowDirection) -> Self {
        self.options.direction = direction;
        self
    }

    /// Sets the colours of SVG and HTML.
    pub fn with_theme(mut self, theme: ColorTheme) -> Self {
        self.options.theme = theme;
        self
    }

    /// Shows the status and the times of a run. Nodes that are not in the graph are ignored.
    pub fn with_run(mut self, run: RunOverlay) -> Self {
        self.options.run = Some(run);
        self
    }

    /// Links nodes to their source code, with `{file}` and `{line}` as placeholders in the address.
    ///
    /// An example is `https://github.com/OWNER/NAME/blob/main/{file}#L{line}`. Without an address, a tooltip contains the location.
    pub fn with_source_links(mut self, address: impl Into<String>) -> Self {
        self.options.source_link = Some(address.into());
        self
    }

    /// Highlights the selected nodes, and dims the others. A second call highlights more nodes.
    ///
    /// # Errors
    /// [`SelectionError`] if the graph has no such node or path.
    pub fn highlight(mut self, selection: &NodeSelection) -> Result<Self, SelectionError> {
        let selected = selection.resolve(&self.graph)?;
        self.options.highlighted = Some(unite(self.options.highlighted, selected));
        Ok(self)
    }

    /// Draws only the selected nodes. A second call adds nodes.
    ///
    /// # Errors
    /// [`SelectionError`] if the graph has no such node or path.
    pub fn only(mut self, selection: &NodeSelection) -> Result<Self, SelectionError> {
        let selected = selection.resolve(&self.graph)?;
        self.options.kept = Some(unite(self.options.kept, selected));
        Ok(self)
    }

    pub(crate) fn with_changes(mut self, changes: &[GraphChange]) -> Self {
        self.options.marks = Some(DiffMarks::new(changes));
        self
    }

    /// Returns the picture in the language of Graphviz.
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::write_dot(&self.scene())
    }

    /// Returns the picture as a Mermaid flowchart, which GitHub and many tools show in Markdown.
    ///
    /// By default, Mermaid does not draw graphs with more than 500 edges or 50,000 characters.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::write_mermaid(&self.scene())
    }

    /// Returns the picture as an SVG document, with its own layout.
    ///
    /// Tooltips contain the documentation and the location of a node. The document has no references to other files.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::write_svg(&self.scene(), self.options.theme, svg::NodeLinks::Sources).text
    }

    /// Returns a page with the picture and a description of each node.
    ///
    /// The page has zoom, search and keyboard navigation. It needs no network, and remains readable without scripts.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::write_html(&self.scene(), &self.graph, &self.options)
    }

    fn scene(&self) -> Scene {
        Scene::new(&self.graph, &self.options)
    }
}

fn unite(old: Option<Vec<bool>>, new: Vec<bool>) -> Vec<bool> {
    match old {
        Some(old) => old.into_iter().zip(new).map(|(old, new)| old || new).collect(),
        None => new,
    }
}
