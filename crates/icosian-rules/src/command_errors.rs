//! The pages of the errors of `cargo icosian graph`, `list`, `diff` and `new`: `ICO1315` to `ICO1325`.

use crate::run_errors::ErrorPage;

/// The errors of the commands that describe dataflows or create projects, by code.
pub(crate) const COMMAND_ERRORS: &[ErrorPage] = &[
    ErrorPage {
        code: "ICO1315",
        name: "unknown-dataflow",
        title: "a named dataflow does not exist",
        text: "\
## What happened
`--dataflow` names a dataflow that no linked crate contains.

## Why
The name is misspelt, the dataflow is in another package, or a `#[cfg(..)]` disables it.

## Example
```text
cargo icosian graph --dataflow ordres
```

## What to do
Write the suggested name. `cargo icosian list` lists all dataflows with the paths of their modules.
",
    },
    ErrorPage {
        code: "ICO1316",
        name: "several-dataflows",
        title: "a command needs one dataflow, and there are several",
        text: "\
## What happened
The command draws one dataflow, but the path or package contains several. Or several dataflows have the name in `--dataflow`.

## Why
A picture contains the graph of one driver.

## Example
```text
cargo icosian graph --format svg
```

## What to do
Pass `--dataflow` with a module path from the error message, or print all dataflows with `--format json`. The setting `with` \
combines dataflows in one graph.
",
    },
    ErrorPage {
        code: "ICO1317",
        name: "output-unwritten",
        title: "the output file cannot be written",
        text: "\
## What happened
The command cannot write the file of `--output`. The message contains the error of the operating system.

## Why
The folder does not exist, or its permissions forbid writing.

## Example
```text
cargo icosian graph -o missing/graph.svg
```

## What to do
Create the folder, or choose another file.
",
    },
    ErrorPage {
        code: "ICO1318",
        name: "invalid-project-name",
        title: "a new project cannot have this name",
        text: "\
## What happened
`cargo icosian new` cannot use the name of the project, and created nothing.

## Why
A module or a dependency of the template has the same name, so paths in the source would be ambiguous.

## Example
```text
cargo icosian new tokio
```

## What to do
Choose another name.
",
    },
    ErrorPage {
        code: "ICO1319",
        name: "project-not-created",
        title: "a new project could not be created",
        text: "\
## What happened
`cargo icosian new` created nothing. The message contains the error of cargo or of the operating system.

## Why
The name is not valid for a package, for example because it is a keyword or starts with a digit. Or the folder exists already, or \
is not writable.

## Example
```text
cargo icosian new 2fast
```

## What to do
Choose another name or folder. Existing folders are never changed.
",
    },
    ErrorPage {
        code: "ICO1320",
        name: "icosian-not-found",
        title: "a folder does not contain icosian",
        text: "\
## What happened
The folder of `--icosian-path` does not contain the crate `icosian`.

## Why
The project would depend on a crate that does not exist.

## Example
```text
cargo icosian new shop --icosian-path /tmp
```

## What to do
Pass the folder of a clone of icosian's repository, or omit the option to use the version on crates.io.
",
    },
    ErrorPage {
        code: "ICO1321",
        name: "unknown-graph-format",
        title: "the format of a picture is unknown",
        text: "\
## What happened
The extension of the file in `--output` is not the extension of a picture format.

## Why
Without `--format`, the extension selects the format.

## Example
```text
cargo icosian graph -o orders.png
```

## What to do
Use the extension `svg`, `dot`, `mmd`, `html` or `json`, or pass `--format`. Graphviz converts `dot` to PNG and PDF.
",
    },
    ErrorPage {
        code: "ICO1322",
        name: "selection-without-picture",
        title: "`--format json` cannot highlight nodes",
        text: "\
## What happened
`--upstream`, `--downstream` or `--path` selects nodes, but the format is JSON.

## Why
The JSON output always contains whole graphs, so the selection would have no effect.

## Example
```text
cargo icosian graph --format json --upstream total
```

## What to do
Omit the selection, or choose a picture format.
",
    },
    ErrorPage {
        code: "ICO1323",
        name: "no-repository",
        title: "a folder is in no git repository",
        text: "\
## What happened
The current folder, or the path that `cargo icosian diff` compares, is not in a git repository.

## Why
The command compares revisions of a repository. The message contains the error of git.

## Example
```text
cd /tmp && cargo icosian diff HEAD
```

## What to do
Run the command in a git repository, with a path in this repository.
",
    },
    ErrorPage {
        code: "ICO1324",
        name: "unknown-revision",
        title: "a git revision does not exist",
        text: "\
## What happened
A revision does not exist in the repository, or the two revisions have no common commit.

## Why
The name is misspelt, or the commit was not fetched.

## Example
```text
cargo icosian diff mian..HEAD
```

## What to do
Write the suggested name, or fetch the revision. `git log --oneline` lists commits.
",
    },
    ErrorPage {
        code: "ICO1325",
        name: "checkout-failed",
        title: "the files of a git revision cannot be written",
        text: "\
## What happened
`cargo icosian diff` could not write the files of a revision to a temporary folder. The message contains the error.

## Why
The disk is full, the folder is not writable, or the repository is damaged.

## Example
```text
a revision cannot be checked out: fatal: unable to read tree
```

## What to do
Fix the cause that git or the operating system reports.
",
    },
];
