//! Lints a folder of foreign Rust files, `~/.cargo/registry/src` without an argument, and counts findings and panics.
//!
//! Foreign files have no dataflows, so each finding is false. With `--as-nodes` each function becomes a node first: then
//! findings are expected, and only panics count. `--show CODE` prints the findings of one rule, to read a sample.
//!
//! ```sh
//! cargo run --release -p icosian-lint --example foreign
//! cargo run --release -p icosian-lint --example foreign -- --as-nodes --show ICO0201
//! ```

#![expect(clippy::print_stdout, reason = "a program that reports to its terminal")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use icosian_lint::{Linter, Settings};
use icosian_rules::Level;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut folder, mut as_nodes, mut shown) = (None, false, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--as-nodes" => as_nodes = true,
            "--show" => shown = arguments.next(),
            other => folder = Some(PathBuf::from(other)),
        }
    }
    let home = || std::env::home_dir().unwrap_or_default().join(".cargo/registry/src");
    let mut files = Vec::new();
    collect(&folder.unwrap_or_else(home), &mut files);
    files.sort();

    let settings = Settings::parse("icosian.toml", "adapter = \"tokio\"").unwrap_or_default();
    let linter = Linter::new(settings.with_level("await-in-loop", Level::Warn));
    let (mut by_code, mut panics, mut unread) = (BTreeMap::<&str, usize>::new(), 0, 0);
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let text = if as_nodes { with_nodes(&text) } else { text };
        let report = linter.lint_text(file, text.as_str());
        for notice in report.notices() {
            let is_panic = notice.to_string().contains("panic");
            panics += usize::from(is_panic);
            unread += usize::from(!is_panic);
        }
        // Rules about heads and names are right about most functions that are no nodes.
        for found in report.diagnoses().iter().filter(|it| !as_nodes || it.code().starts_with("ICO02")) {
            *by_code.entry(found.code()).or_default() += 1;
            if shown.as_deref() == Some(found.code()) {
                let (line, column) = found.location().start();
                let source = text.lines().nth(line - 1).unwrap_or_default().trim();
                println!("{}:{line}:{column}: {}\n    {source}", file.display(), found.message());
            }
        }
    }
    println!("{} files, {unread} not parsed, {panics} panics, findings: {by_code:?}", files.len());
    let is_good = panics == 0 && (as_nodes || by_code.is_empty());
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

/// Returns `text` with `#[node]` above each function that begins its line.
fn with_nodes(text: &str) -> String {
    let is_head = |line: &str| {
        let line = line.trim_start();
        ["fn ", "pub fn ", "async fn ", "pub async fn "].iter().any(|head| line.starts_with(head))
    };
    let lines = text
        .lines()
        .map(|line| if is_head(line) { format!("#[node] {line}\n") } else { format!("{line}\n") });
    lines.collect()
}
