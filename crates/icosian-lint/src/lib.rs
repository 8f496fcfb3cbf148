//! The linter for dataflows: it reads source code, applies rules, and writes reports for tools.
//!
//! A [`Linter`] applies rules and [`Settings`] to files and returns a [`Report`]. Each [`Diagnosis`] of a report has a message, a
//! location and help; each [`Notice`] names an input that could not be checked. [`Format`] writes a report for tools. A
//! diagnosis is also a miette diagnostic, so that a renderer can draw it.
//!
//! This crate runs no node, prints nothing and parses no command line; `icosian-cli` is the command line. The rules are in
//! `icosian-rules`.
//!
//! A run of the linter calls four functions: `analyze` reads and checks each file alone, `link` checks dataflows in a harness, `merge`
//! combines the results into one report, and `fix` applies the fixes of a report.
//!
//! ```
//! use icosian_lint::{Linter, Settings};
//!
//! let linter = Linter::new(Settings::default());
//! let report = linter.lint_text("src/rates.rs", "#[node]\npub async fn rate() -> f64 { std::thread::sleep(A); 1.0 }\n");
//! let found = &report.diagnoses()[0];
//! assert_eq!((found.code(), found.message()), ("ICO0201", "async node `rate` blocks its thread in `std::thread::sleep`"));
//! assert_eq!(found.location().start(), (2, 30));
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod adapters;
mod analysis;
mod baseline;
mod describe;
mod diagnosis;
mod escape;
mod file_analysis;
mod fix;
mod foreign;
mod format;
mod lines;
mod link;
mod linked_file;
mod linter;
mod location;
mod merge;
mod notice;
mod patch;
mod report;
mod rule_set;
mod settings;
mod source;
mod source_text;
mod stack;
mod suppressions;
mod walk;

pub use adapters::select_adapters;
pub use baseline::{Baseline, BaselineError};
pub use describe::{DescribedDataflow, Descriptions};
pub use diagnosis::Diagnosis;
pub use fix::{FixOutcome, FixScope};
pub use format::Format;
/// Escapes text for terminals (`icosian-diagnostics`).
pub use icosian_diagnostics::escape_controls;
pub use link::{LinkOptions, LinkProgress, package_folders, target_folder};
pub use linter::Linter;
pub use location::{DiagnosisLabel, ExternalLabel, FileRange};
pub use notice::Notice;
pub use patch::Patch;
pub use report::Report;
pub use settings::{Settings, SettingsError};
pub use source_text::SourceText;
pub(crate) use source_text::relative;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Linter>();
    shared::<Report>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
