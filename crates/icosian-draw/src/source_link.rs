use std::fmt::Write as _;

use icosian_schema::graph::SourceLocation;

/// Replaces `{file}` and `{line}` of a link. The path is percent-encoded.
pub(crate) fn source_link(template: &str, location: &SourceLocation) -> String {
    let mut file = String::with_capacity(location.file.len());
    for byte in location.file.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            file.push(char::from(byte));
        } else {
            let _ = write!(file, "%{byte:02X}");
        }
    }
    // The line first: a path could contain `{line}`, but it is encoded.
    template.replace("{line}", &location.line.to_string()).replace("{file}", &file)
}
