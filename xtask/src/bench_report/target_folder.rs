use std::path::PathBuf;

use cargo_metadata::MetadataCommand;

use crate::task_error::TaskError;

/// Returns cargo's target folder.
pub(super) fn target_folder() -> Result<PathBuf, TaskError> {
    Ok(MetadataCommand::new().no_deps().exec()?.target_directory.into())
}
