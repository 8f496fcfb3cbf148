//! A report for people.

use std::io;

use icosian_lint::{Notice, Report};
use icosian_rules::Level;

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
    format!("{notice}; it was not looked at")
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
    let unread = match report.notices().len() {
        0 => String::new(),
        count => format!("; {} not looked at", counted(count, "file")),
    };
    format!("{seen}: {found}{unread}")
}
