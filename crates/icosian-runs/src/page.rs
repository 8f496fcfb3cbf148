//! A run as one HTML page, without references to other files.
//!
//! The page is readable without scripts. Its policy permits only its own script, so content of a record cannot run: all text is
//! escaped, and an injected script would have another hash.

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
