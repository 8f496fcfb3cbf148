//! Takes the examples out of the rules' documentation and makes a module of each.

use std::fmt::Write as _;
use std::path::PathBuf;

use icosian_rules::{Stage, rules};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut modules, mut list) = (String::new(), String::new());
    // Examples of earlier stages need not compile, the linter judges their text; what is linked, and bodies, no driver knows.
    let is_judged =
        |code: &str, stage| stage > Stage::Source && stage < Stage::Clippy && !code.starts_with("ICO10");
    for card in rules().iter().map(|rule| rule.card()).filter(|card| is_judged(card.code, card.stage)) {
        for kind in ["bad", "good"] {
            for (at, example) in card.examples(kind).into_iter().enumerate() {
                let name = format!("{}_{kind}_{at}", card.code.to_lowercase());
                let (items, subject) = example
                    .trim_end()
                    .rsplit_once("\n\n")
                    .ok_or_else(|| format!("`{name}` has no subject below an empty line"))?;
                writeln!(modules, "mod {name} {{\n    use crate::door::*;\n\n{items}\n")?;
                writeln!(
                    modules,
                    "    pub(crate) fn told() -> Found {{\n        Ok(told_of({{\n{subject}\n}}))\n    }}\n}}\n"
                )?;
                writeln!(list, "    (\"{}\", {}, {name}::told),", card.code, kind == "bad")?;
            }
        }
    }
    let list = format!("pub(crate) const EXAMPLES: &[Example] = &[\n{list}];\n");
    let written = PathBuf::from(std::env::var("OUT_DIR")?).join("examples.rs");
    std::fs::write(written, modules + &list)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
