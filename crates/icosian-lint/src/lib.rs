//! The linter of dataflows: reads source code, applies rules, and writes reports for people and tools.
//!
//! A [`Linter`] applies rules and [`Settings`] to files and returns a [`Report`]. Each [`Diagnosis`] of a report has a message, a
//! location and help; each [`Notice`] names an input that could not be checked. [`Format`] writes a report for tools. A
//! diagnosis is also a miette diagnostic, so that a renderer can draw it.
//!
//! This crate runs no node, prints nothing and parses no command line; `icosian-cli` does. The rules are in `icosian-rules`.
//!
//! ```
//! use icosian_lint::{Linter, Settings};
//!
//! let linter = Linter::new(Settings::default());
//! let report = linter.lint_text("src/rates.rs", "#[node]\npub async fn rate() -> f64 { std::thread::sleep(A); 1.0 }\n");
//! let found = &report.diagnoses()[0];
//! assert_eq!((found.code(), found.message()), ("ICO0201", "async node `rate` blocks its thread in `std::thread::sleep`"));
//! assert_eq!(found.place().start(), (2, 30));
//! ```

mod lines;
mod plain;
mod source_text;

mod foreign;
mod source;
mod walk;

mod diagnosis;
mod notice;
mod report;

mod engine;
mod settings;

mod linked;

mod baseline;
mod fixer;
mod format;

pub use baseline::{Baseline, BaselineError};
pub use diagnosis::{Diagnosis, Elsewhere, Patch, Place, Spot};
pub use engine::Linter;
pub use fixer::Fixed;
pub use format::Format;
pub use linked::{Linking, Progress};
pub use notice::Notice;
pub use plain::plain;
pub use report::Report;
pub use settings::{Settings, SettingsError};
pub use source_text::SourceText;
pub(crate) use source_text::shown;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Linter>();
    shared::<Report>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
