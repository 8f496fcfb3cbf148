use std::fmt;

/// How much a finding matters.
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
    /// Not told, unless somebody asks for it.
    Allow,
    /// Told: it may be meant.
    Warn,
    /// Told: it cannot work, or not as it is meant.
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
