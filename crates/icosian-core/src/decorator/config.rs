use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::value::Cell;
use crate::{Name, Output, Value};

/// Values that are the same for every execution of a driver.
///
/// Decorators read config when a driver is built. A config value is also an input of every execution, and replaces a node
/// of its name. Values are `Clone`, because any execution may take one by value. An override of the same name replaces a
/// config value for one execution.
///
/// # Examples
/// ```
/// use icosian_core::Config;
///
/// let config = Config::new().with("env", String::from("prod")).with("limit", 3_u64);
/// assert_eq!(format!("{config:?}"), "Config { env: String, limit: u64 }");
/// ```
#[derive(Default)]
pub struct Config {
    values: Vec<(Name, Value)>,
    /// The position of each name in `values`.
    positions: HashMap<Name, usize>,
    reads: Option<ConfigReads>,
}

/// The names that were looked up in a [`Config`] or in a clone of it, found or not.
///
/// # Examples
/// ```
/// use icosian_core::Config;
/// use icosian_core::decorator::ConfigReads;
///
/// let reads = ConfigReads::default();
/// let config = Config::new().with("limit", 3_u64).with_reads(&reads);
/// assert!(config.clone().text("env").is_none());
/// assert!(reads.names().iter().map(|name| name.as_str()).eq(["env"]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConfigReads(Arc<Mutex<BTreeSet<Name>>>);

impl ConfigReads {
    /// Returns the names so far.
    #[must_use]
    pub fn names(&self) -> BTreeSet<Name> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            if !noted.contains(name) {
                noted.insert(name.to_owned().into());
            }
        }
    }
}

impl Config {
    /// Returns an empty config.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; it replaces one of the same name.
    #[must_use]
    pub fn with<T: Any + Send + Sync + Clone>(self, name: impl Into<Name>, value: T) -> Self {
        self.with_value(name.into(), Value::cloneable(value))
    }

    /// Adds a value with a description of its type. For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn with_described<T: Any + Send + Sync + Clone>(
        self,
        name: impl Into<Name>,
        value: T,
        describe: impl FnOnce(Output) -> Output,
    ) -> Self {
        let output = describe(Output::of::<T>().cloneable::<T>());
        self.with_value(name.into(), Value::from_cell(Cell::new(value), output))
    }

    fn with_value(mut self, name: Name, value: Value) -> Self {
        if let Some(position) = self.positions.get(&name) {
            self.values[*position].1 = value;
        } else {
            self.positions.insert(name.clone(), self.values.len());
            self.values.push((name, value));
        }
        self
    }

    /// Records every later lookup in `reads`. A call of [`names`](Self::names) records all names.
    #[must_use]
    pub fn with_reads(mut self, reads: &ConfigReads) -> Self {
        self.reads = Some(reads.clone());
        self
    }

    /// Adds all values of `other`, which replace values of the same names.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        other.values.into_iter().fold(self, |config, (name, value)| config.with_value(name, value))
    }

    /// Copies the value of `from` to a second name.
    ///
    /// # Errors
    /// The unchanged config, when it has no value of that name.
    pub fn copy_value(self, from: &str, name: impl Into<Name>) -> Result<Self, Self> {
        match self.value(from).and_then(Value::duplicate) {
            Some(copy) => Ok(self.with_value(name.into(), copy)),
            None => Err(self),
        }
    }

    /// Returns the value of this name if its type is `T`.
    #[must_use]
    pub fn get<T: Any>(&self, name: &str) -> Option<&T> {
        self.value(name)?.get()
    }

    /// Returns the text of this name, whether it is a `String` or a `&'static str`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.value(name)?;
        value.get::<String>().map(String::as_str).or_else(|| value.get::<&'static str>().copied())
    }

    /// Returns the value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        if let Some(reads) = &self.reads {
            reads.note([name]);
        }
        self.positions.get(name).map(|position| &self.values[*position].1)
    }

    /// Returns the names and values for a diagnostic. [`ConfigReads`] does not record it.
    #[doc(hidden)]
    #[must_use]
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&Name, &Value)> {
        self.values.iter().map(|(name, value)| (name, value))
    }

    /// Returns the names, in the order in which they were first added.
    #[must_use]
    pub fn names(&self) -> impl ExactSizeIterator<Item = &Name> {
        if let Some(reads) = &self.reads {
            reads.note(self.values.iter().map(|(name, _)| name.as_str()));
        }
        self.values.iter().map(|(name, _)| name)
    }
}

impl Clone for Config {
    fn clone(&self) -> Self {
        // `with` accepts `Clone` values only, so no value is left out and the positions hold.
        let copies = self.values.iter().filter_map(|(name, value)| Some((name.clone(), value.duplicate()?)));
        Self { values: copies.collect(), positions: self.positions.clone(), reads: self.reads.clone() }
    }
}

impl IntoIterator for Config {
    type Item = (Name, Value);
    type IntoIter = std::vec::IntoIter<(Name, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

#[expect(clippy::missing_fields_in_debug, reason = "recorded lookups are no part of the config")]
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        for (name, value) in &self.values {
            shown.field(name, &value.value_type());
        }
        shown.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_values_replace_earlier_ones_in_place() {
        let config = (0..100_u64).fold(Config::new(), |config, at| config.with(format!("k{}", at % 10), at));
        assert_eq!((config.names().len(), config.get::<u64>("k3")), (10, Some(&93)));
        let copy = config.clone().with("k3", 1_u64).with("new", 2_u64);
        assert_eq!((copy.get::<u64>("k3"), copy.get::<u64>("new")), (Some(&1), Some(&2)));
        assert!(
            copy.names()
                .map(Name::as_str)
                .eq(["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "new"])
        );
    }
}
