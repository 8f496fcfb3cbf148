//! Reports as SARIF 2.1.0, for code scanning.

use std::io::{self, Write};

use icosian_rules::{Level, RuleMetadata};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Invocation, Location as SarifLocation, Message,
    MultiformatMessageString, Notification, NotificationLevel, PhysicalLocation, Region, Replacement,
    ReportingConfiguration, ReportingDescriptor, Result as SarifResult, ResultColumnKind, ResultLevel, Run,
    Sarif, Tool, ToolComponent, Version,
};

use crate::{Diagnosis, FileRange, Notice, Patch, Report};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The bytes that are escaped in a URI: all but the unreserved characters and the separators of a path.
const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut all_metadata: Vec<&RuleMetadata> = report.diagnoses().iter().map(Diagnosis::rule).collect();
    all_metadata.sort_by_key(|metadata| metadata.code);
    all_metadata.dedup();
    let driver = ToolComponent::builder()
        .name("icosian")
        .version(env!("CARGO_PKG_VERSION"))
        .information_uri(env!("CARGO_PKG_HOMEPAGE"))
        .rules(all_metadata.iter().map(|metadata| rule(metadata)).collect::<Vec<_>>())
        .build();
    let invocation = Invocation::builder()
        .execution_successful(report.is_complete())
        .tool_execution_notifications(report.notices().iter().map(notification).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::from(driver))
        .column_kind(json!(ResultColumnKind::UnicodeCodePoints))
        .invocations(vec![invocation])
        .results(report.diagnoses().iter().map(|found| result(found, &all_metadata)).collect::<Vec<_>>())
        .build();
    let log = Sarif::builder().schema(SCHEMA).version(json!(Version::V2_1_0)).runs(vec![run]).build();
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn level(level: Level) -> ResultLevel {
    match level {
        Level::Deny => ResultLevel::Error,
        Level::Warn => ResultLevel::Warning,
        Level::Allow => ResultLevel::Note,
    }
}

fn rule(metadata: &RuleMetadata) -> ReportingDescriptor {
    ReportingDescriptor::builder()
        .id(metadata.code)
        .name(metadata.name)
        .short_description(MultiformatMessageString::builder().text(metadata.summary()).build())
        .help(MultiformatMessageString::builder().text(metadata.page()).markdown(metadata.page()).build())
        .default_configuration(ReportingConfiguration::builder().level(json!(level(metadata.level))).build())
        .build()
}

fn result(found: &Diagnosis, all_metadata: &[&RuleMetadata]) -> SarifResult {
    let file = found.file();
    let mut text = found.message().to_owned();
    if let Some(help) = found.help_text() {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut result = SarifResult::builder()
        .rule_id(found.code())
        .level(level(found.level()))
        .message(Message::from(&text))
        .locations(vec![location(file, found.location(), found.label())])
        .build();
    result.rule_index = all_metadata.iter().position(|metadata| metadata.code == found.code()).map(integer);
    let secondary = found.secondary_labels().iter().map(|label| (file, label));
    let external = found.external_labels().iter().map(|it| (it.file(), it.label()));
    let labels = secondary.chain(external);
    let related: Vec<_> =
        labels.map(|(file, label)| location(file, label.location(), label.text())).collect();
    result.related_locations = (!related.is_empty()).then_some(related);
    result.fixes = found.patch().map(|patch| vec![fix(file, patch)]);
    result
}

fn fix(file: &str, patch: &Patch) -> Fix {
    let replacement = |(location, text): &(FileRange, String)| {
        Replacement::builder()
            .deleted_region(region(location))
            .inserted_content(ArtifactContent::builder().text(text).build())
            .build()
    };
    let change = ArtifactChange::builder()
        .artifact_location(artifact(file))
        .replacements(patch.edits().iter().map(replacement).collect::<Vec<_>>())
        .build();
    Fix::builder().description(Message::from(patch.title())).artifact_changes(vec![change]).build()
}

fn location(file: &str, place: &FileRange, label: &str) -> SarifLocation {
    let physical =
        PhysicalLocation::builder().artifact_location(artifact(file)).region(region(place)).build();
    let mut location = SarifLocation::builder().physical_location(physical).build();
    location.message = (!label.is_empty()).then(|| Message::from(label));
    location
}

fn artifact(file: &str) -> ArtifactLocation {
    ArtifactLocation::builder().uri(utf8_percent_encode(file, RESERVED).to_string()).build()
}

fn region(place: &FileRange) -> Region {
    let ((line, column), (end_line, end_column)) = (place.start(), place.end());
    Region::builder()
        .start_line(integer(line))
        .start_column(integer(column))
        .end_line(integer(end_line))
        .end_column(integer(end_column))
        .build()
}

fn notification(notice: &Notice) -> Notification {
    let mut physical = PhysicalLocation::builder().artifact_location(artifact(notice.file())).build();
    physical.region = notice.line_column().map(|(line, column)| {
        Region::builder().start_line(integer(line)).start_column(integer(column)).build()
    });
    Notification::builder()
        .level(json!(NotificationLevel::Error))
        .message(Message::from(notice.message()))
        .locations(vec![SarifLocation::builder().physical_location(physical).build()])
        .build()
}

/// Converts a line, a column or an index to an integer of the schema.
fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
