use crate::command_errors::COMMAND_ERRORS;
use crate::linked_errors::LINKED_ERRORS;
use crate::run_errors::{ErrorPage, RUN_ERRORS};
use crate::tool_errors::TOOL_ERRORS;
use crate::{Stage, rules};

/// The page of a code: a rule of the linter, a fault that the macros refuse, or an error of an execution.
///
/// # Examples
/// ```
/// use icosian_rules::{ExplanationKind, explain};
///
/// let page = explain("ICO0011").expect("the code exists");
/// assert_eq!((page.name, page.kind), ("generic-node", ExplanationKind::Fault));
/// assert_eq!(explain("generic_node"), Some(page));
/// assert!(explain("ICO9999").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// `ICO` and four digits.
    pub code: &'static str,
    /// The name in kebab case.
    pub name: &'static str,
    /// A summary in one line.
    pub title: String,
    /// The explanation, in Markdown.
    pub text: String,
    /// The part of icosian that reports the code.
    pub kind: ExplanationKind,
}

/// The part of icosian that reports a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExplanationKind {
    /// A rule of the linter. Some of them are also errors of a driver.
    Rule,
    /// A fault in the source of a dataflow. The compiler and the linter report it.
    Fault,
    /// An error of an execution.
    RunError,
    /// An error of the linter or the command line.
    ToolError,
}

/// Returns the page of a code or name. Underscores may replace the hyphens of a name.
#[must_use]
pub fn explain(code_or_name: &str) -> Option<Explanation> {
    explanations().find(|page| page.is_called(code_or_name))
}

/// Returns the pages of all codes: rules and faults first, then errors of an execution, then errors of the tools.
pub fn explanations() -> impl Iterator<Item = Explanation> {
    let rules = rules().iter().map(|rule| {
        let metadata = rule.metadata();
        let kind =
            if metadata.stage == Stage::Macro { ExplanationKind::Fault } else { ExplanationKind::Rule };
        Explanation {
            code: metadata.code,
            name: metadata.name,
            title: metadata.summary(),
            text: metadata.page(),
            kind,
        }
    });
    let run_errors = RUN_ERRORS
        .iter()
        .chain(LINKED_ERRORS)
        .map(|page| Explanation::of_error(page, ExplanationKind::RunError));
    let tool_errors = TOOL_ERRORS
        .iter()
        .chain(COMMAND_ERRORS)
        .map(|page| Explanation::of_error(page, ExplanationKind::ToolError));
    rules.chain(run_errors).chain(tool_errors)
}

impl Explanation {
    fn of_error(page: &ErrorPage, kind: ExplanationKind) -> Self {
        let ErrorPage { code, name, title, text } = *page;
        Self { code, name, title: title.to_owned(), text: text.to_owned(), kind }
    }

    fn is_called(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(self.code) || name.replace('_', "-") == self.name
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ExplanationKind, explain, explanations};

    #[test]
    fn codes_and_names_are_unique() {
        let pages: Vec<_> = explanations().collect();
        let codes: HashSet<_> = pages.iter().map(|page| page.code).collect();
        let names: HashSet<_> = pages.iter().map(|page| page.name).collect();
        assert_eq!((codes.len(), names.len()), (pages.len(), pages.len()));
    }

    #[test]
    fn errors_have_pages() {
        for page in explanations() {
            let prefixes: &[&str] = match page.kind {
                ExplanationKind::Rule | ExplanationKind::Fault => continue,
                ExplanationKind::RunError => &["ICO11", "ICO12"],
                ExplanationKind::ToolError => &["ICO13"],
            };
            assert!(prefixes.iter().any(|prefix| page.code.starts_with(prefix)), "{}", page.code);
            assert!(page.title.starts_with(|it: char| it == '`' || it.is_lowercase()), "{}", page.title);
            assert!(!page.title.ends_with('.') && page.text.starts_with("## "), "{}", page.code);
            assert_eq!(explain(page.name), Some(page));
        }
    }
}
