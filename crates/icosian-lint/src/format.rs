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

/// How a report is written for tools; people are better served by a renderer of miette diagnostics.
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
    /// A line each: file, line, column, level, code, name, message.
    Short,
    /// One JSON object; its `version` rises when it changes so that readers have to.
    Json,
    /// SARIF 2.1.0, for code scanning.
    #[cfg(feature = "sarif")]
    Sarif,
    /// Annotations of GitHub's workflows.
    Github,
    /// `JUnit`'s XML, for build servers.
    Junit,
    /// A line of JSON each, in the form of the compiler's diagnostics, for editors.
    Rustc,
}

impl Format {
    /// Writes `report`.
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// # Examples
    /// See [`Format`].
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

    /// Two findings, one with a fix and in a place after letters of two bytes, and a file that cannot be parsed.
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
    fn every_format_says_all() {
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
    fn a_finding_is_a_line_whatever_it_speaks_of() {
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

    /// What people see says nothing to their terminal; what programs read is what it is.
    #[test]
    fn nothing_speaks_to_a_terminal() {
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
            let read: serde_json::Value = serde_json::from_str(line).unwrap();
            all.push_str(read["rendered"].as_str().unwrap());
        }
        let speaks = |it: &char| *it != '\n' && (it.is_control() || ('\u{202a}'..='\u{2069}').contains(it));
        assert_eq!(all.chars().find(speaks), None, "{all}");
        insta::assert_snapshot!("plain", all);
    }

    #[test]
    fn editors_read_findings_as_the_compilers() {
        use cargo_metadata::diagnostic::{Applicability, Diagnostic};

        let lines = written(Format::Rustc);
        let told: Vec<Diagnostic> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let codes: Vec<_> = told.iter().map(|it| it.code.as_ref().map(|code| code.code.as_str())).collect();
        assert_eq!(codes, [Some("ICO0404"), Some("ICO0011"), None]);
        let moved = told[0].children.iter().find(|child| !child.spans.is_empty()).unwrap();
        assert_eq!(moved.spans[0].suggestion_applicability, Some(Applicability::MachineApplicable));
        assert_eq!(moved.spans[0].suggested_replacement.as_deref(), Some(""));
    }
}
