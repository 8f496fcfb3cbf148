//! Waits until somebody saves something.

use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Editors write a file in several steps; what comes so soon after the first belongs to it.
const SAVING: Duration = Duration::from_millis(50);

/// Files and folders that are watched, all that is below them included.
pub(crate) struct Watch {
    events: Receiver<notify::Result<Event>>,
    roots: Vec<PathBuf>,
    // Watching ends when it is dropped.
    _watcher: RecommendedWatcher,
}

impl Watch {
    pub(crate) fn over(paths: &[PathBuf]) -> notify::Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        let roots: Vec<_> = paths.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
        for root in &roots {
            watcher.watch(root, RecursiveMode::Recursive)?;
        }
        Ok(Self { events, roots, _watcher: watcher })
    }

    /// Waits for the next change of a file that says something about dataflows.
    pub(crate) fn changed(&self) -> notify::Result<()> {
        loop {
            let event = self.events.recv().map_err(|_| notify::Error::generic("the watch has ended"))?;
            if matters(&event?, &self.roots) {
                while self.events.recv_timeout(SAVING).is_ok() {}
                return Ok(());
            }
        }
    }
}

/// Whether sources or settings have changed: not what is only read, nor what building writes.
fn matters(event: &Event, roots: &[PathBuf]) -> bool {
    let is_source = |path: &Path| {
        let below = roots.iter().find_map(|root| path.strip_prefix(root).ok()).unwrap_or(path);
        path.extension().is_some_and(|it| it == "rs" || it == "toml")
            && !below.components().any(|it| it == Component::Normal("target".as_ref()))
    };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_source(path))
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, ModifyKind};
    use notify::{Event, EventKind};

    use super::matters;

    #[test]
    fn sources_and_settings_matter_when_they_are_written() {
        let roots = ["/home/target/me".into()];
        let matters = |kind, path: &str| {
            matters(&Event::new(kind).add_path(format!("/home/target/me/{path}").into()), &roots)
        };
        let (written, read) = (EventKind::Modify(ModifyKind::Any), EventKind::Access(AccessKind::Any));
        assert!(matters(written, "src/rates.rs") && matters(written, "icosian.toml"));
        for path in ["README.md", "target/icosian-lint/src/main.rs", "src"] {
            assert!(!matters(written, path), "{path}");
        }
        assert!(!matters(read, "src/rates.rs"));
    }
}
