//! The result of a crawl.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use icosian::expand::ItemError;
use reqwest::Url;

/// The number of pages and words in the printed lists.
const TOP: usize = 5;

/// The pages and failures of a crawl, in the order of its URLs.
#[derive(Clone, Debug, Default)]
pub struct CrawlReport {
    /// The pages.
    pub pages: Vec<PageSummary>,
    /// The URLs that failed.
    pub failures: Vec<CrawlFailure>,
}

/// A page without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSummary {
    /// The URL of the page.
    pub url: Url,
    /// The targets of its links.
    pub links: Vec<Url>,
    /// Its words and their numbers.
    pub words: BTreeMap<String, usize>,
    /// Its score.
    pub score: usize,
}

/// A URL that failed.
#[derive(Clone, Debug)]
pub struct CrawlFailure {
    /// The URL.
    pub url: Url,
    /// The error, which names the function and the item.
    pub error: ItemError,
}

impl CrawlReport {
    /// Returns the pages, highest score first.
    #[must_use]
    pub fn ranking(&self) -> Vec<&PageSummary> {
        let mut pages: Vec<_> = self.pages.iter().collect();
        pages.sort_by_key(|page| std::cmp::Reverse(page.score));
        pages
    }

    /// Returns the words of all pages, most frequent first.
    #[must_use]
    pub fn words(&self) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (word, count) in self.pages.iter().flat_map(|page| &page.words) {
            *counts.entry(word).or_default() += count;
        }
        let mut words: Vec<_> = counts.into_iter().collect();
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        words
    }

    /// Returns the links to URLs that failed: the page and the target.
    pub fn broken_links(&self) -> impl Iterator<Item = (&Url, &Url)> {
        let links =
            self.pages.iter().flat_map(|page| page.links.iter().map(move |target| (&page.url, target)));
        links.filter(|(_, target)| self.failures.iter().any(|failure| failure.url == **target))
    }
}

impl fmt::Display for CrawlReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} pages, {} failed", self.pages.len(), self.failures.len())?;
        writeln!(f, "\nscore  words  links  page")?;
        for page in self.ranking().into_iter().take(TOP) {
            let words: usize = page.words.values().sum();
            writeln!(f, "{:>5}  {words:>5}  {:>5}  {}", page.score, page.links.len(), page.url.path())?;
        }
        let words: Vec<_> = self.words().into_iter().take(TOP).collect();
        let words: Vec<_> = words.iter().map(|(word, count)| format!("{word} ({count})")).collect();
        writeln!(f, "\nwords: {}", words.join(", "))?;
        for (page, target) in self.broken_links() {
            writeln!(f, "broken link: {} -> {}", page.path(), target.path())?;
        }
        for CrawlFailure { error, .. } in &self.failures {
            write!(f, "failed: {error}")?;
            error.source().map_or(Ok(()), |source| write!(f, ": {source}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}
