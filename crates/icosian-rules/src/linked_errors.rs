//! The pages of the errors of the linked check, `ICO12xx`.

use crate::run_errors::ErrorPage;

/// All errors of the linked check, by code.
pub(crate) const LINKED_ERRORS: &[ErrorPage] = &[
    ErrorPage {
        code: "ICO1201",
        name: "check-without-request",
        title: "the program of the linked check received no request",
        text: "\
## What happened
The program that checks compiled dataflows started without the paths of its request and its transcript.

## Why
`cargo icosian lint` builds this program and passes both paths. The program is not meant to be run by hand.

## Example
```text
target/icosian-lint/debug/harness
```

## What to do
Run `cargo icosian lint`.
",
    },
    ErrorPage {
        code: "ICO1202",
        name: "check-file-unreachable",
        title: "the linked check cannot read or write a file",
        text: "\
## What happened
The program that checks compiled dataflows cannot read its request or write its transcript. The source is the error of \
the operating system.

## Why
The files are in `target/icosian-lint`. The folder is missing or read-only, or the disk is full.

## Example
```text
`/target/icosian-lint/transcript.jsonl` cannot be read or written
```

## What to do
Check the permissions and the free space of the target folder, and run `cargo icosian lint` again.
",
    },
    ErrorPage {
        code: "ICO1203",
        name: "check-request-invalid",
        title: "the request of the linked check is not valid",
        text: "\
## What happened
The program that checks compiled dataflows cannot parse its request.

## Why
The request is a JSON file that `cargo icosian lint` writes. Another program changed it, or the versions differ.

## Example
```text
{ \"version\": 2, \"packages\":
```

## What to do
Install the version of `cargo-icosian` that matches the `icosian` of the workspace.
",
    },
    ErrorPage {
        code: "ICO1204",
        name: "check-abandoned",
        title: "the linked check ended because its caller ended",
        text: "\
## What happened
The standard input of the program that checks compiled dataflows was closed, so it stopped before its transcript was \
complete.

## Why
`cargo icosian lint` keeps the input open while it waits for the transcript. It ended, or the program was started by hand.

## Example
```text
harness request.json transcript.jsonl < /dev/null
```

## What to do
Run `cargo icosian lint`, and do not interrupt it.
",
    },
    ErrorPage {
        code: "ICO1205",
        name: "check-version-mismatch",
        title: "the versions of cargo-icosian and icosian differ",
        text: "\
## What happened
The request of `cargo icosian lint` has a format that the linked `icosian` does not know.

## Why
The format changes between versions. `cargo-icosian` and the `icosian` of the workspace have different versions.

## Example
```text
the request has version 3, not 2
```

## What to do
Install the version of `cargo-icosian` that matches the `icosian` of the workspace.
",
    },
];
