//! Waits until somebody saves something.

use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use notify::event::ModifyKind;
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

    /// Waits for the next change that says something about dataflows. Where folders came or went, `has_other_files` says whether
    /// files did, because nobody is told of what is inside them.
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

/// What an event says of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// Something is only read, or what building writes has changed.
    Nothing,
    /// There may be other files than before: a folder came, went or has another name, or events were lost.
    Files,
    /// A source or settings have changed.
    Source,
}

impl Said {
    fn of(event: &Event, roots: &[PathBuf]) -> Self {
        let is_built = |path: &Path| {
            let below = roots.iter().find_map(|root| path.strip_prefix(root).ok()).unwrap_or(path);
            below.components().any(|it| it == Component::Normal("target".as_ref()))
        };
        let is_source = |path: &Path| path.extension().is_some_and(|it| it == "rs" || it == "toml");
        // What has gone tells no more whether it was a folder.
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

/// Files, each with when it was written and how long it is.
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

    /// A folder of this test's own, empty.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("icosian-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Watches `folder` while `change` changes something; says whether that was noticed within `patience`.
    fn is_noticed(folder: &Path, patience: Duration, change: impl FnOnce()) -> bool {
        let seen = |folder: &Path| Seen::of(Linter::new(Settings::default()).files(&[folder.to_owned()]));
        let (before, watch) = (seen(folder), Watch::over(&[folder.to_owned()]).unwrap());
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
