use std::io;

use icosian_diagnostics::nearest;
use icosian_rules::{Rule, Safety, left_out, rules};

use crate::Exit;
use crate::screen::Screen;

pub(crate) fn run(name: &str, own: &[&'static dyn Rule], screen: &mut Screen<'_>) -> io::Result<Exit> {
    // `0201` is short for `ICO0201`.
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let wanted = if is_number { format!("ICO{name}") } else { name.to_uppercase() };
    let is_meant = |code: &str, known: &str| code == wanted || name.replace('_', "-") == known;
    let cards = || rules().iter().chain(own).map(|rule| rule.card());
    if let Some(card) = cards().find(|card| is_meant(card.code, card.name)) {
        let fix = match card.fix {
            None => "",
            Some(Safety::Safe) => ", `--fix` applies a fix",
            Some(Safety::Unsafe) => ", `--unsafe-fixes` applies a fix",
        };
        let out = screen.out();
        writeln!(out, "# {} {}\n", card.code, card.name)?;
        writeln!(out, "Level: {}; from stage: {}{fix}.\n", card.level, card.stage)?;
        write!(out, "{}", card.page())?;
        return Ok(Exit::Clean);
    }
    if let Some(out) = left_out().iter().find(|out| is_meant(out.code, out.name)) {
        writeln!(screen.out(), "# {} {}\n\nThis rule does not exist: {}.", out.code, out.name, out.reason)?;
        return Ok(Exit::Clean);
    }
    let error = miette::MietteDiagnostic::new(format!("there is no rule `{name}`"))
        .with_code("ICO1301 unknown-rule-name");
    let name = name.replace('_', "-");
    let part = || cards().map(|card| card.name).find(|known| known.contains(&name));
    let error = match nearest(&name, cards().map(|card| card.name)).or_else(part) {
        Some(meant) => error.with_help(format!("write `{meant}`")),
        None => error.with_help("find its name in the output of `cargo icosian rules`"),
    };
    screen.draw(&error)?;
    Ok(Exit::Failed)
}
