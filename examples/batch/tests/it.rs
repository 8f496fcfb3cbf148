//! The report, and the record of the run.

use batch::orders::{self, CustomerTotal};
use icosian::observe::{RunRecorder, ValueCapture};

#[test]
fn invalid_lines_are_skipped_and_recorded() {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let recorder = RunRecorder::new(folder.path()).with_values(ValueCapture::only(["report"]));
    let driver = orders::driver(recorder).expect("the dataflow is valid");
    let file = "ada,boots,1\nada,umbrella,2\ngrace,boots,x\n".to_owned();
    let report = driver.execute::<orders::report>(orders::ReportInputs { file }).expect("lines are skipped");
    assert_eq!(report, [CustomerTotal { customer: "ada".to_owned(), cents: 11_880 }]);

    // The recorder writes the rest when its driver is dropped.
    drop(driver);
    let file =
        std::fs::read_dir(folder.path()).expect("the folder exists").next().expect("there is a record");
    let record = std::fs::read_to_string(file.expect("it is readable").path()).expect("it is text");
    let failed_items =
        record.lines().filter(|line| line.contains(r#""event":"item_ended""#) && line.contains("line[2]"));
    assert_eq!(failed_items.count(), 1);
    assert!(record.contains(r#"[{\"customer\":\"ada\",\"cents\":11880}]"#), "the report is recorded");
    assert!(!record.contains("umbrella"), "other values are not recorded");
}
