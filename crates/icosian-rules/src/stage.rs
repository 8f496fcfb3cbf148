use std::fmt;

/// When facts exist: a rule is skipped before its stage.
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
    /// While compiling: the heads of one module's functions.
    Macro,
    /// Source text, bodies and `use`s included; it need not compile.
    #[default]
    Source,
    /// The compiled crates: exact types, and nodes that macros and decorators make.
    Linked,
    /// The graph, with an adapter, config, inputs and wanted outputs.
    Plan,
    /// What clippy says of the bodies, when it is asked.
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
