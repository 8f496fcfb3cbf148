use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// The name of a node, an input or a parameter; cheap to clone.
///
/// Names that are known while compiling are `&'static str` and cost nothing; others are shared.
///
/// # Examples
/// ```
/// use icosian_core::Name;
///
/// let known = Name::from("spend_mean");
/// let made = Name::from(format!("spend_{}", "mean"));
/// assert_eq!(known, made);
/// assert_eq!(&*known, "spend_mean");
/// ```
#[derive(Clone)]
pub struct Name(Repr);

#[derive(Clone)]
enum Repr {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Name {
    /// Returns a name that is known while compiling.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Name;
    ///
    /// const MEAN: Name = Name::new("mean");
    /// assert_eq!(MEAN.as_str(), "mean");
    /// ```
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(Repr::Static(name))
    }

    /// Returns the name as text.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Name::new("mean").as_str(), "mean");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Static(name) => name,
            Repr::Shared(name) => name,
        }
    }
}

impl Name {
    /// Returns the name that an identifier stands for: `r#type` is called `type`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Name::of_identifier(stringify!(r#type)), "type");
    /// ```
    #[must_use]
    pub const fn of_identifier(identifier: &'static str) -> Self {
        match identifier.as_bytes() {
            [b'r', b'#', ..] => Self::new(identifier.split_at(2).1),
            _ => Self::new(identifier),
        }
    }
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self(Repr::Shared(name.into()))
    }
}

impl From<&Name> for Name {
    fn from(name: &Name) -> Self {
        name.clone()
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Name {
    // As `str` does, so that a map keyed by names can be asked with a `&str`.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name may come from a request; a terminal or a log takes no orders from it.
        if self.chars().any(char::is_control) { f.pad(&self.escape_debug().to_string()) } else { f.pad(self) }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
