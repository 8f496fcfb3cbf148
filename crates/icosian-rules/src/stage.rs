use std::fmt;

/// A stage of analysis. A rule is skipped before its stage.
///
/// # Examples
/// ```
/// use icosian_rules::Stage;
///
/// assert!(Stage::Macro < Stage::Source && Stage::Linked < Stage::Plan);
/// assert_eq!(Stage::Source.to_string(), "source");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Macro expansion: the signatures of one module's functions.
    Macro,
    /// Source text with bodies and imports. It need not compile.
    #[default]
    Source,
    /// The compiled crates: exact types, and nodes of macros and decorators.
    Linked,
    /// The graph, with an adapter, config, inputs and requested outputs.
    Plan,
    /// The diagnostics of clippy, if it is run.
    Clippy,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Macro => "macro",
            Self::Source => "source",
            Self::Linked => "linked",
            Self::Plan => "plan",
            Self::Clippy => "clippy",
        })
    }
}
