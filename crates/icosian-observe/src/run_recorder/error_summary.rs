use std::error::Error;
use std::iter::successors;

use icosian_core::expand::ItemError;
use icosian_core::{NodeError, Outline};
use icosian_driver::RunError;
use icosian_schema::graph::SourceLocation;
use icosian_schema::run::ErrorSummary;
use miette::Diagnostic;

/// Summarizes the error of a node.
pub(crate) fn summarize_error(outline: &Outline, error: &NodeError) -> ErrorSummary {
    let (causes, help) = match error {
        NodeError::Failed(returned) => {
            let help = error.find::<miette::Report, _>().and_then(|report| help(&**report));
            (causes(returned.source()), help)
        }
        _ => (Vec::new(), None),
    };
    ErrorSummary {
        message: error.to_string(),
        code: Some(without_name(RunError::node_code(error))),
        causes,
        help,
        location: location(outline.location()),
    }
}

/// Summarizes the error of an item.
pub(crate) fn summarize_item_error(error: &ItemError) -> ErrorSummary {
    ErrorSummary {
        message: error.to_string(),
        code: Some(without_name(RunError::item_code(error))),
        causes: causes(error.source()),
        help: None,
        location: location(error.location()),
    }
}

/// Returns the code without its name.
fn without_name(code: &str) -> String {
    code.split_once(' ').map_or(code, |(code, _)| code).to_owned()
}

fn help(report: &dyn Diagnostic) -> Option<String> {
    report.help().map(|help| help.to_string())
}

fn causes(first: Option<&(dyn Error + 'static)>) -> Vec<String> {
    successors(first, |&error| error.source()).map(ToString::to_string).collect()
}

fn location(location: Option<icosian_diagnostics::Location>) -> Option<SourceLocation> {
    location.map(|location| SourceLocation {
        file: location.file().to_owned(),
        line: location.line(),
        column: location.column(),
    })
}
