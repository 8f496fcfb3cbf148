//! Reports for tools, one format a file.

mod github;
mod json;
mod junit;
mod rustc;
#[cfg(feature = "sarif")]
mod sarif;
mod short;

use std::io::{self, Write};

use crate::Report;

/// A format of reports for tools. For people, render the diagnostics with miette.
///
/// # Examples
/// ```
/// use icosian_lint::{Format, Linter, Settings};
///
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// let mut text = Vec::new();
/// Format::Short.write(&report, &mut text)?;
/// assert_eq!(text, b"src/rates.rs:2:18: deny ICO0009 node-without-output: node `rate` never returns\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One line for each finding: file, line, column, level, code, name, message.
    Short,
    /// One JSON object. Its `version` increases with each incompatible change.
    Json,
    /// SARIF 2.1.0, for code scanning.
    #[cfg(feature = "sarif")]
    Sarif,
    /// Annotations for GitHub workflows.
    Github,
    /// XML in the format of `JUnit`, for build servers.
    Junit,
    /// JSON lines in the compiler's format, for editors.
    Rustc,
}

impl Format {
    /// Writes `report`.
    ///
    /// # Errors
    /// Returns the errors of `out`.
    pub fn write(self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Short => short::write(report, out),
            Self::Json => json::write(report, out),
            #[cfg(feature = "sarif")]
            Self::Sarif => sarif::write(report, out),
            Self::Github => github::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Rustc => rustc::write(report, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;
    use crate::{Linter, Settings};

    /// Writes two findings, one with a fix and behind letters of two bytes, and a file that cannot be parsed.
    fn written(format: Format) -> String {
        let linter = Linter::new(Settings::default());
        let text = "#[tag(name = \"Größe\")] #[node]\npub fn size<T>() -> f64 { 1.0 }\n";
        let mut report = linter.lint_text("src/größe.rs", text);
        report.notices = linter.lint_text("src/broken, too.rs", "#[node] fn (").notices;
        let mut text = Vec::new();
        format.write(&report, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn formats_write_all_findings_and_notices() {
        for (name, format) in [
            ("short", Format::Short),
            ("json", Format::Json),
            #[cfg(feature = "sarif")]
            ("sarif", Format::Sarif),
            ("github", Format::Github),
            ("junit", Format::Junit),
            ("rustc", Format::Rustc),
        ] {
            insta::assert_snapshot!(name, written(format));
        }
    }

    #[test]
    fn finding_is_one_line_in_line_formats() {
        let linter = Linter::new(Settings::default());
        let mut report = linter.lint_text("src/a\r\nb.rs", "#[node] pub fn f() -> ! { never() }");
        report.notices = vec![crate::Notice::new("src/c\nd.rs", "is\nodd")];
        for format in [Format::Short, Format::Github] {
            let mut text = Vec::new();
            format.write(&report, &mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert!(text.lines().count() == 2 && !text.contains('\r'), "{text}");
        }
    }

    /// Only JSON and SARIF, which programs read, have unescaped text.
    #[test]
    fn control_characters_are_escaped() {
        let odd = "a\nb\x1b[31mred \x07\x7f\u{85}\u{202e}\u{2067}";
        let linter = Linter::new(Settings::default());
        let mut report = linter.lint_text(format!("src/{odd}.rs"), "#[node] pub fn f() -> ! { never() }");
        report.diagnoses[0].message = odd.to_owned();
        report.diagnoses[0].help = Some(odd.to_owned());
        report.notices = vec![crate::Notice::new(format!("src/{odd}.rs"), odd)];
        let mut all = format!("{}\n{}\n", report.diagnoses[0], report.notices[0]);
        let found: &dyn miette::Diagnostic = &report.diagnoses[0];
        let contents = found.source_code().unwrap().read_span(&(0..1).into(), 0, 0).unwrap();
        for text in [contents.name().unwrap(), &found.help().unwrap().to_string()] {
            all.push_str(text);
            all.push('\n');
        }
        for format in [Format::Short, Format::Github, Format::Junit] {
            let mut text = Vec::new();
            format.write(&report, &mut text).unwrap();
            all.push_str(&String::from_utf8(text).unwrap());
        }
        let mut text = Vec::new();
        Format::Rustc.write(&report, &mut text).unwrap();
        for line in String::from_utf8(text).unwrap().lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            all.push_str(line["rendered"].as_str().unwrap());
        }
        let is_control =
            |it: &char| *it != '\n' && (it.is_control() || ('\u{202a}'..='\u{2069}').contains(it));
        assert_eq!(all.chars().find(is_control), None, "{all}");
        insta::assert_snapshot!("escaped", all);
    }

    #[test]
    fn rustc_lines_parse_as_compiler_diagnostics() {
        use cargo_metadata::diagnostic::{Applicability, Diagnostic};

        let lines = written(Format::Rustc);
        let diagnostics: Vec<Diagnostic> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let codes: Vec<_> =
            diagnostics.iter().map(|it| it.code.as_ref().map(|code| code.code.as_str())).collect();
        assert_eq!(codes, [Some("ICO0404"), Some("ICO0011"), None]);
        let moved = diagnostics[0].children.iter().find(|child| !child.spans.is_empty()).unwrap();
        assert_eq!(moved.spans[0].suggestion_applicability, Some(Applicability::MachineApplicable));
        assert_eq!(moved.spans[0].suggested_replacement.as_deref(), Some(""));
    }
}
