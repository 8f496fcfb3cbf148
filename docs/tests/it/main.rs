//! Checks the sources of the book: its list of chapters, links, includes and code blocks.

mod book;
mod chapter;
mod code;
mod links;
