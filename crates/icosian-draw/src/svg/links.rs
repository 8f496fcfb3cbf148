/// The targets of the links of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeLinks {
    /// The sources of functions.
    Sources,
    /// The sections `#node-0`, `#node-1` and so on of the page that contains the picture.
    Sections,
}
