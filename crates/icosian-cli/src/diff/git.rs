use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use icosian_diagnostics::nearest;
use miette::MietteDiagnostic;
use serde_json::{Value, json};

use crate::describing::CommandError;

/// The repository around the current folder.
#[derive(Debug)]
pub(super) struct Repository {
    root: PathBuf,
    /// The current folder, from the root.
    prefix: PathBuf,
}

/// Two versions to compare.
#[derive(Debug)]
pub(super) struct RevisionRange {
    pub(super) old: Version,
    pub(super) new: Version,
}

/// A version of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// A commit.
    Commit {
        /// The name in the command line.
        name: String,
        /// The hash.
        id: String,
    },
    /// The files on disk.
    WorkingTree,
}

impl Version {
    /// Returns the name of the version in messages.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Commit { name, id } => format!("revision `{name}` ({})", &id[..id.len().min(10)]),
            Self::WorkingTree => "the version on disk".to_owned(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Commit { name, id } => json!({ "revision": name, "commit": id }),
            Self::WorkingTree => json!({ "revision": null, "commit": null }),
        }
    }
}

impl Repository {
    /// Finds the repository around the current folder.
    pub(super) fn find() -> Result<Self, CommandError> {
        let output = git(Path::new("."), &["rev-parse", "--show-toplevel", "--show-prefix"]);
        let output = output.map_err(|error| no_repository(&error.to_string()))?;
        if !output.status.success() {
            return Err(no_repository(error_line(&output).trim_start_matches("fatal: ")));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        let root = PathBuf::from(lines.next().unwrap_or_default());
        Ok(Self { root, prefix: PathBuf::from(lines.next().unwrap_or_default()) })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the current folder, from the root.
    pub(super) fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// Resolves `OLD..NEW`, `OLD...NEW` or `OLD`, as `git diff` does: a missing side of `..` is `HEAD`.
    pub(super) fn resolve(&self, revisions: &str) -> Result<RevisionRange, CommandError> {
        let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
        if let Some((old, new)) = revisions.split_once("...") {
            let (old, new) = (self.commit(&or_head(old))?, self.commit(&or_head(new))?);
            let base = git(&self.root, &["merge-base", &old.1, &new.1]).ok().filter(|it| it.status.success());
            let Some(base) = base.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()) else {
                let message = format!("`{}` and `{}` have no common commit", old.0, new.0);
                let error = MietteDiagnostic::new(message).with_code("ICO1324 unknown-revision");
                return Err(Box::new(
                    error.with_help("write `OLD..NEW` to compare the revisions themselves"),
                ));
            };
            let old = Version::Commit { name: format!("{}...{}", old.0, new.0), id: base };
            return Ok(RevisionRange { old, new: Version::Commit { name: new.0, id: new.1 } });
        }
        let version = |name: &str| {
            let (name, id) = self.commit(&or_head(name))?;
            Ok::<_, CommandError>(Version::Commit { name, id })
        };
        match revisions.split_once("..") {
            Some((old, new)) => Ok(RevisionRange { old: version(old)?, new: version(new)? }),
            None => Ok(RevisionRange { old: version(revisions)?, new: Version::WorkingTree }),
        }
    }

    /// Returns the name and the hash of a revision.
    fn commit(&self, name: &str) -> Result<(String, String), CommandError> {
        let commit = format!("{name}^{{commit}}");
        let output = git(&self.root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        if let Ok(output) = output
            && output.status.success()
        {
            return Ok((name.to_owned(), String::from_utf8_lossy(&output.stdout).trim().to_owned()));
        }
        let names = git(&self.root, &["for-each-ref", "--format=%(refname:short)"]);
        let names =
            names.map_or_else(|_| String::new(), |it| String::from_utf8_lossy(&it.stdout).into_owned());
        let help = match nearest(name, names.lines()) {
            Some(similar) => format!("write `{similar}`"),
            None => "pass a commit, a branch or a tag; `git log --oneline` lists commits".to_owned(),
        };
        let error = MietteDiagnostic::new(format!("unknown revision `{name}`"));
        Err(Box::new(error.with_code("ICO1324 unknown-revision").with_help(help)))
    }
}

fn no_repository(reason: &str) -> CommandError {
    let error = MietteDiagnostic::new(format!("the current folder is in no git repository: {reason}"));
    Box::new(error.with_code("ICO1323 no-repository").with_help("run the command in a git repository"))
}

/// Returns the first line of the error output.
pub(super) fn error_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned()
}

/// Runs git in `folder`.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> std::io::Result<Output> {
    Command::new("git").arg("-C").arg(folder).args(arguments).output()
}
