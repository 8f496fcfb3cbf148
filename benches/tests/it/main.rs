//! All contenders give what the hand-written loop gives, and programs can read reports.

mod agreement;
mod report;
mod soak;
