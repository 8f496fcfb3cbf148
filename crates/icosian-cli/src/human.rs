//! Reports for people.

use std::collections::BTreeMap;
use std::io;

use icosian_lint::{Notice, Report, escape_controls};
use icosian_rules::{Level, LinkedDataflow, Stage};

use crate::screen::Screen;

/// The amount of detail in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    Usual,
    Verbose,
}

pub(crate) fn write(report: &Report, detail: Detail, screen: &mut Screen<'_>) -> io::Result<()> {
    for found in report.diagnoses() {
        screen.draw(found)?;
    }
    for notice in report.notices() {
        writeln!(screen.out(), "error: {notice}; {}", notice.consequence())?;
    }
    if !report.foreign().is_empty() {
        let folders: Vec<_> =
            report.foreign().iter().map(|folder| format!("`{}`", escape_controls(folder))).collect();
        let folders = folders.join(", ");
        writeln!(screen.out(), "note: skipped packages that belong to no workspace: {folders}")?;
    }
    if detail == Detail::Verbose {
        write_skipped(report, screen)?;
    }
    writeln!(screen.out(), "{}", summary(report))
}

/// Lists the rules that did not run.
fn write_skipped(report: &Report, screen: &mut Screen<'_>) -> io::Result<()> {
    let is_clippy = |stage: Stage| stage == Stage::Clippy;
    for (of_clippy, needs) in [(false, "a linked crate"), (true, "`--clippy`")] {
        let skipped = report.skipped().iter().filter(|metadata| is_clippy(metadata.stage) == of_clippy);
        let names: Vec<_> = skipped.map(|metadata| metadata.name).collect();
        if !names.is_empty() {
            let (count, names) = (counted(names.len(), "rule"), names.join(", "));
            writeln!(screen.out(), "note: {count} skipped without {needs}: {names}")?;
        }
    }
    Ok(())
}

fn counted(count: usize, one: &str) -> String {
    match count {
        0 => format!("no {one}s"),
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    }
}

fn summary(report: &Report) -> String {
    let seen = format!(
        "{}, {}, {}",
        counted(report.files(), "file"),
        counted(report.dataflows(), "dataflow"),
        counted(report.nodes(), "node")
    );
    let found = match (report.count(Level::Deny), report.count(Level::Warn)) {
        (0, 0) => "no findings".to_owned(),
        (denied, 0) => counted(denied, "error"),
        (0, warned) => counted(warned, "warning"),
        (denied, warned) => format!("{}, {}", counted(denied, "error"), counted(warned, "warning")),
    };
    let is_unread = |notice: &&Notice| notice.is_unread();
    let unread = match report.notices().iter().filter(is_unread).count() {
        0 => String::new(),
        count => format!("; {} not read", counted(count, "file")),
    };
    let hidden = match report.hidden() {
        0 => String::new(),
        count => format!("; {count} hidden by the baseline"),
    };
    format!("{seen}: {found}{hidden}{unread}{}", linked(report))
}

/// Describes the adapters under which dataflows were checked, and the dataflows that were not.
fn linked(report: &Report) -> String {
    let mut text = String::new();
    let mut under: BTreeMap<String, usize> = BTreeMap::new();
    let lacking = report.linked().iter().filter(|it| it.lacks_config);
    let lacking: Vec<_> = lacking.map(|it| format!("`{}`{}", it.module, needed_config(it))).collect();
    for dataflow in report.linked().iter().filter(|it| it.failure.is_none() && !it.lacks_config) {
        let named: Vec<_> = dataflow.adapters.iter().map(|it| format!("`{it}`")).collect();
        *under.entry(named.join(" and ")).or_default() += 1;
    }
    if !under.is_empty() {
        let under: Vec<_> =
            under.iter().map(|(adapters, count)| format!("{count} under {adapters}")).collect();
        text = format!("; checked {}", under.join(", "));
    }
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        text = format!("{text}; partly checked, `--config KEY=VALUE` is missing: {lacking}");
    }
    let checked = report.linked().iter().filter(|it| it.failure.is_none()).count();
    if checked > report.checked() {
        text = format!("{text}; {} of them not in the source files", checked - report.checked());
    }
    if report.behind_cfg() > 0 {
        text = format!("{text}; {} disabled by `cfg`", report.behind_cfg());
    }
    if report.source_only() > 0 {
        text = format!("{text}; {} source only", report.source_only());
    }
    if !report.unlinked().is_empty() {
        let named: Vec<_> = report.unlinked().iter().map(|it| format!("`{it}`")).collect();
        text = format!("{text}; programs without their required features: {}", named.join(", "));
    }
    text
}

/// Lists the config keys that a dataflow needs, each with the values that it can have.
fn needed_config(dataflow: &LinkedDataflow) -> String {
    let shown = |(key, values): (&String, &Vec<String>)| match values.as_slice() {
        [] => format!("`{key}`"),
        values => format!("`{key}`: {}", values.join(" or ")),
    };
    let keys: Vec<_> = dataflow.needed_config.iter().map(shown).collect();
    if keys.is_empty() {
        String::new()
    } else {
        escape_controls(&format!(" ({})", keys.join(", "))).into_owned()
    }
}
