//! Pictures of Icosian graphs: Graphviz, Mermaid, SVG and a page with search and zoom.
//!
//! A [`GraphPicture`] draws the description of a graph. With the feature `draw` of `icosian`, `driver.draw()` creates one.
//!
//! ```
//! use icosian_draw::{GraphPicture, NodeSelection};
//! use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription, NodeKind};
//!
//! let graph = GraphDescription {
//!     nodes: vec![
//!         NodeDescription { kind: NodeKind::Input, ..NodeDescription::new("spend") },
//!         NodeDescription { output: Some("f64".to_owned()), ..NodeDescription::new("spend_mean") },
//!         NodeDescription::new("report"),
//!     ],
//!     edges: vec![EdgeDescription::new("spend", "spend_mean"), EdgeDescription::new("spend_mean", "report")],
//! };
//! let picture = GraphPicture::new(graph)
//!     .with_title("marketing")
//!     .highlight(&NodeSelection::upstream_of("spend_mean"))?;
//! let svg: String = picture.to_svg();
//! # assert!(svg.contains("spend_mean"));
//! # Ok::<(), icosian_draw::SelectionError>(())
//! ```
//!
//! # Content
//!
//! - [`GraphPicture::with_details`] selects the texts of nodes ([`NodeDetail`]): types, decorators, tags and others.
//! - [`GraphPicture::with_groups`] selects the boxes around nodes ([`GroupKind`]): dataflows, subdags, and the blocks of expansions.
//! - [`GraphPicture::highlight`] and [`GraphPicture::only`] accept a [`NodeSelection`]: upstream or downstream of a node, or a path.
//! - [`GraphPicture::with_run`] shows the events of a run ([`RunOverlay`]): status, times, and the failed node.
//! - [`diff`] compares two versions of a graph. A [`GraphDiff`] lists the [`GraphChange`]s as text, and draws them.
//!
//! # Formats
//!
//! | method | result |
//! |---|---|
//! | [`GraphPicture::to_svg`] | an SVG document with its own layout, for READMEs and browsers, in light and dark colours |
//! | [`GraphPicture::to_html`] | one page with zoom, search and keyboard navigation, readable without scripts |
//! | [`GraphPicture::to_dot`] | the language of Graphviz |
//! | [`GraphPicture::to_mermaid`] | a Mermaid flowchart, for Markdown on GitHub |
//!
//! Names can contain any characters, because each format escapes names. Equal descriptions result in equal texts.
//!
//! # Layout
//!
//! The layout of SVG and HTML is a layered layout with nested groups (Sugiyama, Tagawa and Toda, 1981). Ranks and coordinates are computed
//! with the network simplex method (Gansner, Koutsofios, North and Vo, 1993), and crossings are reduced with barycenters. The layout has a
//! work limit: a large graph takes seconds, but its layout is less precise.
//!
//! This crate only reads descriptions. It neither executes dataflows nor starts other programs.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod appearance;
mod change;
mod detail;
mod diff;
mod diff_marks;
mod dot;
mod escape;
mod group_kind;
mod html;
mod layout;
mod mermaid;
mod node_selection;
mod options;
mod picture;
mod run_overlay;
mod scene;
mod selection_error;
mod source_link;
mod svg;
mod text_width;

pub use appearance::{ColorTheme, FlowDirection};
pub use change::{ChangeKind, FieldChange, GraphChange, GraphPart};
pub use detail::NodeDetail;
pub use diff::{GraphDiff, diff};
pub use group_kind::GroupKind;
pub use node_selection::NodeSelection;
pub use picture::GraphPicture;
pub use run_overlay::RunOverlay;
pub use selection_error::SelectionError;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
