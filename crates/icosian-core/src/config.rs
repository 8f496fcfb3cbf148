use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Cell, Name, Output, Value};

/// Values that are the same for every execution of a driver.
///
/// A config value is an input that need not be given; a node of its name does not run, the value stands for it. Values are
/// `Clone`, because each execution may take one.
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
    asked: Option<Asked>,
}

/// The names by which somebody has asked a [`Config`], or a clone of it, for a value, whether it was there or not.
///
/// # Examples
/// ```
/// use icosian_core::{Asked, Config};
///
/// let asked = Asked::default();
/// let config = Config::new().with("limit", 3_u64).noting(&asked);
/// assert!(config.clone().text("env").is_none());
/// assert!(asked.names().iter().map(|name| name.as_str()).eq(["env"]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<Mutex<BTreeSet<Name>>>);

impl Asked {
    /// Returns the names so far.
    ///
    /// # Examples
    /// See [`Asked`].
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
    /// Returns no config.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(format!("{:?}", icosian_core::Config::new()), "Config");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; it replaces one of the same name.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_core::Config::new().with("limit", 3_u64);
    /// assert_eq!(format!("{config:?}"), "Config { limit: u64 }");
    /// ```
    #[must_use]
    pub fn with<T: Any + Send + Sync + Clone>(self, name: impl Into<Name>, value: T) -> Self {
        self.with_value(name.into(), Value::cloneable(value))
    }

    /// Adds a value and what is known of it besides its type. For written code.
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
        match self.values.iter_mut().find(|(given, _)| *given == name) {
            Some((_, given)) => *given = value,
            None => self.values.push((name, value)),
        }
        self
    }

    /// Notes in `asked` by which names values are asked for from now on. Who asks for [all names](Self::names) asks for each.
    ///
    /// # Examples
    /// See [`Asked`].
    #[must_use]
    pub fn noting(mut self, asked: &Asked) -> Self {
        self.asked = Some(asked.clone());
        self
    }

    /// Adds all values of `other`; they replace those of the same names.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Config;
    ///
    /// let both = Config::new().with("env", "dev").extended(Config::new().with("env", "prod"));
    /// assert_eq!(both.get::<&str>("env"), Some(&"prod"));
    /// ```
    #[must_use]
    pub fn extended(self, other: Self) -> Self {
        other.values.into_iter().fold(self, |config, (name, value)| config.with_value(name, value))
    }

    /// Gives the value `from` a second name.
    ///
    /// # Errors
    /// The config unchanged, when there is no such value.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_core::Config::new().with("limit", 3_u64).copied("limit", "most").expect("it is there");
    /// assert_eq!(config.get::<u64>("most"), Some(&3));
    /// ```
    pub fn copied(self, from: &str, name: impl Into<Name>) -> Result<Self, Self> {
        match self.value(from).and_then(Value::duplicate) {
            Some(copy) => Ok(self.with_value(name.into(), copy)),
            None => Err(self),
        }
    }

    /// Returns the value of this name, when there is one and it is a `T`.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_core::Config::new().with("limit", 3_u64);
    /// assert_eq!((config.get::<u64>("limit"), config.get::<u8>("limit")), (Some(&3), None));
    /// ```
    #[must_use]
    pub fn get<T: Any>(&self, name: &str) -> Option<&T> {
        self.value(name)?.get()
    }

    /// Returns the text of this name, whether it is a `String` or a `&'static str`.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_core::Config::new().with("env", String::from("prod")).with("region", "eu");
    /// assert_eq!((config.text("env"), config.text("region")), (Some("prod"), Some("eu")));
    /// ```
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.value(name)?;
        value.get::<String>().map(String::as_str).or_else(|| value.get::<&'static str>().copied())
    }

    /// Returns the value of this name.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_core::Config::new().with("limit", 3_u64);
    /// assert!(config.value("limit").is_some() && config.value("env").is_none());
    /// ```
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        if let Some(asked) = &self.asked {
            asked.note([name]);
        }
        self.values.iter().find(|(given, _)| **given == *name).map(|(_, value)| value)
    }

    /// Returns the names, in the order in which they were first given.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_core::Config::new().with("limit", 3_u64);
    /// assert!(config.names().map(|name| name.as_str()).eq(["limit"]));
    /// ```
    #[must_use]
    pub fn names(&self) -> impl ExactSizeIterator<Item = &Name> {
        if let Some(asked) = &self.asked {
            asked.note(self.values.iter().map(|(name, _)| name.as_str()));
        }
        self.values.iter().map(|(name, _)| name)
    }
}

impl Clone for Config {
    fn clone(&self) -> Self {
        // Every value was given as one that is `Clone`.
        let copies = self.values.iter().filter_map(|(name, value)| Some((name.clone(), value.duplicate()?)));
        Self { values: copies.collect(), asked: self.asked.clone() }
    }
}

impl IntoIterator for Config {
    type Item = (Name, Value);
    type IntoIter = std::vec::IntoIter<(Name, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

#[expect(
    clippy::missing_fields_in_debug,
    reason = "who is told what it is asked for is no part of what it is"
)]
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        for (name, value) in &self.values {
            shown.field(name, &value.value_type());
        }
        shown.finish()
    }
}
