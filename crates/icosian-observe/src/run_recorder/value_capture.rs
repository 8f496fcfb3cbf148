use std::collections::HashSet;

/// The values that a record contains.
///
/// # Examples
/// ```
/// use icosian_observe::{RunRecorder, ValueCapture};
///
/// let recorder = RunRecorder::new("target/icosian/runs").with_values(ValueCapture::only(["total", "currency"]));
/// # let _ = recorder;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueCapture {
    /// No values, only their types, and the lengths of strings, lists and maps.
    #[default]
    TypesOnly,
    /// All values whose types implement `Serialize`, except redacted ones.
    Serializable,
    /// The values of these nodes and inputs, if their types implement `Serialize`, except redacted ones.
    Only(HashSet<String>),
}

/// The parts of one value that a record contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    /// Only its type. The value is redacted.
    Redacted,
    /// The type and the length.
    Length,
    /// The type, the length and the value.
    Value,
}

impl ValueCapture {
    /// Returns a capture of the values of these nodes and inputs.
    #[must_use]
    pub fn only<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::Only(names.into_iter().map(Into::into).collect())
    }

    /// Returns the capture of the value with this name.
    pub(crate) fn of(&self, name: &str) -> Capture {
        let is_wanted = match self {
            Self::TypesOnly => false,
            Self::Serializable => true,
            Self::Only(names) => names.contains(name),
        };
        if is_wanted { Capture::Value } else { Capture::Length }
    }
}
