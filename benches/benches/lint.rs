//! Files per second of the linter's source stage and of `syn`, on 1,000 files of which 50 contain a dataflow.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian_lint::{Linter, Settings};

const FILES: usize = 1_000;
const DATAFLOWS: usize = 50;

/// Returns a file with 100 functions and no dataflow.
fn plain_file(number: usize) -> String {
    let mut text = String::from("//! Arithmetic.\n\nuse std::collections::HashMap;\n\n");
    for function in 0..100 {
        writeln!(
            text,
            "/// Adds {function} to each value of `values`, where it is even.\n\
             pub fn added_{number}_{function}(values: &HashMap<String, u64>) -> Vec<u64> {{\n    \
                 values.values().filter(|value| **value % 2 == 0).map(|value| value + {function}).collect()\n\
             }}\n",
        )
        .expect("writing to a string does not fail");
    }
    text
}

/// Returns a file with a dataflow of 40 nodes, half of them async.
fn dataflow_file(number: usize) -> String {
    let mut text =
        format!("//! A pipeline.\n\nuse icosian::prelude::*;\n\n#[dataflow]\npub mod pipeline_{number} {{\n");
    for node in 1..=40 {
        let (keyword, before) = (if node % 2 == 0 { "async " } else { "" }, node - 1);
        writeln!(
            text,
            "    /// Computes the step after step {before}.\n    \
                 #[tag(owner = \"benches\")]\n    \
                 pub {keyword}fn step_{node}(step_{before}: &[f64], offset: f64) -> Vec<f64> {{\n        \
                     step_{before}.iter().map(|value| value.mul_add(0.5, offset)).collect()\n    \
                 }}\n",
        )
        .expect("writing to a string does not fail");
    }
    text.push_str("}\n");
    text
}

/// Writes the files. Returns their folder and paths.
fn write_files() -> (PathBuf, Vec<PathBuf>) {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tree");
    let paths: Vec<_> = (0..FILES).map(|file| root.join(format!("m{}/f{file}.rs", file % 40))).collect();
    for (file, path) in paths.iter().enumerate() {
        let folder = path.parent().expect("every path is in a folder");
        fs::create_dir_all(folder).expect("the target folder is writable");
        let text = if file % (FILES / DATAFLOWS) == 0 { dataflow_file(file) } else { plain_file(file) };
        fs::write(path, text).expect("the target folder is writable");
    }
    (root, paths)
}

fn parse(paths: &[PathBuf]) -> usize {
    let items = paths.iter().map(|path| {
        let text = fs::read_to_string(path).expect("the file was written");
        let items = syn::parse_file(&text).expect("the file is valid Rust").items.len();
        proc_macro2::extra::invalidate_current_thread_spans();
        items
    });
    items.sum()
}

fn lint(criterion: &mut Criterion) {
    let (root, paths) = write_files();
    let linter = Linter::new(Settings::default());
    let roots = [root];
    let report = linter.lint(&roots);
    assert_eq!((report.files(), report.dataflows(), report.nodes()), (FILES, DATAFLOWS, 40 * DATAFLOWS));
    assert!(report.is_clean() && report.is_complete(), "{report:?}");

    let mut group = criterion.benchmark_group("lint a thousand files");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements(FILES as u64));
    group.bench_function("icosian", |bencher| bencher.iter(|| linter.lint(&roots)));
    group.bench_function("syn, all files", |bencher| bencher.iter(|| parse(&paths)));
    let dataflow_files: Vec<_> = paths.iter().step_by(FILES / DATAFLOWS).cloned().collect();
    group.bench_function("syn, the files with dataflows", |bencher| bencher.iter(|| parse(&dataflow_files)));
    group.finish();
}

criterion_group!(benches, lint);
criterion_main!(benches);
