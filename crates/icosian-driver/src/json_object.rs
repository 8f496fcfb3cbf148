use icosian_core::{BoxError, Name, Output, Value};

use crate::result_builder::ResultBuilder;

/// Builds one JSON object from outputs whose types are `Serialize`.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline, Output};
/// use icosian_driver::{Driver, JsonObject, inputs};
///
/// // `#[dataflow]` detects that a `u64` is serializable.
/// let output = Output::of::<u64>().serializable::<u64>();
/// let one = Node::sync(Outline::new("one").with_output(output), |_| Ok(1_u64));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one)).build()?;
/// let json = driver.execute_with(&JsonObject, ["one"], inputs! {})?;
/// assert_eq!(serde_json::to_string(&json)?, r#"{"one":1}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonObject;

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
#[derive(Debug, thiserror::Error)]
#[error("output `{output}` cannot be serialized")]
struct OutputError {
    output: Name,
    source: serde_json::Error,
}

fn not_serializable(output: &Output) -> String {
    format!("`{}` is not `Serialize`", output.value_type())
}
