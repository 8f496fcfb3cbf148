//! Extracts the examples from the docs of the lint rules and generates a module for each.

use std::fmt::Write as _;
use std::path::PathBuf;

use icosian_rules::{Stage, rules};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut modules, mut list) = (String::new(), String::new());
    // Other stages are tested elsewhere: source rules accept code that does not compile, and a driver sees neither function
    // bodies nor linked crates.
    let needs_driver =
        |code: &str, stage| stage > Stage::Source && stage < Stage::Clippy && !code.starts_with("ICO10");
    for metadata in rules()
        .iter()
        .map(|rule| rule.metadata())
        .filter(|metadata| needs_driver(metadata.code, metadata.stage))
    {
        for kind in ["bad", "good"] {
            for (index, example) in metadata.examples(kind).into_iter().enumerate() {
                let name = format!("{}_{kind}_{index}", metadata.code.to_lowercase());
                let (items, subject) = example
                    .trim_end()
                    .rsplit_once("\n\n")
                    .ok_or_else(|| format!("`{name}` has no checked expression after an empty line"))?;
                writeln!(modules, "mod {name} {{\n    use crate::prelude::*;\n\n{items}\n")?;
                writeln!(
                    modules,
                    "    pub(crate) fn check() -> Findings {{\n        Ok(findings_of({{\n{subject}\n}}))\n    }}\n}}\n"
                )?;
                writeln!(list, "    (\"{}\", {}, {name}::check),", metadata.code, kind == "bad")?;
            }
        }
    }
    let list = format!("pub(crate) const EXAMPLES: &[Example] = &[\n{list}];\n");
    let path = PathBuf::from(std::env::var("OUT_DIR")?).join("examples.rs");
    std::fs::write(path, modules + &list)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
