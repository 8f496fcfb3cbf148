//! Old orders, under the sync adapter. The outputs are right, but each node blocks the only thread.

use std::io;
use std::path::Path;

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    use super::*;

    /// The text of an archive file.
    #[offload]
    pub fn archive(archive_file: &Path) -> io::Result<String> {
        std::fs::read_to_string(archive_file)
    }

    /// The number of lines that the printer has received.
    #[retry(attempts = 3, backoff = "100ms..1s")]
    pub fn printed(archive: &str, printer: &Path) -> io::Result<usize> {
        std::fs::write(printer, archive)?;
        Ok(archive.lines().count())
    }
}
