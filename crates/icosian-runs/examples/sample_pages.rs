//! Writes generated records and their pages to a folder: `cargo run -p icosian-runs --example sample_pages -- FOLDER`.
//!
//! `xtask/browser/run_pages.mjs` tests the pages. `cargo icosian runs ls --dir FOLDER` lists the records.

use std::path::{Path, PathBuf};

use icosian_runs::page::RunPage;
use icosian_runs::{RecordFile, RunReport, SourceFiles};

#[path = "../tests/it/samples.rs"]
mod samples;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/sample-pages".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let records = [
        ("small", samples::small()),
        ("failing", samples::failing()),
        ("expansion", samples::expansion()),
        ("crash", samples::crash()),
        ("hostile", samples::hostile()),
        ("large", samples::layered("1000", 170, None)),
    ];
    for (name, record) in records {
        let file = RecordFile::parse(format!("{name}.jsonl"), record.as_bytes());
        let report = RunReport::new(&file.runs[0]);
        let page = RunPage::new(&report).with_sources(SourceFiles::below(&root)).with_faults(&file.faults);
        std::fs::write(folder.join(format!("{name}.html")), page.to_string())?;
        std::fs::write(folder.join(format!("{name}.jsonl")), record)?;
    }
    Ok(())
}
