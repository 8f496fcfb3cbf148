use std::io;

use clap::{Args, ValueEnum};
use icosian_rules::{Rule, Safety, left_out, rules};

use crate::Exit;
use crate::screen::Screen;

/// The options of `rules`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Output format
    #[arg(long, value_enum, default_value_t = Style::Text)]
    format: Style,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Style {
    /// Columns
    Text,
    /// Tables of Markdown
    Markdown,
}

pub(crate) fn run(options: &Options, own: &[&'static dyn Rule], screen: &mut Screen<'_>) -> io::Result<Exit> {
    let out = screen.out();
    if let Style::Markdown = options.format {
        writeln!(
            out,
            "| code | name | level | from stage | fix | what it does |\n|---|---|---|---|---|---|"
        )?;
    }
    let cards = || rules().iter().chain(own).map(|rule| rule.card());
    let names = cards().map(|card| card.name).chain(left_out().iter().map(|left| left.name));
    let width = names.map(str::len).max().unwrap_or_default();
    for card in cards() {
        let fix = match card.fix {
            None => "",
            Some(Safety::Safe) => "safe",
            Some(Safety::Unsafe) => "unsafe",
        };
        let (code, name, level, stage) =
            (card.code, card.name, card.level.to_string(), card.stage.to_string());
        match options.format {
            Style::Text => {
                writeln!(out, "{code}  {name:<width$} {level:<6} {stage:<7} {fix:<7} {}", card.summary())?;
            }
            Style::Markdown => {
                writeln!(out, "| {code} | {name} | {level} | {stage} | {fix} | {} |", card.summary())?;
            }
        }
    }
    match options.format {
        Style::Text => writeln!(out, "\nNot implemented:")?,
        Style::Markdown => writeln!(out, "\n| code | name | not implemented, because |\n|---|---|---|")?,
    }
    for left in left_out() {
        match options.format {
            Style::Text => writeln!(out, "{}  {:<width$} {}", left.code, left.name, left.reason)?,
            Style::Markdown => writeln!(out, "| {} | {} | {} |", left.code, left.name, left.reason)?,
        }
    }
    Ok(Exit::Clean)
}
