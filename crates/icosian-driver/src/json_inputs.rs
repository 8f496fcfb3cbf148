use std::any::Any;

use icosian_core::Name;
use icosian_core::value::ValueType;
use icosian_diagnostics::{Spanned, nearest};
use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::input::Input;
use crate::inputs::{InputRole, Inputs};
use crate::json_keys::repeated_keys;
use crate::request_error::{RequestError, RequestErrorKind};

/// Reads inputs from a JSON object, and collects all errors.
///
/// [`Inputs::from_json`] parses the object, [`read`](Self::read) deserializes one field, and [`finish`](Self::finish) returns
/// the inputs. Fields that no call reads are errors too, because they are usually misspelt.
///
/// # Examples
/// ```
/// use icosian_driver::Inputs;
///
/// let inputs = Inputs::from_json(r#"{ "user": "ada", "limits": [1, 2] }"#)
///     .read::<String>("user")
///     .read::<Vec<u64>>("limits")
///     .read_optional::<bool>("verbose")
///     .finish()?;
/// assert_eq!(format!("{inputs:?}"), "Inputs { user: String, limits: Vec<u64> }");
///
/// let refused = Inputs::from_json(r#"{ "usre": "ada", "limits": [1, -2] }"#)
///     .read::<String>("user")
///     .read::<Vec<u64>>("limits")
///     .finish()
///     .unwrap_err();
/// let messages: Vec<_> = refused.iter().map(ToString::to_string).collect();
/// assert_eq!(messages, [
///     "JSON field `limits[1]` does not match input `limits: Vec<u64>`: invalid value: integer `-2`, expected u64",
///     "the JSON object has no field `user`, which is an input of type `String`",
///     "no input reads JSON field `usre`",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "`finish` returns the inputs"]
pub struct JsonInputs {
    fields: Map<String, Value>,
    /// The names that were read, with the type of the first call.
    read: FxHashMap<Name, ValueType>,
    inputs: Inputs,
    errors: RequestError,
    /// The inputs whose fields the object does not have.
    missing: Vec<(Name, ValueType)>,
    /// The document is no JSON object, so missing fields are not reported.
    is_broken: bool,
}

impl Inputs {
    /// Parses a JSON object whose fields are inputs.
    ///
    /// A syntax error is reported by [`JsonInputs::finish`], together with all other errors. A repeated key is an error too.
    pub fn from_json(text: impl AsRef<[u8]>) -> JsonInputs {
        let text = text.as_ref();
        let mut json = match serde_json::from_slice(text) {
            Ok(value) => Self::from_json_value(value),
            Err(error) => return JsonInputs::broken(error.to_string()),
        };
        if !json.is_broken {
            // A `Value` keeps only the last value of a repeated key.
            for path in repeated_keys(text) {
                json.report(RequestErrorKind::JsonFieldRepeated { path });
            }
        }
        json
    }

    /// Reads inputs from a parsed JSON object.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::Inputs;
    ///
    /// let body = serde_json::json!({ "limit": 3 });
    /// let inputs = Inputs::from_json_value(body).read::<u64>("limit").finish()?;
    /// assert_eq!(format!("{inputs:?}"), "Inputs { limit: u64 }");
    ///
    /// let refused = Inputs::from_json_value(serde_json::json!([3])).read::<u64>("limit").finish().unwrap_err();
    /// assert_eq!(refused.to_string(), "the inputs are not a JSON object: found an array");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json_value(value: Value) -> JsonInputs {
        match value {
            Value::Object(fields) => JsonInputs::new(fields),
            Value::Null => JsonInputs::broken("found null".to_owned()),
            Value::Bool(_) => JsonInputs::broken("found a boolean".to_owned()),
            Value::Number(_) => JsonInputs::broken("found a number".to_owned()),
            Value::String(_) => JsonInputs::broken("found a string".to_owned()),
            Value::Array(_) => JsonInputs::broken("found an array".to_owned()),
        }
    }
}

impl JsonInputs {
    fn new(fields: Map<String, Value>) -> Self {
        let (inputs, errors) = (Inputs::new(), RequestError::default());
        Self { fields, read: FxHashMap::default(), inputs, errors, missing: Vec::new(), is_broken: false }
    }

    fn broken(reason: String) -> Self {
        let mut json = Self { is_broken: true, ..Self::new(Map::new()) };
        json.report(RequestErrorKind::JsonSyntax { reason });
        json
    }

    fn report(&mut self, kind: RequestErrorKind) {
        self.errors.push(Spanned::new(kind, Vec::new()));
    }

    /// Deserializes the field `name` as an input of type `T`.
    pub fn read<T: DeserializeOwned + Any + Send + Sync>(mut self, name: impl Into<Name>) -> Self {
        let name = name.into();
        if self.is_first::<T>(&name) && !self.add::<T>(&name) {
            self.missing.push((name, ValueType::of::<T>()));
        }
        self
    }

    /// Deserializes the field `name` as an input of type `T`, unless it is absent or `null`.
    pub fn read_optional<T: DeserializeOwned + Any + Send + Sync>(mut self, name: impl Into<Name>) -> Self {
        let name = name.into();
        if self.is_first::<T>(&name) {
            if self.fields.get(name.as_str()).is_some_and(Value::is_null) {
                self.fields.remove(name.as_str());
            }
            self.add::<T>(&name);
        }
        self
    }

    /// Records that a call reads `name`; returns whether it is the first one. A second one is refused.
    fn is_first<T: Any>(&mut self, name: &Name) -> bool {
        let second = ValueType::of::<T>();
        let Some(&first) = self.read.get(name) else {
            self.read.insert(name.clone(), second);
            return true;
        };
        self.report(RequestErrorKind::JsonFieldReadTwice { name: name.clone(), first, second });
        false
    }

    /// Moves a field to the inputs; returns whether the object has it.
    fn add<T: DeserializeOwned + Any + Send + Sync>(&mut self, name: &Name) -> bool {
        let Some(field) = self.fields.remove(name.as_str()) else { return false };
        match serde_path_to_error::deserialize::<_, T>(field) {
            Ok(value) => self.inputs.set(InputRole::Input, name.clone(), Input::value(value)),
            Err(error) => {
                let path = match error.path().to_string().as_str() {
                    "." => name.to_string(),
                    path if path.starts_with('[') => format!("{name}{path}"),
                    path => format!("{name}.{path}"),
                };
                let (name, expected) = (name.clone(), ValueType::of::<T>());
                let reason = error.into_inner().to_string();
                self.report(RequestErrorKind::JsonFieldType { name, expected, path, reason });
            }
        }
        true
    }

    /// Returns the inputs.
    ///
    /// # Errors
    /// A syntax error, or all fields that are repeated, read twice, missing, of another type, or not read.
    pub fn finish(mut self) -> Result<Inputs, RequestError> {
        // All calls have been made, so the remaining fields are unread.
        let missing = if self.is_broken { Vec::new() } else { std::mem::take(&mut self.missing) };
        for (name, expected) in missing {
            let nearest = nearest(&name, self.fields.keys().map(String::as_str)).map(ToOwned::to_owned);
            self.report(RequestErrorKind::JsonFieldMissing { name, expected, nearest });
        }
        for (field, _) in std::mem::take(&mut self.fields) {
            let nearest = nearest(&field, self.read.keys().map(Name::as_str)).map(ToOwned::to_owned);
            self.report(RequestErrorKind::JsonFieldUnknown { field, nearest });
        }
        self.errors.into_result(self.inputs)
    }
}
