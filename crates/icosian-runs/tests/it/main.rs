//! Renders generated records.

mod damaged;
mod laws;
mod pages;
mod samples;
mod views;
