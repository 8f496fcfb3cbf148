//! The pages of the errors of the linter and the command line: `ICO13xx`.

use crate::run_errors::ErrorPage;

/// All errors of the linter and the command line, by code.
pub(crate) const TOOL_ERRORS: &[ErrorPage] = &[
    ErrorPage {
        code: "ICO1301",
        name: "unknown-rule-name",
        title: "a named rule does not exist",
        text: "\
## What happened
The settings, an option, or `cargo icosian explain` named a rule that does not exist.

## Why
The name or the code is misspelt, or another version of the linter has the rule.

## Example
```text
cargo icosian lint --deny bussy-wait
```

## What to do
Write the suggested name. `cargo icosian rules` lists all rules.
",
    },
    ErrorPage {
        code: "ICO1302",
        name: "settings-unreadable",
        title: "a settings file cannot be read",
        text: "\
## What happened
The linter cannot read the file of `--settings`, or the settings file that it found. The source is the error of the \
operating system.

## Why
The file does not exist, or its permissions forbid reading.

## Example
```text
cargo icosian lint --settings missing.toml
```

## What to do
Check the path and the permissions.
",
    },
    ErrorPage {
        code: "ICO1303",
        name: "settings-invalid",
        title: "a settings file is not valid",
        text: "\
## What happened
A settings file has a syntax error, an unknown key, or a value of another type. The report marks the location.

## Why
The linter refuses settings that it does not understand, because an ignored setting would be misleading.

## Example
```toml
levels = 3
```

## What to do
Fix the marked line. The README of `cargo-icosian` lists all keys.
",
    },
    ErrorPage {
        code: "ICO1304",
        name: "unknown-adapter",
        title: "the settings name an unknown adapter",
        text: "\
## What happened
The settings name an adapter that the linter does not have.

## Why
The linter checks dataflows under the built-in adapters `sync`, `rayon` and `tokio`. It cannot construct a custom adapter.

## Example
```toml
[dataflows.\"shop::prices\"]
adapters = [\"cluster\"]
```

## What to do
Name a built-in adapter. To check dataflows under a custom adapter, call `icosian_check::check` in a test.
",
    },
    ErrorPage {
        code: "ICO1305",
        name: "repeated-rule-level",
        title: "a rule has two levels in one file",
        text: "\
## What happened
A settings file sets the level of a rule twice: by its code and by its name.

## Why
Either level could be meant, so the linter uses neither.

## Example
```toml
[levels]
busy-wait = \"warn\"
ICO0211 = \"deny\"
```

## What to do
Remove one of the two lines.
",
    },
    ErrorPage {
        code: "ICO1306",
        name: "baseline-unreadable",
        title: "a baseline cannot be read",
        text: "\
## What happened
`--baseline` names a file that cannot be read. The source is the error of the operating system.

## Why
The baseline has not been written yet, the path is relative to another folder, or the permissions forbid reading.

## Example
```text
cargo icosian lint --baseline missing.json
```

## What to do
Write a baseline with `--write-baseline`, or correct the path.
",
    },
    ErrorPage {
        code: "ICO1307",
        name: "baseline-invalid",
        title: "a baseline is not valid",
        text: "\
## What happened
The file that `--baseline` names is not a baseline, or its format is of another version.

## Why
Another program changed the file, or another version of the linter wrote it.

## Example
```json
{ \"version\": 1 }
```

## What to do
Write the baseline again with `--write-baseline`.
",
    },
    ErrorPage {
        code: "ICO1308",
        name: "baseline-unwritten",
        title: "a baseline cannot be written",
        text: "\
## What happened
`--write-baseline` names a file that cannot be written. The message has the error of the operating system.

## Why
The folder does not exist, the permissions forbid writing, or the disk is full.

## Example
```text
cargo icosian lint --write-baseline missing/baseline.json
```

## What to do
Create the folder, or name another file.
",
    },
    ErrorPage {
        code: "ICO1309",
        name: "config-without-value",
        title: "`--config` has no value",
        text: "\
## What happened
An option `--config` has no `=`, or no name before it.

## Why
The option sets a config value of the checked dataflows, which needs a name and a value.

## Example
```text
cargo icosian lint --config env
```

## What to do
Write a pair: `--config env=prod`.
",
    },
    ErrorPage {
        code: "ICO1310",
        name: "unknown-package",
        title: "a package is not in the workspace",
        text: "\
## What happened
`--package` names a package that the workspace of the current folder does not have, or cargo cannot read the workspace.

## Why
The name is misspelt, or the command runs in another workspace.

## Example
```text
cargo icosian lint --package shopp
```

## What to do
Pass the name of a package of this workspace, as in its `Cargo.toml`.
",
    },
    ErrorPage {
        code: "ICO1311",
        name: "watch-failed",
        title: "changes of files cannot be watched",
        text: "\
## What happened
`--watch` cannot observe the files. The message has the error of the operating system.

## Why
The system limits the number of watched files, or the file system does not report changes.

## Example
```text
cargo icosian lint --watch
```

## What to do
Raise the limit (`fs.inotify.max_user_watches` on Linux), or run the command without `--watch`.
",
    },
    ErrorPage {
        code: "ICO1312",
        name: "uncommitted-changes",
        title: "fixes could overwrite uncommitted changes",
        text: "\
## What happened
`--fix` found uncommitted changes in the repository and applied no fix.

## Why
Fixes change files. Without a commit they could not be separated from your changes.

## Example
```text
cargo icosian lint --fix
```

## What to do
Commit or stash the changes, or pass `--allow-dirty` or `--allow-staged`.
",
    },
    ErrorPage {
        code: "ICO1313",
        name: "git-failed",
        title: "git cannot list uncommitted changes",
        text: "\
## What happened
`--fix` asked git for uncommitted changes, and git failed. The message has its output.

## Why
git is not installed, or the repository is damaged or belongs to another user.

## Example
```text
git cannot list uncommitted changes: fatal: detected dubious ownership in repository
```

## What to do
Fix the error that git reports, or pass `--allow-dirty` to apply fixes without the check.
",
    },
    ErrorPage {
        code: "ICO1314",
        name: "no-version-control",
        title: "fixes in a folder without version control cannot be reverted",
        text: "\
## What happened
`--fix` found no version control system for the files and applied no fix.

## Why
Fixes change files. Without version control they cannot be reverted.

## Example
```text
cargo icosian lint --fix /tmp/prices
```

## What to do
Put the files under version control, or pass `--allow-no-vcs`.
",
    },
    ErrorPage {
        code: "ICO1330",
        name: "unknown-selected-node",
        title: "a selection names a node that the graph does not have",
        text: "\
## What happened
A selection for a picture names a node that is not in the graph.

## Why
The name is misspelt, or config removed the node. The name of a node in a subdag starts with the namespace of the subdag, as in \
`tax.amount`.

## Example
```text
driver.draw().highlight(&NodeSelection::upstream_of(\"totl\"))
```

## What to do
Write the suggested name. `driver.describe()` lists all nodes.
",
    },
    ErrorPage {
        code: "ICO1331",
        name: "no-path",
        title: "a selected path does not exist",
        text: "\
## What happened
A selection for a picture names two nodes, but no path leads from the first to the second node.

## Why
The nodes are in the wrong order, or the second node does not depend on the first one.

## Example
```text
driver.draw().only(&NodeSelection::path(\"report\", \"rates\"))
```

## What to do
Exchange the nodes, or select the nodes upstream or downstream of one of them.
",
    },
    ErrorPage {
        code: "ICO1340",
        name: "record-unreadable",
        title: "run records cannot be read",
        text: "\
## What happened
`cargo icosian runs` cannot read the folder of records or a file in it. The source is the error of the operating system.

## Why
The folder of `--dir` or `ICOSIAN_RUNS` does not exist, or its permissions forbid reading.

## Example
```text
cargo icosian runs ls --dir missing
```

## What to do
Check the path and the permissions. Without `--dir` and `ICOSIAN_RUNS`, the folder is `target/icosian/runs` of the workspace.
",
    },
    ErrorPage {
        code: "ICO1341",
        name: "no-runs",
        title: "a folder contains no run records",
        text: "\
## What happened
`cargo icosian runs show` found no run in the folder of records.

## Why
The program does not record its runs, it writes them to another folder, or `cargo clean` removed them.

## Example
```text
cargo icosian runs show latest
```

## What to do
Add the hook `RunRecorder` of `icosian-observe` to the driver, or name the folder with `--dir` or `ICOSIAN_RUNS`. Only files with \
the ending `.jsonl` are read.
",
    },
    ErrorPage {
        code: "ICO1342",
        name: "unknown-run",
        title: "no run has an identifier",
        text: "\
## What happened
No run in the folder of records has this identifier, or an identifier that starts with it.

## Why
The identifier is misspelt, or the run is in another folder.

## Example
```text
cargo icosian runs show 7f3q
```

## What to do
Write an identifier from `cargo icosian runs ls`, a unique prefix of it, the path of a record file, or `latest`.
",
    },
    ErrorPage {
        code: "ICO1343",
        name: "ambiguous-run",
        title: "several runs match an identifier",
        text: "\
## What happened
Several identifiers start with the text, or several runs have the same identifier. The message lists them.

## Why
The prefix is too short, or a record was copied.

## Example
```text
cargo icosian runs show 7
```

## What to do
Write more characters of the identifier. If the identifiers are equal, select the file: `cargo icosian runs show ID --dir FILE`.
",
    },
    ErrorPage {
        code: "ICO1344",
        name: "record-version",
        title: "a run record has another version",
        text: "\
## What happened
The record of a run has a version of the format that this version of `cargo icosian` does not read.

## Why
Another version of the recorder wrote it. The version changes only if the earlier reader would misread the record.

## Example
```json
{ \"event\": \"run_started\", \"version\": 2 }
```

## What to do
Install the version of `icosian-cli` that belongs to the recorder, or record the run again.
",
    },
    ErrorPage {
        code: "ICO1345",
        name: "page-unwritten",
        title: "the page of a run cannot be written",
        text: "\
## What happened
`--html` names a file that the command cannot write. The message contains the error of the operating system.

## Why
The folder does not exist, the permissions forbid writing, or the disk is full.

## Example
```text
cargo icosian runs show latest --html missing/run.html
```

## What to do
Create the folder, name another file, or write to the output with `--html -`.
",
    },
];
