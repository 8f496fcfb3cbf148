//! The direction and the colours of a picture.

/// The direction from inputs to outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FlowDirection {
    /// The direction in which the graph fits better into a page.
    #[default]
    Automatic,
    /// From top to bottom.
    Down,
    /// From left to right.
    Right,
}

/// The colours of SVG and HTML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColorTheme {
    /// The reader's preference (`prefers-color-scheme`).
    #[default]
    Automatic,
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}
