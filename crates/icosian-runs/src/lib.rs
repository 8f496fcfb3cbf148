//! Reads run records and renders them.
//!
//! A [`RunFolder`] contains the [`RecordedRun`]s of a folder of record files. A [`RunReport`] is computed from the events of a run. It
//! contains a row for each node, the critical path, the slowest nodes and the parallelism.
//!
//! - [`text`]: lists and waterfalls for a terminal.
//! - [`json`]: the same content for programs.
//! - [`page`]: a self-contained HTML page.
//!
//! This crate neither prints text nor executes dataflows. It reads record files, and the source files that errors name. The format of
//! records is in `icosian_schema::run`.
//!
//! ```
//! use icosian_runs::text::{TextStyle, render_run};
//! use icosian_runs::{RecordFile, RunReport};
//!
//! let record = r#"{"event":"run_started","version":1,"run":"7f3a","name":"prices","adapter":"sync"}
//! {"event":"node_ended","run":"7f3a","node":"rates","at":1200,"run_time":1200,"outcome":"succeeded","attempts":1}
//! {"event":"run_ended","run":"7f3a","at":1250,"outcome":"succeeded"}
//! "#;
//! let file = RecordFile::parse("prices.jsonl", record.as_bytes());
//! let report = RunReport::new(&file.runs[0]);
//! assert_eq!((report.duration, report.rows.len()), (1250, 1));
//! assert!(render_run(&report, &TextStyle::default()).contains("rates"));
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod critical_path;
mod duration;
mod escape;
mod node_failure;
mod node_row;
mod record_file;
mod recorded_run;
mod run_folder;
mod run_lookup_error;
mod run_report;
mod timestamp;

pub mod json;
pub mod page;
pub mod text;

pub use node_failure::{NodeFailure, SourceFiles};
pub use node_row::{ItemStatistics, NodeRow};
pub use record_file::{LineFault, RecordFile};
pub use recorded_run::{ExecutionStatus, NodeExecution, RecordedRun, RunOutcome};
pub use run_folder::RunFolder;
pub use run_lookup_error::RunLookupError;
pub use run_report::RunReport;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
