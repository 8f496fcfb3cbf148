//! The linter of dataflows: reads source code, applies rules, reports in the formats that people and tools read.
//!
//! A [`Linter`] has rules and [`Settings`], and makes a [`Report`] of files. A report's [`Diagnosis`]es say what is wrong,
//! where, and the way out; its [`Notice`]s say what could not be looked at. [`Format`] writes a report for tools, and each
//! diagnosis is a miette diagnostic for whoever draws it.
//!
//! This crate deliberately runs nothing, prints nothing and knows no command line: that is in `icosian-cli`. The rules
//! themselves are in `icosian-rules`.
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

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Linter>();
    shared::<Report>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
