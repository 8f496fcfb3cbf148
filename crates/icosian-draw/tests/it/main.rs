//! Pictures of small graphs as snapshots, and properties of pictures of random graphs.

mod diff;
mod formats;
mod properties;
mod sample;
mod selection;
