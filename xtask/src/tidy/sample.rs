//! Small houses for the rules' tests.

use super::Problem;
use super::house::{Dependency, House, Member, Room};
use super::source::Source;

/// A house of these members.
pub(super) fn house(members: impl IntoIterator<Item = Member>) -> House {
    House { members: members.into_iter().collect(), ..House::default() }
}

/// A house of one file.
pub(super) fn file(path: &str, text: &str) -> House {
    House { sources: vec![Source { path: path.into(), text: text.into() }], ..House::default() }
}

/// A house with this root manifest.
pub(super) fn root(manifest: &str) -> House {
    let table = manifest.parse().expect("the sample is TOML");
    House { manifest: manifest.to_owned(), table, ..House::default() }
}

/// A crate in `crates/`.
pub(super) fn member(name: &str) -> Member {
    Member { name: name.to_owned(), published: true, ..Member::default() }
}

impl Member {
    pub(super) fn on(mut self, name: &str) -> Self {
        self.dependencies.push(Dependency { name: name.to_owned(), dev: false, features: Vec::new() });
        self
    }

    pub(super) fn dev_on(mut self, name: &str) -> Self {
        self.dependencies.push(Dependency { name: name.to_owned(), dev: true, features: Vec::new() });
        self
    }

    pub(super) fn with_feature(mut self, feature: &str) -> Self {
        let last = self.dependencies.last_mut().expect("a feature comes after its dependency");
        last.features.push(feature.to_owned());
        self
    }

    pub(super) fn within(self, room: Room) -> Self {
        Self { room, ..self }
    }

    pub(super) fn written(self, manifest: &str) -> Self {
        Self { table: manifest.parse().expect("the sample is TOML"), ..self }
    }
}

/// Compares what a rule found, as `place: what`.
#[track_caller]
pub(super) fn check(found: &[Problem], expect: &[&str]) {
    let found: Vec<_> = found.iter().map(|it| format!("{}: {}", it.place, it.what)).collect();
    assert_eq!(found, expect);
}
