//! Escapes the text of records, which programs of users write.

use icosian_diagnostics::escape_controls;

/// Escapes each line as [`escape_controls`] does, and keeps line breaks and tabs.
pub(crate) fn escape_lines(text: &str) -> String {
    let lines = text.lines().map(|line| escape_controls(&line.replace('\t', "    ")).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::escape_lines;

    #[test]
    fn text_cannot_control_a_terminal() {
        assert_eq!(escape_lines("a\tb\r\nc\x07"), "a    b\nc\\u{7}");
    }
}
