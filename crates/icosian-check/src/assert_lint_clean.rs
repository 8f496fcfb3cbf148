use std::fmt::Write as _;

use icosian_rules::{RemoteFinding, rules};

use crate::into_check::IntoCheck;

/// Formats findings as text: code, message, locations and help.
///
/// # Examples
/// ```
/// use icosian_rules::RemoteFinding;
///
/// let mut finding = RemoteFinding::new("ICO0002", "node `one` is defined twice");
/// finding.help = Some("rename one of the two nodes".to_owned());
/// let text = "ICO0002 duplicate-node: node `one` is defined twice\n  help: rename one of the two nodes\n";
/// assert_eq!(icosian_check::format_findings(&[finding]), text);
/// ```
#[must_use]
pub fn format_findings(findings: &[RemoteFinding]) -> String {
    let mut text = String::new();
    for (position, finding) in findings.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        let metadata =
            rules().iter().map(|rule| rule.metadata()).find(|metadata| metadata.code == finding.code);
        let name = metadata.map(|metadata| format!(" {}", metadata.name)).unwrap_or_default();
        // Writing to a `String` does not fail.
        let _ = writeln!(text, "{}{name}: {}", finding.code, finding.message);
        for spot in &finding.spots {
            let label = if spot.text.is_empty() { String::new() } else { format!(": {}", spot.text) };
            let _ = writeln!(text, "  at {}:{}:{}{label}", spot.file, spot.line, spot.column);
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
}

/// Panics with all findings on `subject`.
#[doc(hidden)]
#[track_caller]
pub fn assert_clean(subject: impl IntoCheck) {
    let findings = subject.into_check().findings();
    let count = match findings.len() {
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    };
    assert!(findings.is_empty(), "the dataflow has {count}:\n\n{}", format_findings(&findings));
}

/// Panics with all findings on a dataflow: code, message, location and help of each.
///
/// The argument is a dataflow, which is checked under tokio; a dataflow and the builder of its driver; a builder alone; or a
/// [`Check`](crate::Check) with the outputs and inputs of a request.
///
/// # Panics
/// If there is a finding.
///
/// # Examples
/// ```
/// use icosian_check::{Check, assert_lint_clean};
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::Driver;
///
/// let rates = || Dataflow::new("rates").with_node(Node::sync(Outline::new("rate"), |_| Ok(1.5)));
/// assert_lint_clean!(rates());
/// assert_lint_clean!(rates(), Driver::builder());
/// assert_lint_clean!(Check::new(Driver::builder().with_dataflow(rates())).with_outputs(["rate"]));
/// ```
///
/// ```should_panic
/// use icosian_check::assert_lint_clean;
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::Driver;
///
/// let rate = Node::future(Outline::new("rate"), |_| async { Ok(1.5) });
/// assert_lint_clean!(Dataflow::new("rates").with_node(rate), Driver::builder());
/// ```
#[macro_export]
macro_rules! assert_lint_clean {
    ($subject:expr $(,)?) => {
        $crate::assert_clean($subject)
    };
    ($dataflow:expr, $builder:expr $(,)?) => {
        $crate::assert_clean($builder.with_dataflow($dataflow))
    };
}
