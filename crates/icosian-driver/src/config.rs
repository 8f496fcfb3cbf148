use std::any::Any;
use std::fmt;

use icosian_core::{Name, Value};

/// Values that are the same for every execution of a driver.
///
/// A config value is an input that need not be given; a node of its name does not run, the value stands for it. Values are
/// `Clone`, because each execution may take one.
///
/// # Examples
/// ```
/// use icosian_driver::{Config, config};
///
/// let written = config! { "env": "prod", "limit": 3_u64 };
/// let built = Config::new().with("env", String::from("prod")).with("limit", 3_u64);
/// assert_eq!(format!("{written:?}"), format!("{built:?}"));
/// ```
#[derive(Default)]
pub struct Config {
    pub(crate) values: Vec<(Name, Value)>,
}

impl Config {
    /// Returns no config.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(format!("{:?}", icosian_driver::Config::new()), "Config");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; it replaces one of the same name.
    ///
    /// # Examples
    /// ```
    /// let config = icosian_driver::Config::new().with("limit", 3_u64);
    /// assert_eq!(format!("{config:?}"), "Config { limit: u64 }");
    /// ```
    #[must_use]
    pub fn with<T: Any + Send + Sync + Clone>(self, name: impl Into<Name>, value: T) -> Self {
        self.with_value(name.into(), Value::cloneable(value))
    }

    pub(crate) fn with_value(mut self, name: Name, value: Value) -> Self {
        match self.values.iter_mut().find(|(given, _)| *given == name) {
            Some((_, given)) => *given = value,
            None => self.values.push((name, value)),
        }
        self
    }

    /// Adds all values of `other`; they replace those of the same names.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::config;
    ///
    /// let both = config! { "env": "dev", "limit": 3_u64 }.extended(config! { "env": "prod" });
    /// assert_eq!(format!("{both:?}"), "Config { env: String, limit: u64 }");
    /// ```
    #[must_use]
    pub fn extended(self, other: Self) -> Self {
        other.values.into_iter().fold(self, |config, (name, value)| config.with_value(name, value))
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        for (name, value) in &self.values {
            shown.field(name, &value.value_type());
        }
        shown.finish()
    }
}

/// Writes a [`Config`]: `config! { "env": "prod", limit: 3_u64, http }`.
///
/// `name` alone is the variable of that name; a name before `:` may be quoted. A string literal becomes a `String`; every value is `Clone`.
///
/// # Examples
/// ```
/// use icosian_driver::config;
///
/// assert_eq!(format!("{:?}", config! { "env": "prod" }), "Config { env: String }");
/// ```
#[macro_export]
macro_rules! config {
    (@value $config:ident $name:ident) => { $crate::__config!($config, $crate::config!(@ $name), $name) };
    (@value $config:ident $name:tt $value:expr) => { $crate::__config!($config, $crate::config!(@ $name), $value) };
    (@ $name:literal) => { $name };
    (@ $name:ident) => { $crate::__private::Name::of_identifier(::core::stringify!($name)) };
    ($($name:tt $(: $value:expr)?),* $(,)?) => {{
        let config = $crate::Config::new();
        $(let config = $crate::config!(@value config $name $($value)?);)*
        config
    }};
}
