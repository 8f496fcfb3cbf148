//! SARIF reports, validated against the schema of the standard.

use std::path::Path;
use std::process::Command;

use boon::{Compiler, Schemas};
use icosian_lint::{Format, Linter, Settings};
use serde_json::{Value, json};

use crate::FAULTY;

/// Returns the text of the schema, from the sources of the package that contains it.
fn schema() -> Value {
    let version = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Packages for other platforms are not available.
    let options = ["--offline", "--filter-platform", host].map(str::to_owned);
    let metadata = cargo_metadata::MetadataCommand::new().other_options(options).exec().unwrap();
    let package = metadata.packages.iter().find(|package| *package.name == "serde-sarif").unwrap();
    let file = package.manifest_path.with_file_name("src").join("schema.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn write_sarif(linter: &Linter, path: &Path) -> Value {
    let mut text = Vec::new();
    Format::Sarif.write(&linter.lint(&[path.to_owned()]), &mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn report_is_valid_sarif() {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("sarif.json", schema()).unwrap();
    let schema = compiler.compile("sarif.json", &mut schemas).unwrap();

    let linter = Linter::new(Settings::find(FAULTY.as_ref()).unwrap());
    let faulty = write_sarif(&linter, FAULTY.as_ref());
    assert!(faulty["runs"][0]["results"].as_array().unwrap().len() > 20);
    let not_rust = write_sarif(&linter, "Cargo.toml".as_ref());
    let nothing = write_sarif(&linter, "src/lib.rs".as_ref());
    for report in [&faulty, &not_rust, &nothing] {
        schemas.validate(report, schema).unwrap_or_else(|error| panic!("{error:#}"));
    }

    let mut wrong = faulty;
    wrong["runs"][0]["results"][0]["level"] = json!("deny");
    schemas.validate(&wrong, schema).unwrap_err();
}
