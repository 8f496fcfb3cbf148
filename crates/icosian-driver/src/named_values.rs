use std::any::Any;
use std::fmt;

use icosian_core::{BoxError, Name, Value};

use crate::result_builder::ResultBuilder;

/// Outputs by name, in the order of the request; also the default [`ResultBuilder`].
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
    /// Returns the output of this name, if its type is `T`.
    #[must_use]
    pub fn get<T: Any>(&self, name: &str) -> Option<&T> {
        self.value(name)?.get()
    }

    /// Returns an output with its type erased.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(given, _)| *given == *name).map(|(_, value)| value)
    }

    /// Moves the output of this name out, if its type is `T`.
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
