use std::fmt;

/// The severity of a finding.
///
/// # Examples
/// ```
/// use icosian_rules::Level;
///
/// assert!(Level::Allow < Level::Warn && Level::Warn < Level::Deny);
/// assert_eq!(Level::Deny.to_string(), "deny");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported by default.
    Allow,
    /// A warning: the code may be intended.
    Warn,
    /// An error: the code cannot work as intended.
    Deny,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        })
    }
}
