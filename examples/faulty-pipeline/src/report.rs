//! Reports: misplaced decorators, and suppressions without effect.

use std::time::Duration;

use icosian::{dataflow, node};

/// The title of the report.
#[tag(owner = "reports")]
#[node]
pub fn title(customer: &str) -> String {
    customer.to_owned()
}

/// A table of numbers.
pub struct Table;

impl Table {
    /// The first value of the table.
    #[node]
    pub fn first(&self) -> u64 {
        1
    }
}

#[dataflow(allow(busy_wait, reason = "an earlier version polled"))]
pub mod nodes {
    use super::*;

    /// The text, within a second.
    #[offload]
    #[timeout(Duration::from_secs(1))]
    pub fn text(title: &str) -> String {
        title.repeat(2)
    }

    /// The text in capitals.
    #[tag(owner = "reports")]
    #[tag(owner = "reports")]
    pub fn capitals(text: &str) -> String {
        text.to_uppercase()
    }

    /// The text, cut to different lengths.
    #[inject(length = value(80))]
    #[parameterize(short(length = value(20)), long(length = value(200)))]
    pub fn cut(text: &str, length: usize) -> String {
        text.chars().take(length).collect()
    }

    /// The text, addressed to a customer.
    #[parameterize(letter(tilte = source(text)), letter(title = source(capitals)))]
    pub fn addressed(title: &str, customer: &str) -> String {
        format!("{customer}: {title}")
    }

    /// The closing words.
    #[config_when(tone = "formal")]
    pub fn closing__formal(customer: &str) -> String {
        format!("Yours sincerely, {customer}")
    }

    /// The closing words, in English.
    #[config_when(tone = "formal", language = "en")]
    pub fn closing__english() -> String {
        "Yours sincerely".to_owned()
    }

    /// The first and the last line.
    #[unpack_fields(opening, ending, signature)]
    pub fn edges(text: &str) -> (String, String) {
        (text.to_owned(), text.to_owned())
    }

    /// The length of the text.
    #[node(allow(global_states, reason = "a counter for a test"))]
    #[node(allow(undocumented_node))]
    pub fn length(text: &str) -> usize {
        text.len()
    }
}
