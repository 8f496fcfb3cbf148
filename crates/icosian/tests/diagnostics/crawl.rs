//! A dataflow with expansions, and variants of it with faults.

use icosian::prelude::dataflow;

#[dataflow]
pub(crate) mod crawl {
    use icosian::prelude::Collect;

    /// An address.
    #[expand]
    pub fn url(urls: &[String]) -> Vec<String> {
        urls.to_vec()
    }

    /// The number of words on a page.
    pub fn words(url: &str) -> Result<usize, std::num::ParseIntError> {
        url.trim_start_matches("https://").parse()
    }

    /// The number of words on all pages.
    pub fn total(words: &Collect<usize>) -> usize {
        words.iter().sum()
    }
}

#[dataflow]
pub(crate) mod shares {
    /// The part of a page in all words.
    pub fn share(words: usize, total: usize) -> usize {
        words * 100 / total
    }
}

#[dataflow]
pub(crate) mod pairs {
    #[expand]
    pub fn language() -> [&'static str; 2] {
        ["en", "de"]
    }

    /// A translation of an address.
    pub fn translated(url: &str, language: &&'static str) -> String {
        format!("{url}/{language}")
    }
}

#[dataflow]
pub(crate) mod once {
    use icosian::prelude::Collect;

    /// The mean of something that exists once.
    pub fn mean(urls: &Collect<f64>) -> f64 {
        urls.iter().sum()
    }

    /// The longest page.
    pub fn longest(words: &Collect<u64>) -> u64 {
        words.iter().copied().max().unwrap_or_default()
    }
}
