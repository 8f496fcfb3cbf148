use icosian_diagnostics::escape_controls;

/// Escapes each line of `text` as [`escape_controls`] does, and keeps the line breaks.
pub(crate) fn escape_lines(text: &str) -> String {
    text.split('\n').map(escape_controls).collect::<Vec<_>>().join("\n")
}
