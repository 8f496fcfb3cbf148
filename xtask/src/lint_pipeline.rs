use std::path::{Path, PathBuf};

/// Lints the paths in `options`, or this workspace if there are none.
pub(crate) fn run(options: icosian_cli::LintOptions) -> icosian_cli::Exit {
    icosian_cli::lint(&options.or_paths([root()]))
}

/// Returns the workspace's folder: `.` if it is the current folder, else its absolute path.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match std::env::current_dir() {
        Ok(here) if here == root => PathBuf::from("."),
        _ => root.to_owned(),
    }
}
