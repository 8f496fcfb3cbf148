use std::any::Any;
use std::fmt;
use std::sync::Arc;

use icosian_core::decorator::{ConfigChoice, DecorateError};
use icosian_core::{Config, Name, Value};

use crate::decorate_errors::decorate_error;

/// A condition on config values: `env == "prod"`.
///
/// A missing key equals no value. Strings compare equal whether the config holds a `String` or a literal. Comparing values of
/// different types is an error.
///
/// # Examples
/// ```
/// use icosian_core::Config;
/// use icosian_decorators::Condition;
///
/// let live = Condition::when("env", "prod").and(Condition::when_not_in("region", ["eu", "us"]));
/// assert_eq!(live.to_string(), "env = \"prod\" and region not in [\"eu\", \"us\"]");
/// let config = Config::new().with("env", "prod").with("region", "asia");
/// assert_eq!(live.holds(&config), Ok(true));
/// ```
#[derive(Clone)]
pub struct Condition {
    text: String,
    keys: Vec<Name>,
    choices: Vec<ConfigChoice>,
    holds: Arc<Holds>,
}

type Holds = dyn Fn(&Config) -> Result<bool, DecorateError> + Send + Sync;

impl Condition {
    /// Creates a condition that holds if the config value `key` equals `value`.
    #[must_use]
    pub fn when<T: Any + PartialEq + fmt::Debug + Send + Sync>(key: impl Into<Name>, value: T) -> Self {
        let key = key.into();
        let text = format!("{key} = {value:?}");
        let choice = ConfigChoice::new(key.clone(), [format!("{value:?}")]);
        Self::compare(choice, text, move |found| found.is_one_of(std::slice::from_ref(&value)))
    }

    /// Creates a condition that holds if the config value `key` does not equal `value`.
    #[must_use]
    pub fn when_not<T: Any + PartialEq + fmt::Debug + Send + Sync>(key: impl Into<Name>, value: T) -> Self {
        let key = key.into();
        let text = format!("{key} != {value:?}");
        let choice = ConfigChoice::new(key.clone(), [format!("{value:?}")]).negate();
        Self::compare(choice, text, move |found| Ok(!found.is_one_of(std::slice::from_ref(&value))?))
    }

    /// Creates a condition that holds if the config value `key` equals one of `values`.
    #[must_use]
    pub fn when_in<T: Any + PartialEq + fmt::Debug + Send + Sync>(
        key: impl Into<Name>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let (key, values): (Name, Vec<T>) = (key.into(), values.into_iter().collect());
        let text = format!("{key} in {values:?}");
        let choice = ConfigChoice::new(key.clone(), values.iter().map(|value| format!("{value:?}")));
        Self::compare(choice, text, move |found| found.is_one_of(&values))
    }

    /// Creates a condition that holds if the config value `key` equals none of `values`.
    #[must_use]
    pub fn when_not_in<T: Any + PartialEq + fmt::Debug + Send + Sync>(
        key: impl Into<Name>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let (key, values): (Name, Vec<T>) = (key.into(), values.into_iter().collect());
        let text = format!("{key} not in {values:?}");
        let choice = ConfigChoice::new(key.clone(), values.iter().map(|value| format!("{value:?}"))).negate();
        Self::compare(choice, text, move |found| Ok(!found.is_one_of(&values)?))
    }

    /// Creates a condition that calls `holds` with the whole config. `text` describes it.
    #[must_use]
    pub fn of(text: impl Into<String>, holds: impl Fn(&Config) -> bool + Send + Sync + 'static) -> Self {
        let holds = Arc::new(move |config: &Config| Ok(holds(config)));
        Self { text: text.into(), keys: Vec::new(), choices: Vec::new(), holds }
    }

