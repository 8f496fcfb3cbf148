use std::any::TypeId;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The type of a value. Comparison is exact; `Display` shortens paths.
///
/// # Examples
/// ```
/// use icosian_core::value::ValueType;
///
/// let samples = ValueType::of::<Vec<f64>>();
/// assert_eq!(samples.to_string(), "Vec<f64>");
/// assert_ne!(samples, ValueType::of::<Vec<f32>>());
/// ```
#[derive(Clone, Copy)]
pub struct ValueType {
    id: TypeId,
    name: fn() -> &'static str,
}

impl ValueType {
    /// Returns the type `T`, which may be unsized (`str`, `[f64]`).
    #[must_use]
    pub const fn of<T: ?Sized + 'static>() -> Self {
        Self { id: TypeId::of::<T>(), name: std::any::type_name::<T> }
    }

    /// Returns the full path of the type, as the compiler names it.
    pub(crate) fn path(&self) -> &'static str {
        (self.name)()
    }

    /// Returns the compiler's identity of the type.
    #[must_use]
    pub const fn id(&self) -> TypeId {
        self.id
    }
}

impl PartialEq for ValueType {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ValueType {}

impl Hash for ValueType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&short(&normalize_name((self.name)())))
    }
}

impl fmt::Debug for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Keeps the last segment of every path: `alloc::vec::Vec<core::option::Option<f64>>` becomes `Vec<Option<f64>>`.
fn short(full: &str) -> String {
    let mut text = String::with_capacity(full.len());
    let mut segment = 0;
    for character in full.chars() {
        if character == ':' && text.len() > segment && !text.ends_with(' ') {
            text.truncate(segment);
            continue;
        }
        if character == ':' {
            continue;
        }
        text.push(character);
        if !(character.is_alphanumeric() || character == '_') {
            segment = text.len();
        }
    }
    text
}

// Closures have no name, so their paths are dropped. Values are `'static`, so lifetimes are dropped.
fn normalize_name(full: &str) -> String {
    let full = full.replace("{{closure}}", "closure");
    full.replace('&', "&'static ").replace("&'static '", "&'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_shown_without_its_paths() {
        fn check<T: ?Sized + 'static>(expect: &str) {
            assert_eq!(ValueType::of::<T>().to_string(), expect);
        }
        check::<String>("String");
        check::<[f64]>("[f64]");
        check::<Option<std::collections::HashMap<String, Vec<u8>>>>("Option<HashMap<String, Vec<u8>>>");
        check::<(std::path::PathBuf, &'static str)>("(PathBuf, &'static str)");
        check::<fn(std::path::PathBuf) -> String>("fn(PathBuf) -> String");
        check::<Box<dyn std::error::Error + Send + Sync>>("Box<dyn Error + Send + Sync>");
        check::<[std::net::IpAddr; 4]>("[IpAddr; 4]");
    }
}
