//! Tests the dataflow with files, and without.

use std::fs;
use std::path::PathBuf;

use icosian::prelude::*;

use template_name::word_counts;

fn driver() -> Driver {
    Driver::builder()
        .with_adapter(RayonAdapter::default())
        .with_dataflow(word_counts::dataflow())
        .build()
        .unwrap()
}

#[test]
fn words_of_all_files_are_counted() {
    let folder = std::env::temp_dir().join(format!("word-counts-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("one.txt"), "The lamp, the map.").unwrap();
    fs::write(folder.join("two.txt"), "A lamp").unwrap();
    fs::write(folder.join("empty.txt"), "...").unwrap();
    fs::write(folder.join("notes.md"), "This is no text file.").unwrap();
    let inputs = word_counts::ReportInputs {
        folder: folder.clone(),
    };
    let report = driver().execute::<word_counts::report>(inputs);
    fs::remove_dir_all(folder).unwrap();

    let report = report.unwrap();
    assert_eq!(report.files, 2);
    assert_eq!(report.most_frequent(2), [("lamp", 2), ("the", 2)]);
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
}

#[test]
fn files_can_be_replaced_by_values() {
    // An override of `file` replaces the list, and one of `text` the content of each file.
    let inputs = inputs! {}
        .overriding_items::<word_counts::file>(vec![PathBuf::from("a"), PathBuf::from("b")])
        .overriding::<word_counts::text>("one two".to_owned());
    let report = driver().execute::<word_counts::report>(inputs).unwrap();
    assert_eq!(report.most_frequent(2), [("one", 2), ("two", 2)]);
}
