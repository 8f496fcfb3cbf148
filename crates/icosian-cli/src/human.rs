//! A report for people.

use std::collections::BTreeMap;
use std::io;

use icosian_lint::{Notice, Report};
use icosian_rules::{Level, Stage};

use crate::screen::Screen;

pub(crate) fn write(report: &Report, screen: &mut Screen<'_>) -> io::Result<()> {
    for found in report.diagnoses() {
        screen.draw(found)?;
    }
    for notice in report.notices() {
        writeln!(screen.out(), "error: {}", unread(notice))?;
    }
    writeln!(screen.out(), "{}", summary(report))
}

fn unread(notice: &Notice) -> String {
    format!("{notice}; {}", notice.consequence())
}

fn summary(report: &Report) -> String {
    let counted = |count: usize, one: &str| match count {
        0 => format!("no {one}s"),
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    };
    let seen = format!(
        "{}, {}, {}",
        counted(report.files(), "file"),
        counted(report.dataflows(), "dataflow"),
        counted(report.nodes(), "node")
    );
    let found = match (report.count(Level::Deny), report.count(Level::Warn)) {
        (0, 0) if report.is_complete() => "nothing is wrong".to_owned(),
        (0, 0) => "nothing found".to_owned(),
        (denied, 0) => counted(denied, "error"),
        (0, warned) => counted(warned, "warning"),
        (denied, warned) => format!("{}, {}", counted(denied, "error"), counted(warned, "warning")),
    };
    let is_unread = |notice: &&Notice| notice.consequence() == "it was not looked at";
    let unread = match report.notices().iter().filter(is_unread).count() {
        0 => String::new(),
        count => format!("; {} not looked at", counted(count, "file")),
    };
    let hidden = match report.hidden() {
        0 => String::new(),
        count => format!("; {count} hidden by the baseline"),
    };
    format!("{seen}: {found}{hidden}{unread}{}", linked(report))
}

/// Says under what dataflows were judged, or that they were not.
fn linked(report: &Report) -> String {
    let mut text = String::new();
    let mut under: BTreeMap<String, usize> = BTreeMap::new();
    let lacking = report.linked().iter().filter(|it| it.lacks_config);
    let lacking: Vec<_> = lacking.map(|it| format!("`{}`", it.module)).collect();
    for dataflow in report.linked().iter().filter(|it| it.failure.is_none() && !it.lacks_config) {
        let named: Vec<_> = dataflow.adapters.iter().map(|it| format!("`{it}`")).collect();
        *under.entry(named.join(" and ")).or_default() += 1;
    }
    if !under.is_empty() {
        let under: Vec<_> =
            under.iter().map(|(adapters, count)| format!("{count} under {adapters}")).collect();
        text = format!("; judged {}", under.join(", "));
    }
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        text = format!("{text}; not judged in full without config (`--config KEY=VALUE`): {lacking}");
    }
    let judged = report.linked().iter().filter(|it| it.failure.is_none()).count();
    if judged > report.judged() {
        text = format!("{text}; {} of them not in the source that was read", judged - report.judged());
    }
    if report.behind_cfg() > 0 {
        text = format!("{text}; {} behind `cfg`", report.behind_cfg());
    }
    if report.source_only() > 0 {
        text = format!("{text}; {} looked at as source only", report.source_only());
    }
    if !report.unlinked().is_empty() {
        let named: Vec<_> = report.unlinked().iter().map(|it| format!("`{it}`")).collect();
        text = format!("{text}; without a library that could be linked: {}", named.join(", "));
    }
    let needs = if report.skipped().iter().all(|card| card.stage == Stage::Clippy) {
        "`--clippy`"
    } else {
        "more than source"
    };
    match report.skipped().len() {
        0 => text,
        1 => format!("{text}; 1 rule skipped that needs {needs}"),
        count => format!("{text}; {count} rules skipped that need {needs}"),
    }
}
