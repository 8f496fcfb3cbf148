use std::io::{self, Write};

use icosian_rules::{Card, Level};
use serde_json::{Value, json};

use crate::{Diagnosis, Notice, Place, Report};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut cards: Vec<&Card> = report.diagnoses().iter().map(Diagnosis::rule).collect();
    cards.sort_by_key(|card| card.code);
    cards.dedup();
    let index = |card: &Card| cards.iter().position(|it| it.code == card.code);
    let results: Vec<_> = report.diagnoses().iter().map(|found| result(found, index(found.rule()))).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "icosian",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_HOMEPAGE"),
                "rules": cards.iter().map(|card| rule(card)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.is_complete(),
                "toolExecutionNotifications": report.notices().iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    }
}

fn rule(card: &Card) -> Value {
    json!({
        "id": card.code,
        "name": card.name,
        "shortDescription": {"text": card.summary()},
        "help": {"text": card.page(), "markdown": card.page()},
        "defaultConfiguration": {"level": level(card.level)},
    })
}

fn result(found: &Diagnosis, index: Option<usize>) -> Value {
    let file = found.file();
    let mut text = found.message().to_owned();
    if let Some(help) = found.help_text() {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut result = json!({
        "ruleId": found.code(),
        "ruleIndex": index,
        "level": level(found.level()),
        "message": {"text": text},
        "locations": [location(file, found.place(), found.label())],
    });
    if !found.others().is_empty() || !found.elsewhere().is_empty() {
        let others = found.others().iter().map(|spot| (file, spot));
        let elsewhere = found.elsewhere().iter().map(|it| (it.file(), it.spot()));
        let all = others.chain(elsewhere).map(|(file, spot)| location(file, spot.place(), spot.text()));
        result["relatedLocations"] = all.collect();
    }
    if let Some(patch) = found.patch() {
        let replacements = patch
            .edits()
            .iter()
            .map(|(place, text)| json!({"deletedRegion": region(place), "insertedContent": {"text": text}}));
        result["fixes"] = json!([{
            "description": {"text": patch.title()},
            "artifactChanges": [{
                "artifactLocation": {"uri": uri(file)},
                "replacements": replacements.collect::<Vec<_>>(),
            }],
        }]);
    }
    result
}

fn location(file: &str, place: &Place, label: &str) -> Value {
    let mut location =
        json!({"physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": region(place)}});
    if !label.is_empty() {
        location["message"] = json!({"text": label});
    }
    location
}

fn region(place: &Place) -> Value {
    let ((line, column), (end_line, end_column)) = (place.start(), place.end());
    json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column})
}

fn notification(notice: &Notice) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(notice.file())}});
    if let Some((line, column)) = notice.line_column() {
        place["region"] = json!({"startLine": line, "startColumn": column});
    }
    json!({"level": "error", "message": {"text": notice.message()}, "locations": [{"physicalLocation": place}]})
}

/// Returns a path as a URI reference: what has a meaning there, and what is no ASCII, is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            for digit in [byte >> 4, byte & 15] {
                uri.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    uri
}