    fn compare(
        choice: ConfigChoice,
        text: String,
        holds: impl Fn(ConfigEntry<'_>) -> Result<bool, DecorateError> + Send + Sync + 'static,
    ) -> Self {
        let key = choice.key().clone();
        let keys = vec![key.clone()];
        let holds = move |config: &Config| holds(ConfigEntry { key: &key, value: config.value(&key) });
        Self { text, keys, choices: vec![choice], holds: Arc::new(holds) }
    }

    /// Combines two conditions; the result holds if both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let text = format!("{} and {}", self.text, other.text);
        let keys = [self.keys, other.keys].concat();
        let choices = [self.choices, other.choices].concat();
        let (first, second) = (self.holds, other.holds);
        Self { text, keys, choices, holds: Arc::new(move |config| Ok(first(config)? && second(config)?)) }
    }

    /// Returns the config keys that the condition is known to read.
    #[must_use]
    pub fn keys(&self) -> &[Name] {
        &self.keys
    }

    /// Returns the comparisons with config keys. A condition from [`of`](Self::of) has none.
    #[must_use]
    pub fn choices(&self) -> &[ConfigChoice] {
        &self.choices
    }

    /// Returns whether the condition holds for `config`.
    ///
    /// # Errors
    /// Returns an error if a config value is compared with a value of another type.
    pub fn holds(&self, config: &Config) -> Result<bool, DecorateError> {
        (self.holds)(config)
    }
}

/// A config value in a comparison.
struct ConfigEntry<'a> {
    key: &'a Name,
    value: Option<&'a Value>,
}

impl ConfigEntry<'_> {
    fn is_one_of<T: Any + PartialEq + fmt::Debug>(&self, wanted: &[T]) -> Result<bool, DecorateError> {
        let Some(value) = self.value else { return Ok(false) };
        if let Some(value) = value.get::<T>() {
            return Ok(wanted.contains(value));
        }
        let text = |value: &dyn Any| -> Option<String> {
            let literal = value.downcast_ref::<&'static str>().map(|text| (*text).to_owned());
            literal.or_else(|| value.downcast_ref::<String>().cloned())
        };
        let given = value.get::<String>().cloned();
        let given = given.or_else(|| value.get::<&'static str>().map(|text| (*text).to_owned()));
        let texts: Option<Vec<_>> = wanted.iter().map(|wanted| text(wanted)).collect();
        match (given, texts) {
            (Some(given), Some(wanted)) => Ok(wanted.contains(&given)),
            _ => Err(decorate_error(
                "ICO0506 config-value-type",
                format!(
                    "config value `{}` is a `{}`, but is compared with {wanted:?}",
                    self.key,
                    value.value_type()
                ),
                "use values of one type for both",
            )),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(condition: &Condition, config: &Config, expect: bool) {
        assert_eq!(condition.holds(config), Ok(expect), "{condition} of {config:?}");
    }

    #[test]
    fn text_is_compared_whoever_owns_it() {
        let owned = Config::new().with("env", String::from("prod"));
        let literal = Config::new().with("env", "prod");
        for config in [&owned, &literal] {
            check(&Condition::when("env", "prod"), config, true);
            check(&Condition::when("env", String::from("prod")), config, true);
            check(&Condition::when_in("env", ["dev", "prod"]), config, true);
            check(&Condition::when_not("env", "prod"), config, false);
            check(&Condition::when_not_in("env", ["dev"]), config, true);
        }
    }

    #[test]
    fn a_key_that_is_not_there_equals_nothing() {
        let none = Config::new();
        check(&Condition::when("env", "prod"), &none, false);
        check(&Condition::when_in("env", ["prod"]), &none, false);
        check(&Condition::when_not("env", "prod"), &none, true);
        check(&Condition::when_not_in("env", ["prod"]), &none, true);
    }

    #[test]
    fn values_of_two_types_are_refused() {
        let error = Condition::when("limit", 3_i32).holds(&Config::new().with("limit", 3_u64)).unwrap_err();
        assert_eq!(error.to_string(), "config value `limit` is a `u64`, but is compared with [3]");
        assert_eq!(error.id(), "ICO0506 config-value-type");
    }
}
