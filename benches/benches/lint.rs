//! Files a second: the linter's first stage beside a plain parse of the same thousand files, of which fifty have dataflows.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian_lint::{Linter, Settings};

const FILES: usize = 1_000;
const PIPELINES: usize = 50;

/// Returns a file of a hundred functions that are nobody's nodes.
fn plain(number: usize) -> String {
    let mut text = String::from("//! Arithmetic.\n\nuse std::collections::HashMap;\n\n");
    for function in 0..100 {
        writeln!(
            text,
            "/// Adds {function} to each value of `values`, where it is even.\n\
             pub fn added_{number}_{function}(values: &HashMap<String, u64>) -> Vec<u64> {{\n    \
                 values.values().filter(|value| **value % 2 == 0).map(|value| value + {function}).collect()\n\
             }}\n",
        )
        .expect("text has room");
    }
    text
}

/// Returns a file with a dataflow of forty nodes, each second one async.
fn pipeline(number: usize) -> String {
    let mut text =
        format!("//! A pipeline.\n\nuse icosian::prelude::*;\n\n#[dataflow]\npub mod pipeline_{number} {{\n");
    for node in 1..=40 {
        let (keyword, before) = (if node % 2 == 0 { "async " } else { "" }, node - 1);
        writeln!(
            text,
            "    /// The step after number {before}.\n    \
                 #[tag(owner = \"benches\")]\n    \
                 pub {keyword}fn step_{node}(step_{before}: &[f64], offset: f64) -> Vec<f64> {{\n        \
                     step_{before}.iter().map(|value| value.mul_add(0.5, offset)).collect()\n    \
                 }}\n",
        )
        .expect("text has room");
    }
    text.push_str("}\n");
    text
}

/// Writes the files, and returns the folder and their paths.
fn tree() -> (PathBuf, Vec<PathBuf>) {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tree");
    let paths: Vec<_> = (0..FILES).map(|file| root.join(format!("m{}/f{file}.rs", file % 40))).collect();
    for (file, path) in paths.iter().enumerate() {
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("there is a place for files");
        let text = if file % (FILES / PIPELINES) == 0 { pipeline(file) } else { plain(file) };
        fs::write(path, text).expect("there is a place for files");
    }
    (root, paths)
}

fn parse(paths: &[PathBuf]) -> usize {
    let items = paths.iter().map(|path| {
        let text = fs::read_to_string(path).expect("it was written");
        let items = syn::parse_file(&text).expect("it is Rust").items.len();
        proc_macro2::extra::invalidate_current_thread_spans();
        items
    });
    items.sum()
}

fn lint(criterion: &mut Criterion) {
    let (root, paths) = tree();
    let linter = Linter::new(Settings::default());
    let roots = [root];
    let report = linter.lint(&roots);
    assert_eq!((report.files(), report.dataflows(), report.nodes()), (FILES, PIPELINES, 40 * PIPELINES));
    assert!(report.is_clean() && report.is_complete(), "{report:?}");

    let mut group = criterion.benchmark_group("lint a thousand files");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements(FILES as u64));
    group.bench_function("icosian", |bencher| bencher.iter(|| linter.lint(&roots)));
    group.bench_function("syn, all files", |bencher| bencher.iter(|| parse(&paths)));
    let pipelines: Vec<_> = paths.iter().step_by(FILES / PIPELINES).cloned().collect();
    group.bench_function("syn, the files with dataflows", |bencher| bencher.iter(|| parse(&pipelines)));
    group.finish();
}

criterion_group!(benches, lint);
criterion_main!(benches);
