use icosian_diagnostics::{Label, Location, Spanned};
use icosian_rules::{Finding, RemoteFinding, ReportedFault, SpanId, WrittenSpot};
use miette::Diagnostic;

/// The locations to which the [`SpanId`]s of facts and findings refer.
#[derive(Default)]
pub(crate) struct SpanTable(Vec<Location>);

impl SpanTable {
    /// Adds a location and returns its identifier.
    pub(crate) fn add(&mut self, location: Option<Location>) -> SpanId {
        let Some(location) = location else { return SpanId::NOWHERE };
        self.0.push(location);
        u32::try_from(self.0.len() - 1).map_or(SpanId::NOWHERE, SpanId::new)
    }

    /// Replaces the identifiers of a finding by files and lines.
    pub(crate) fn resolve(&self, code: &str, finding: Finding) -> RemoteFinding {
        let mut resolved = RemoteFinding::new(code, finding.message);
        let labels = std::iter::once(finding.label).chain(finding.others);
        let spots = labels.filter_map(|label| {
            let location = self.0.get(label.span.position())?;
            Some(WrittenSpot::from(&Label::new(*location, label.text)))
        });
        resolved.spots = spots.collect();
        resolved.help = finding.help;
        resolved
    }

    /// Converts a driver's diagnostic to a fact, and adds its locations.
    pub(crate) fn add_diagnostic<K: Diagnostic>(&mut self, diagnostic: &Spanned<K>) -> ReportedFault {
        let mut labels = diagnostic
            .source_labels()
            .iter()
            .map(|label| (self.add(Some(label.location())), label.text().to_owned()));
        let (span, label) = labels.next().unwrap_or((SpanId::NOWHERE, String::new()));
        let finding = Finding::new(span, diagnostic.to_string()).labelled(label);
        let finding = labels.fold(finding, |finding, (span, text)| finding.also(span, text));
        let finding = match diagnostic.help() {
            Some(help) => finding.help(help.to_string()),
            None => finding,
        };
        let code = diagnostic.code().map(|code| code.to_string()).unwrap_or_default();
        // `ICO0003 dependency-cycle` is the rule ICO0003. Codes of third-party decorators have no second word.
        let code = match code.split_once(' ') {
            Some((code, _)) => code.to_owned(),
            None => code,
        };
        ReportedFault { code, finding }
    }
}
