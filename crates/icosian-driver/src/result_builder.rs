use icosian_core::{BoxError, Name, Output, Value};

/// Builds the result of an execution from outputs that are requested by name.
///
/// [`NamedValues`](crate::NamedValues) is the default. The feature `json` adds `JsonObject`.
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
///         let fits = output.value_type() == icosian_core::value::ValueType::of::<u64>();
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

    /// Builds the result. The outputs are in the order of the request.
    ///
    /// # Errors
    /// Any error fails the execution.
    fn build(&self, outputs: Vec<(Name, Value)>) -> Result<Self::Result, BoxError>;
}
