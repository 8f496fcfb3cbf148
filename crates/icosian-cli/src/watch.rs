//! Waits for changes of source files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use notify::event::ModifyKind;
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Editors write a file in several steps. Events within this time belong to one save.
const SAVING: Duration = Duration::from_millis(50);

/// Watches files, and folders with everything below them.
pub(crate) struct Watch {
    events: Receiver<notify::Result<Event>>,
    roots: Vec<PathBuf>,
    // Dropping the watcher ends the watch.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches `paths`, and the folders of `files` that links lead to.
    pub(crate) fn over(paths: &[PathBuf], files: &[PathBuf]) -> notify::Result<Self> {
        let (sender, events) = channel();
        // The target folder may have links to sources, which would hide the sources' own names.
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(sender, config)?;
        let mut roots: Vec<_> = paths.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
        for root in &roots {
            watcher.watch(root, RecursiveMode::Recursive)?;
        }
        let real: Vec<_> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
        let linked = files.iter().filter_map(|file| Some(file.canonicalize().ok()?.parent()?.to_owned()));
        let linked: BTreeSet<_> = linked.filter(|it| !real.iter().any(|root| it.starts_with(root))).collect();
        for folder in linked {
            watcher.watch(&folder, RecursiveMode::NonRecursive)?;
            roots.push(folder);
        }
        Ok(Self { events, roots, _watcher: watcher })
    }

    /// Waits for the next change of a source or of the settings. The system reports no events for files inside a folder that
    /// was moved, so `has_other_files` compares the files then.
    pub(crate) fn changed(&self, has_other_files: impl Fn() -> bool) -> notify::Result<()> {
        loop {
            let event = self.events.recv().map_err(|_| notify::Error::generic("the watch has ended"))?;
            let mut said = Said::of(&event?, &self.roots);
            if said == Said::Nothing {
                continue;
            }
            while let Ok(event) = self.events.recv_timeout(SAVING) {
                said = said.max(event.map_or(Said::Nothing, |event| Said::of(&event, &self.roots)));
            }
            if said == Said::Source || has_other_files() {
                return Ok(());
            }
        }
    }
}

/// The effect of an event on the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// None: a file was read, or a build wrote its results.
    Nothing,
    /// Files may have been added or removed: a folder was created, removed or renamed, or events were lost.
    Files,
    /// A source or the settings changed.
    Source,
}

impl Said {
    fn of(event: &Event, roots: &[PathBuf]) -> Self {
        let is_built = |path: &Path| {
            let below = roots.iter().find_map(|root| path.strip_prefix(root).ok()).unwrap_or(path);
            below.components().any(|it| it == Component::Normal("target".as_ref()))
        };
        let is_source = |path: &Path| path.extension().is_some_and(|it| it == "rs" || it == "toml");
        // A removed path may have been a folder.
        let may_be_folder = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        );
        let of_path = |path: &PathBuf| match () {
            () if is_built(path) => Self::Nothing,
            () if is_source(path) => Self::Source,
            () if may_be_folder => Self::Files,
            () => Self::Nothing,
        };
        match event.kind {
            EventKind::Access(_) => Self::Nothing,
            _ if event.need_rescan() => Self::Files,
            _ => event.paths.iter().map(of_path).max().unwrap_or(Self::Nothing),
        }
    }
}

/// Files with their modification times and lengths.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen(Vec<(PathBuf, Option<SystemTime>, u64)>);

impl Seen {
    pub(crate) fn of(files: Vec<PathBuf>) -> Self {
        let seen = files.into_iter().map(|file| {
            let found = file.metadata().ok();
            let written = found.as_ref().and_then(|it| it.modified().ok());
            (file, written, found.map_or(0, |it| it.len()))
        });
        Self(seen.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use icosian_lint::{Linter, Settings};
    use notify::event::{AccessKind, CreateKind, ModifyKind, RemoveKind, RenameMode};
    use notify::{Event, EventKind};

    use super::{Said, Seen, Watch};

    #[test]
    fn sources_and_settings_matter_when_they_are_written() {
        let roots = ["/home/target/me".into()];
        let said = |kind, path: &str| {
            Said::of(&Event::new(kind).add_path(format!("/home/target/me/{path}").into()), &roots)
        };
        let (written, read) = (EventKind::Modify(ModifyKind::Any), EventKind::Access(AccessKind::Any));
        let went = EventKind::Modify(ModifyKind::Name(RenameMode::From));
        for kind in [written, went, EventKind::Remove(RemoveKind::File)] {
            assert_eq!(["src/rates.rs", "icosian.toml"].map(|path| said(kind, path)), [Said::Source; 2]);
            assert_eq!(said(kind, "target/icosian-lint/src/main.rs"), Said::Nothing);
        }
        assert_eq!(["README.md", "src"].map(|path| said(written, path)), [Said::Nothing; 2]);
        assert_eq!(["src/rates.rs", "src"].map(|path| said(read, path)), [Said::Nothing; 2]);
        for kind in [went, EventKind::Create(CreateKind::Folder), EventKind::Remove(RemoveKind::Any)] {
            let all = ["src", "target", "target/debug"].map(|path| said(kind, path));
            assert_eq!(all, [Said::Files, Said::Nothing, Said::Nothing]);
        }
    }

    /// Returns an empty folder.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("icosian-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Returns whether a watch of `folder` reports `change` within `patience`.
    fn is_noticed(folder: &Path, patience: Duration, change: impl FnOnce()) -> bool {
        let seen = |folder: &Path| Seen::of(Linter::new(Settings::default()).files(&[folder.to_owned()]));
        let (before, watch) = (seen(folder), Watch::over(&[folder.to_owned()], &[]).unwrap());
        let (sender, noticed) = channel();
        let folder = folder.to_owned();
        std::thread::spawn(move || {
            watch.changed(|| seen(&folder) != before).unwrap();
            sender.send(()).ok();
        });
        change();
        noticed.recv_timeout(patience).is_ok()
    }

    #[test]
    fn folders_that_come_and_go_are_noticed() {
        let all = folder("folders");
        let (root, elsewhere) = (all.join("root"), all.join("elsewhere"));
        fs::create_dir_all(root.join("src/n")).unwrap();
        fs::create_dir_all(elsewhere.join("k/deep")).unwrap();
        fs::write(root.join("src/n/a.rs"), "").unwrap();
        fs::write(elsewhere.join("k/deep/b.rs"), "").unwrap();
        fs::write(root.join(".gitignore"), "build/\n").unwrap();
        let (long, short) = (Duration::from_mins(1), Duration::from_millis(400));

        assert!(is_noticed(&root, long, || fs::rename(root.join("src/n"), root.join("src/m")).unwrap()));
        assert!(is_noticed(&root, long, || fs::rename(elsewhere.join("k"), root.join("src/k")).unwrap()));
        assert!(is_noticed(&root, long, || fs::rename(root.join("src/k"), elsewhere.join("k")).unwrap()));
        assert!(is_noticed(&root, long, || {
            fs::remove_dir_all(root.join("src")).unwrap();
            fs::create_dir(root.join("src")).unwrap();
            fs::write(root.join("src/z.rs"), "").unwrap();
        }));
        assert!(!is_noticed(&root, short, || {
            for path in ["build/debug", "target/debug", "empty"] {
                fs::create_dir_all(root.join(path)).unwrap();
            }
        }));
        fs::remove_dir_all(all).unwrap();
    }
}
