use std::fmt::{self, Write};

use icosian_schema::run::ValueSummary;

use crate::page::markup::Escaped;
use crate::run_report::RunReport;

/// Writes the inputs and the requested outputs.
pub(super) fn write(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    out.write_str("<section id=\"values\" aria-labelledby=\"values-title\"><h2 id=\"values-title\">Values</h2>\n<div class=\"columns\">\n")?;
    let outputs: Vec<_> =
        report.outputs().into_iter().map(|(name, it)| (name, it.and_then(|it| it.output.as_ref()))).collect();
    write_list("Outputs", &outputs, "no value", out)?;
    let inputs: Vec<_> =
        report.run.start.inputs.iter().map(|(name, value)| (name.as_str(), Some(value))).collect();
    write_list("Inputs", &inputs, "", out)?;
    out.write_str("</div></section>\n")
}

fn write_list(
    title: &str,
    values: &[(&str, Option<&ValueSummary>)],
    missing: &str,
    out: &mut impl Write,
) -> fmt::Result {
    write!(out, "<div><h3>{title}</h3>")?;
    if values.is_empty() {
        return out.write_str("<p>The record lists none.</p></div>\n");
    }
    out.write_str("<dl>\n")?;
    for (name, value) in values {
        write!(out, "<div><dt>{}</dt><dd>", Escaped(name))?;
        match value {
            Some(value) => write_value(value, out)?,
            None => write!(out, "<em>{missing}</em>")?,
        }
        out.write_str("</dd></div>\n")?;
    }
    out.write_str("</dl></div>\n")
}

/// Writes the type, the length and the value.
pub(super) fn write_value(value: &ValueSummary, out: &mut impl Write) -> fmt::Result {
    write!(out, "<code>{}</code>", Escaped(&value.value_type))?;
    if let Some(length) = value.length {
        write!(out, " <small>length {length}</small>")?;
    }
    if let Some(text) = &value.value {
        write!(out, "<pre class=\"value\">{}</pre>", Escaped(text))?;
    }
    Ok(())
}
