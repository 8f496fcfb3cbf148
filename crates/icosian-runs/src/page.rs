//! A run as one HTML page, without references to other files.
//!
//! The page is readable without scripts. Its content security policy permits only its own script, by hash, and all text is escaped. Content
//! of a record therefore cannot run as a script.

mod failures;
mod graph;
mod markup;
mod node_details;
mod node_table;
mod overview;
mod run_page;
mod timeline;
mod values;

pub use run_page::RunPage;
