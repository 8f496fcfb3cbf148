use std::path::Path;
use std::{fs, io};

/// Writes `file` unless it has this text already: cargo compiles a file again if it is newer than its result.
pub(super) fn write_if_changed(file: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(file).is_ok_and(|found| found == text) { Ok(()) } else { fs::write(file, text) }
}
