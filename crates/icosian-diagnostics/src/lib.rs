//! Source locations, labelled errors and name suggestions.
//!
//! A [`Location`] is a span in the user's source. A [`Label`] attaches a text to a location. A [`Spanned`] error has labels, and
//! [`Diagnostics`] collect several errors. [`nearest`] suggests the name that a user probably meant.
//!
//! This crate is independent of dataflows and renders nothing: errors are miette diagnostics, and the program that prints them chooses
//! the renderer. [`escape_controls`] makes text of users safe for terminals. Without the default feature `report`, the crate contains
//! only [`Location`], [`nearest`] and [`escape_controls`].
//!
//! Source files are read when a report is rendered. Reports that are alive at the same time share the text of a file.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "report")]
mod diagnostics;
mod escape_controls;
#[cfg(feature = "report")]
mod label;
mod location;
mod nearest;
#[cfg(feature = "report")]
mod source;
#[cfg(feature = "report")]
mod spanned;

#[cfg(feature = "report")]
pub use diagnostics::Diagnostics;
pub use escape_controls::escape_controls;
#[cfg(feature = "report")]
pub use label::Label;
pub use location::Location;
pub use nearest::nearest;
#[cfg(feature = "report")]
pub use spanned::Spanned;

#[cfg(all(doctest, feature = "report"))]
#[doc = include_str!("../README.md")]
mod readme {}
