//! Reports as `JUnit` XML, for build servers.
//!
//! Each file with findings is a suite with a failed case for each finding. An input that could not be checked is a case with an
//! error. A clean report has one successful case, because some servers refuse a report without cases.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::escape::escape_lines;
use crate::{Diagnosis, Notice, Report, escape_controls};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut junit = quick_junit::Report::new("icosian");
    for findings in report.diagnoses().chunk_by(|a, b| a.file() == b.file()) {
        junit.add_test_suite(suite(findings[0].file(), findings.iter().map(failure)));
    }
    junit.add_test_suites(report.notices().iter().map(|notice| suite(notice.file(), [error(notice)])));
    if junit.test_suites.is_empty() {
        junit.add_test_suite(suite("icosian", [TestCase::new("lint", TestCaseStatus::success())]));
    }
    junit.serialize(out).map_err(io::Error::other)
}

fn suite(name: &str, cases: impl IntoIterator<Item = TestCase>) -> TestSuite {
    let name = escape_controls(name);
    let mut suite = TestSuite::new(&*name);
    suite.add_test_cases(cases.into_iter().map(|mut case| {
        case.set_classname(&*name);
        case
    }));
    suite
}

fn failure(found: &Diagnosis) -> TestCase {
    let (line, column) = found.location().start();
    // Parsers turn a line break in an attribute into a space.
    let (file, message) = (escape_controls(found.file()), escape_controls(found.message()));
    let mut description = format!("{file}:{line}:{column}: {message}");
    if let Some(help) = found.help_text() {
        description.push_str("\nhelp: ");
        description.push_str(&escape_lines(help));
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(found.level().to_string()).set_message(&*message).set_description(description);
    TestCase::new(format!("{} {}:{line}:{column}", found.code(), found.rule().name), status)
}

fn error(notice: &Notice) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(&*escape_controls(notice.message())).set_description(notice.to_string());
    TestCase::new("readable", status)
}
