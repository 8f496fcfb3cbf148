use std::collections::BTreeSet;

use crate::appearance::{ColorTheme, FlowDirection};
use crate::detail::NodeDetail;
use crate::diff_marks::DiffMarks;
use crate::group_kind::GroupKind;
use crate::run_overlay::RunOverlay;

/// The settings of a picture.
#[derive(Clone, Debug)]
pub(crate) struct PictureOptions {
    pub(crate) title: Option<String>,
    pub(crate) direction: FlowDirection,
    pub(crate) theme: ColorTheme,
    pub(crate) details: BTreeSet<NodeDetail>,
    pub(crate) groups: BTreeSet<GroupKind>,
    /// Set for each highlighted node, by index.
    pub(crate) highlighted: Option<Vec<bool>>,
    /// Set for each node of the picture, by index.
    pub(crate) kept: Option<Vec<bool>>,
    pub(crate) run: Option<RunOverlay>,
    pub(crate) marks: Option<DiffMarks>,
    pub(crate) source_link: Option<String>,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self {
            title: None,
            direction: FlowDirection::default(),
            theme: ColorTheme::default(),
            details: NodeDetail::ALL.into(),
            groups: GroupKind::ALL.into(),
            highlighted: None,
            kept: None,
            run: None,
            marks: None,
            source_link: None,
        }
    }
}

impl PictureOptions {
    pub(crate) fn shows(&self, detail: NodeDetail) -> bool {
        self.details.contains(&detail)
    }
}
