use std::path::PathBuf;

use cargo_metadata::MetadataCommand;

use crate::failure::Failure;

/// Returns cargo's target folder.
pub(super) fn target_folder() -> Result<PathBuf, Failure> {
    Ok(MetadataCommand::new().no_deps().exec()?.target_directory.into())
}
