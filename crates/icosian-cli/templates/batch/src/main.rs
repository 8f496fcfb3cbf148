//! Counts the words of a folder: the first argument, or `texts`.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use icosian::prelude::*;

use template_name::word_counts;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::env::args_os().nth(1);
    let folder = folder.map_or_else(|| PathBuf::from("texts"), PathBuf::from);

    // Files run in parallel, on all cores.
    let driver = Driver::builder()
        .with_adapter(RayonAdapter::default())
        .with_dataflow(word_counts::dataflow())
        .build()?;
    let inputs = word_counts::ReportInputs { folder };
    let report = driver.execute::<word_counts::report>(inputs)?;

    println!("{} files", report.files);
    for (word, count) in report.most_frequent(10) {
        println!("{count:>6}  {word}");
    }
    for failure in &report.failures {
        eprintln!("warning: {failure}");
    }
    Ok(if report.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
