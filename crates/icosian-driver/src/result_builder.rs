use std::any::Any;
use std::fmt;

use icosian_core::{BoxError, Name, Output, Value};

/// Makes one result of outputs that were asked for by name.
///
/// [`NamedValues`] is the plain one, and with the feature `json` there is `JsonObject`.
///
/// # Examples
/// ```
/// use icosian_core::{BoxError, Dataflow, Name, Node, Outline, Output, Value};
/// use icosian_driver::{Driver, ResultBuilder, inputs};
///
/// /// Adds up outputs that are all `u64`.
/// struct Sum;
///
/// impl ResultBuilder for Sum {
///     type Result = u64;
///
///     fn refuse(&self, output: &Output) -> Option<String> {
///         let fits = output.value_type() == icosian_core::ValueType::of::<u64>();
///         (!fits).then(|| format!("a `{}` cannot be added up", output.value_type()))
///     }
///
///     fn build(&self, outputs: Vec<(Name, Value)>) -> Result<u64, BoxError> {
///         outputs.iter().map(|(_, value)| value.get::<u64>().copied().ok_or("not a u64".into())).sum()
///     }
/// }
///
/// let flow = Dataflow::new("flow")
///     .with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)))
///     .with_node(Node::sync(Outline::new("two"), |_| Ok(2_u64)));
/// let driver = Driver::builder().with_dataflow(flow).build()?;
/// assert_eq!(driver.execute_with(&Sum, ["one", "two"], inputs! {})?, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ResultBuilder {
    /// The type of the result.
    type Result;

    /// Returns the reason why an output cannot be part of the result. The driver calls it before any node runs.
    fn refuse(&self, output: &Output) -> Option<String> {
        let _ = output;
        None
    }

    /// Makes the result of the outputs, in the order in which they were asked for.
    ///
    /// # Errors
    /// Whatever keeps it from doing so, which fails the execution.
    fn build(&self, outputs: Vec<(Name, Value)>) -> Result<Self::Result, BoxError>;
}

/// Outputs by name, in the order in which they were asked for; also the [`ResultBuilder`] that makes them.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
///
/// let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
/// let driver = Driver::builder().with_dataflow(flow).build()?;
/// let mut outputs = driver.execute_named(["one"], inputs! {})?;
/// assert_eq!(outputs.get::<u64>("one"), Some(&1));
/// assert_eq!(outputs.take::<u64>("one"), Some(1));
/// assert_eq!(outputs.take::<u64>("one"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct NamedValues {
    values: Vec<(Name, Value)>,
}

