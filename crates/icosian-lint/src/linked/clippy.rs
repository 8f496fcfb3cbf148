//! Runs clippy, which sees types and sizes: its findings about nodes become facts.

use std::ops::Range;
use std::path::Path;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use icosian_rules::{Fact, Remark, Stage};
use proc_macro2::LineColumn;

use super::workspace::{Package, SourceFile, Workspace};
use super::{Linked, Linking, build};
use crate::engine::Looked;
use crate::{Linter, Notice};

/// The consequence where clippy cannot run.
const UNSEEN: &str = "clippy did not check its nodes";

impl Linter {
    /// Runs clippy on the packages of `workspace` that have nodes, and applies the rules that use its findings. `files` are the
    /// files of `looked`.
    pub(super) fn ask_clippy(
        &self,
        workspace: &Workspace,
        looked: &mut [Looked],
        files: &[SourceFile],
        linking: &Linking,
        linked: &mut Linked,
    ) {
        let packages: Vec<Option<&Package>> = looked
            .iter()
            .zip(files)
            .map(|(looked, file)| looked.facts.functions().next().and_then(|_| workspace.package_of(file)))
            .collect();
        let mut asked: Vec<&Package> = packages.iter().copied().flatten().collect();
        asked.sort_by_key(|it| &it.folder);
        asked.dedup_by_key(|it| &it.folder);
        let lints: Vec<&str> = self.cards().filter_map(|card| card.lint).collect();
        if asked.is_empty() || lints.is_empty() {
            return;
        }
        let said = match ask(workspace, &asked, &lints, linking) {
            Ok(said) => said,
            Err(notice) => {
                linked.clippy_failed = true;
                linked.notices.push(*notice);
                return;
            }
        };
        for notice in said.broken_packages(workspace) {
            // Linking reported it already, with the compiler's errors.
            let is_told = |it: &Notice| it.file() == notice.file() && it.message() == notice.message();
            if !linked.notices.iter().any(is_told) {
                let details = if linked.clippy_failed { "" } else { said.errors.as_str() };
                linked.notices.push(notice.with_consequence(UNSEEN).with_details(details));
            }
            linked.clippy_failed = true;
        }
        for ((looked, file), package) in looked.iter_mut().zip(files).zip(packages) {
            let Some(package) = package else { continue };
            let remarks = remarks(&said.told, &lints, &workspace.root, &file.real, looked);
            looked.facts.clippy = Fact::Known(remarks);
            self.try_rules(looked, |card| card.stage == Stage::Clippy);
            remove_consequences(looked);
            if said.broken.iter().any(|broken| workspace.needs(&package.id, broken)) {
                looked.facts.clippy = Fact::Unknown;
            }
        }
    }
}

/// Removes findings about the size of a node's own future where clippy found the large future that the node awaits.
fn remove_consequences(looked: &mut Looked) {
    const LARGE_FUTURE: &str = "ICO0207";
    let blocks: Vec<_> = looked
        .facts
        .functions()
        .map(|it| (looked.bytes(it.name_span), looked.bytes(it.block_span)))
        .collect();
    let causes: Vec<_> = looked
        .diagnoses
        .iter()
        .filter(|it| it.code() == LARGE_FUTURE && !it.is_linked)
        .map(|it| it.place().bytes().start)
        .collect();
    looked.diagnoses.retain(|it| {
        let name = it.place().bytes().start;
        let block = blocks.iter().find(|(own, _)| own.contains(&name)).map(|(_, block)| block);
        !(it.is_linked
            && it.code() == LARGE_FUTURE
            && block.is_some_and(|block| causes.iter().any(|cause| block.contains(cause))))
    });
}

/// Runs clippy, with `lints` and no others.
fn ask(
    workspace: &Workspace,
    packages: &[&Package],
    lints: &[&str],
    linking: &Linking,
) -> Result<build::Said, Box<Notice>> {
    let root = workspace.shown();
    let notice = |text: String| Notice::new(&root, text).with_consequence(UNSEEN);
    let unrun = |error| {
        Box::new(notice(format!("cannot be checked by clippy, because cargo cannot be run: {error}")))
    };

    let version = build::cargo(workspace).args(["clippy", "--version"]).output().map_err(unrun)?;
    if !version.status.success() {
        let text = "clippy is not installed, `rustup component add clippy` adds it".to_owned();
        return Err(Box::new(notice(text).with_details(String::from_utf8_lossy(&version.stderr))));
    }

    let mut command = build::cargo(workspace);
    command.args(["clippy", "--bins", "--examples"]);
    if packages.iter().any(|it| it.has_library) {
        command.arg("--lib");
    }
    // Other arguments than the user's would make the user's next run of clippy check everything again.
    command.arg("--target-dir").arg(workspace.harness().join("target"));
    build::over(&mut command, packages, linking);
    // What other lints deny is no reason to stop, and what the source allows is allowed.
    command.args(["--", "-A", "clippy::all", "--cap-lints", "warn"]);
    for lint in lints {
        command.arg("-W").arg(format!("clippy::{lint}"));
    }
    let said = command.spawn().and_then(|child| build::listen(child, linking)).map_err(unrun)?;
    if !said.is_done && said.broken.is_empty() {
        let refused = build::refused(&root, "cannot be checked by clippy", &said.lines);
        return Err(Box::new(refused.with_consequence(UNSEEN)));
    }
    Ok(said)
}

