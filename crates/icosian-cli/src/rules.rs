use std::io;

use clap::{Args, ValueEnum};
use icosian_rules::{ExplanationKind, Rule, Safety, explanations, omitted_rules, rules};

use crate::Exit;
use crate::screen::Screen;

/// The options of `rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesOptions {
    /// Output format
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    format: RulesFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RulesFormat {
    /// Columns
    Text,
    /// Tables of Markdown
    Markdown,
}

/// Lists the rules, the errors of an execution and of the linter, and the rules that do not exist.
pub(crate) fn run(
    options: &RulesOptions,
    custom: &[&'static dyn Rule],
    screen: &mut Screen<'_>,
) -> io::Result<Exit> {
    let out = screen.out();
    if let RulesFormat::Markdown = options.format {
        writeln!(
            out,
            "| code | name | level | from stage | fix | what it does |\n|---|---|---|---|---|---|"
        )?;
    }
    let all_metadata = || rules().iter().chain(custom).map(|rule| rule.metadata());
    let pages: Vec<_> = explanations().collect();
    let errors = |kind: ExplanationKind| {
        let pages = pages.iter().filter(|page| page.kind == kind);
        pages.map(|page| (page.code, page.name, page.title.as_str())).collect::<Vec<_>>()
    };
    let names = all_metadata().map(|metadata| metadata.name).chain(pages.iter().map(|page| page.name));
    let width =
        names.chain(omitted_rules().iter().map(|rule| rule.name)).map(str::len).max().unwrap_or_default();
    for metadata in all_metadata() {
        let fix = match metadata.fix {
            None => "",
            Some(Safety::Safe) => "safe",
            Some(Safety::Unsafe) => "unsafe",
        };
        let (code, name, level, stage) =
            (metadata.code, metadata.name, metadata.level.to_string(), metadata.stage.to_string());
        match options.format {
            RulesFormat::Text => {
                writeln!(
                    out,
                    "{code}  {name:<width$} {level:<6} {stage:<7} {fix:<7} {}",
                    metadata.summary()
                )?;
            }
            RulesFormat::Markdown => {
                writeln!(out, "| {code} | {name} | {level} | {stage} | {fix} | {} |", metadata.summary())?;
            }
        }
    }
    let left_out: Vec<_> = omitted_rules().iter().map(|rule| (rule.code, rule.name, rule.reason)).collect();
    for (title, column, lines) in [
        ("Errors of an execution", "error of an execution", errors(ExplanationKind::RunError)),
        ("Errors of the linter", "error of the linter", errors(ExplanationKind::ToolError)),
        ("Not implemented", "not implemented, because", left_out),
    ] {
        match options.format {
            RulesFormat::Text => writeln!(out, "\n{title}:")?,
            RulesFormat::Markdown => writeln!(out, "\n| code | name | {column} |\n|---|---|---|")?,
        }
        for (code, name, text) in lines {
            match options.format {
                RulesFormat::Text => writeln!(out, "{code}  {name:<width$} {text}")?,
                RulesFormat::Markdown => writeln!(out, "| {code} | {name} | {text} |")?,
            }
        }
    }
    Ok(Exit::Clean)
}