impl NamedValues {
    /// Returns an output, when there is one of this name and type.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # use icosian_driver::{Driver, inputs};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// # let two = Node::sync(Outline::new("two"), |_| Ok(String::from("II")));
    /// # let flow = Dataflow::new("flow").with_node(one).with_node(two);
    /// # let driver = Driver::builder().with_dataflow(flow).build()?;
    ///
    /// let outputs = driver.execute_named(["one"], inputs! {})?;
    /// assert_eq!(outputs.get::<u64>("one"), Some(&1));
    /// assert_eq!(outputs.get::<String>("one"), None, "`one` is a `u64`");
    /// assert_eq!(outputs.get::<u64>("two"), None, "`two` was not asked for");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn get<T: Any>(&self, name: &str) -> Option<&T> {
        self.value(name)?.get()
    }

    /// Returns an output with its type erased.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # use icosian_driver::{Driver, inputs};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// # let two = Node::sync(Outline::new("two"), |_| Ok(String::from("II")));
    /// # let flow = Dataflow::new("flow").with_node(one).with_node(two);
    /// # let driver = Driver::builder().with_dataflow(flow).build()?;
    ///
    /// let outputs = driver.execute_named(["one"], inputs! {})?;
    /// let one = outputs.value("one").expect("it was asked for");
    /// assert_eq!(one.value_type().to_string(), "u64");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(given, _)| *given == *name).map(|(_, value)| value)
    }

    /// Moves an output out, when there is one of this name and type.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # use icosian_driver::{Driver, inputs};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// # let two = Node::sync(Outline::new("two"), |_| Ok(String::from("II")));
    /// # let flow = Dataflow::new("flow").with_node(one).with_node(two);
    /// # let driver = Driver::builder().with_dataflow(flow).build()?;
    ///
    /// let mut outputs = driver.execute_named(["two"], inputs! {})?;
    /// let two: Option<String> = outputs.take("two");
    /// assert_eq!(two.as_deref(), Some("II"));
    /// assert!(outputs.value("two").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn take<T: Any>(&mut self, name: &str) -> Option<T> {
        let position = self.values.iter().position(|(given, _)| *given == *name)?;
        let (name, value) = self.values.remove(position);
        match value.into_inner() {
            Ok(value) => Some(value),
            Err(value) => {
                self.values.insert(position, (name, value));
                None
            }
        }
    }

    /// Returns the names and outputs.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # use icosian_driver::{Driver, inputs};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// # let two = Node::sync(Outline::new("two"), |_| Ok(String::from("II")));
    /// # let flow = Dataflow::new("flow").with_node(one).with_node(two);
    /// # let driver = Driver::builder().with_dataflow(flow).build()?;
    ///
    /// let outputs = driver.execute_named(["two", "one"], inputs! {})?;
    /// let types: Vec<_> = outputs.iter().map(|(name, value)| format!("{name}: {}", value.value_type())).collect();
    /// assert_eq!(types, ["two: String", "one: u64"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Value)> {
        self.values.iter().map(|(name, value)| (name, value))
    }
}

impl IntoIterator for NamedValues {
    type Item = (Name, Value);
    type IntoIter = std::vec::IntoIter<(Name, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

impl ResultBuilder for NamedValues {
    type Result = Self;

    fn build(&self, outputs: Vec<(Name, Value)>) -> Result<Self, BoxError> {
        Ok(Self { values: outputs })
    }
}

impl fmt::Debug for NamedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.iter().map(|(name, value)| (name, value.value_type()));
        f.debug_map().entries(values).finish()
    }
}

/// Builds one JSON object from outputs whose types are `Serialize`.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline, Output};
/// use icosian_driver::{Driver, JsonObject, inputs};
///
/// // `#[dataflow]` finds out by itself that a `u64` can be serialized.
/// let output = Output::of::<u64>().serializable::<u64>();
/// let one = Node::sync(Outline::new("one").output(output), |_| Ok(1_u64));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one)).build()?;
/// let json = driver.execute_with(&JsonObject, ["one"], inputs! {})?;
/// assert_eq!(serde_json::to_string(&json)?, r#"{"one":1}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "json")]
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonObject;

#[cfg(feature = "json")]
impl ResultBuilder for JsonObject {
    type Result = serde_json::Map<String, serde_json::Value>;

    fn refuse(&self, output: &Output) -> Option<String> {
        (!output.is_serializable()).then(|| not_serializable(output))
    }

    fn build(&self, outputs: Vec<(Name, Value)>) -> Result<Self::Result, BoxError> {
        let entry = |(name, value): (Name, Value)| {
            let not_serializable = || format!("output `{name}`: {}", not_serializable(value.output()));
            let serialize = value.serialize().ok_or_else(not_serializable)?;
            match erased_serde::serialize(serialize, serde_json::value::Serializer) {
                Ok(json) => Ok((name.to_string(), json)),
                Err(source) => Err(Box::new(OutputError { output: name, source }) as BoxError),
            }
        };
        outputs.into_iter().map(entry).collect()
    }
}

/// The error of an output that cannot be serialized.
#[cfg(feature = "json")]
#[derive(Debug, thiserror::Error)]
#[error("output `{output}` cannot be serialized")]
struct OutputError {
    output: Name,
    source: serde_json::Error,
}

#[cfg(feature = "json")]
fn not_serializable(output: &Output) -> String {
    format!("`{}` is not `Serialize`", output.value_type())
}