/// Returns what was said of the nodes in `file`, its places added to those of `looked`.
fn remarks(
    told: &[Diagnostic],
    lints: &[&str],
    root: &Path,
    file: &Path,
    looked: &mut Looked,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut seen = Vec::new();
    for diagnostic in told {
        let lint = diagnostic.code.as_ref().and_then(|it| it.code.strip_prefix("clippy::"));
        let Some(lint) = lint.filter(|lint| lints.contains(lint)) else { continue };
        let mut primary = diagnostic.spans.iter().filter(|it| it.is_primary);
        let Some((node, body, place)) = primary.find_map(|span| node_at(span, root, file, looked)) else {
            continue;
        };
        // A file may be one of a library and of a program.
        if seen.contains(&(lint, place.clone())) {
            continue;
        }
        seen.push((lint, place.clone()));
        let is_note = |it: &&Diagnostic| {
            it.level == DiagnosticLevel::Note && !it.message.starts_with("the lint level is defined here")
        };
        let notes = diagnostic.children.iter().filter(is_note).flat_map(|note| &note.spans);
        let notes: Vec<_> = notes
            .filter_map(|span| node_at(span, root, file, looked))
            .filter(|(_, other, at)| *other == body && *at != place)
            .map(|(.., place)| place)
            .collect();
        remarks.push(Remark {
            lint: lint.to_owned(),
            message: diagnostic.message.clone(),
            span: looked.add(place),
            others: notes.into_iter().map(|place| looked.add(place)).collect(),
            node,
        });
    }
    remarks
}

/// Returns the node in whose block `span` is, the block, and the place. What a macro wrote is where it is called.
fn node_at(
    span: &DiagnosticSpan,
    root: &Path,
    file: &Path,
    looked: &Looked,
) -> Option<(String, Range<usize>, Range<usize>)> {
    let outward =
        std::iter::successors(Some(span), |span| span.expansion.as_ref().map(|expansion| &expansion.span));
    outward.filter(|span| root.join(&span.file_name).canonicalize().is_ok_and(|it| it == file)).find_map(
        |span| {
            let place = bytes(span, looked)?;
            let blocks = looked.facts.functions().map(|it| (it, looked.bytes(it.block_span)));
            let around = blocks.filter(|(_, block)| block.start <= place.start && place.end <= block.end);
            let (function, block) = around.max_by_key(|(_, block)| block.start)?;
            Some((function.name.clone(), block, place))
        },
    )
}

fn bytes(span: &DiagnosticSpan, looked: &Looked) -> Option<Range<usize>> {
    let at = |line, column: usize| LineColumn { line, column: column.saturating_sub(1) };
    let (start, end) = (at(span.line_start, span.column_start), at(span.line_end, span.column_end));
    Some(looked.source.as_ref()?.bytes(start, end))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use cargo_metadata::diagnostic::Diagnostic;

    use super::remarks;
    use crate::{Linter, Settings};

    const LINTS: [&str; 3] = ["await_holding_lock", "await_holding_refcell_ref", "large_futures"];

    /// Returns a line for each remark on the nodes in the file: the node, the place, the lint, and the lines of the notes.
    fn told(messages: &[Diagnostic], lints: &[&str]) -> Vec<String> {
        let root = Path::new("tests/clippy").canonicalize().unwrap();
        let file = root.join("nodes.rs");
        let mut sources = Linter::new(Settings::default()).look(std::slice::from_ref(&file));
        let looked = &mut sources.looked[0];
        let remarks = remarks(messages, lints, &root, &file, looked);
        let source = looked.source.as_ref().unwrap();
        let line = |span| source.line_column(looked.bytes(span).start).0;
        let told = remarks.iter().map(|it| {
            let (text, others) =
                (&source.text()[looked.bytes(it.span)], it.others.iter().map(|it| line(*it)));
            let (line, others) = (line(it.span), others.collect::<Vec<_>>());
            format!("{}: {line} `{text}` {}: {} {others:?}", it.node, it.lint, it.message)
        });
        told.collect()
    }

    #[test]
    fn what_clippy_says_in_nodes_is_theirs() {
        let messages: Vec<Diagnostic> =
            serde_json::from_str(include_str!("../../tests/clippy/messages.json")).unwrap();
        let all = told(&messages, &LINTS);
        insta::assert_snapshot!(all.join("\n"));

        let twice = [messages.as_slice(), &messages].concat();
        assert_eq!(told(&twice, &LINTS), all, "a file may be of two targets");
        assert_eq!(told(&messages, &["unwrap_used"]), [""; 0]);

        let mut elsewhere = messages;
        elsewhere
            .iter_mut()
            .flat_map(|it| &mut it.spans)
            .for_each(|it| it.file_name = "messages.json".into());
        // What a macro of another file wrote is still where it is called.
        let macros = told(&elsewhere, &LINTS);
        assert!(macros.len() == 1 && macros[0].starts_with("of_a_macro"), "{macros:?}");
    }
}
