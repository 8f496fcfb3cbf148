//! Merges the analyses of files and the result of linking into a report.

use icosian_rules::{RuleMetadata, Stage};

use crate::analysis::SourceAnalysis;
use crate::foreign::is_foreign_file;
use crate::link::{LinkReport, import};
use crate::linked_file::LinkedFile;
use crate::rule_set::{RuleSet, runs_on_source};
use crate::suppressions::apply_suppressions;
use crate::{Report, SourceText, relative};

/// Merges `sources` with `link`, which is `None` for a run on source alone.
pub(crate) fn merge(rules: &RuleSet, sources: SourceAnalysis, link: Option<LinkReport>) -> Report {
    let ran = |metadata: &RuleMetadata| match (&link, metadata.stage) {
        (_, _) if runs_on_source(metadata) => true,
        (None, _) => false,
        (Some(link), Stage::Clippy) => link.clippy_is_complete,
        (Some(link), _) => link.is_complete,
    };
    let skipped = rules.all_metadata().filter(|metadata| !ran(metadata)).collect();
    let mut report = Report { skipped, notices: sources.notices, ..Report::default() };
    let mut foreign = sources.foreign;
    let files: Vec<LinkedFile> = match link {
        None => sources.files.into_iter().map(LinkedFile::from).collect(),
        Some(mut link) => {
            let mut files = sources.files;
            files.retain(|file| !is_foreign_file(&file.path, &link.foreign));
            files.append(&mut link.outside_files);
            report.was_linked = true;
            report.notices.append(&mut link.notices);
            report.unlinked = std::mem::take(&mut link.unlinked).into_iter().collect();
            foreign.append(&mut link.foreign);
            let files = import(rules, files, &link);
            let transcripts = link.batches.into_iter().map(|batch| batch.transcript);
            report.linked = transcripts.flat_map(|transcript| transcript.dataflows).collect();
            files
        }
    };
    for file in files {
        report.dataflows += file.analysis.facts.dataflows.len();
        report.nodes += file.analysis.facts.functions().count();
        report.checked += file.checked_count();
        report.behind_cfg += file.disabled_count();
        if !file.is_external {
            report.paths.push(file.analysis.path.clone());
        }
        report.diagnoses.append(&mut apply_suppressions(rules, file));
    }
    report.files = report.paths.len();
    report.foreign = foreign.iter().map(|it| SourceText::new(relative(it), "").name().to_owned()).collect();
    report
}
