//! Checks the sources of the book: its list of chapters, links, copies and code blocks.

mod book;
mod chapter;
mod code;
mod copies;
mod links;
