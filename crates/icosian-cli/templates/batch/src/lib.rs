//! Counts the words of the text files of a folder, on all cores.

use icosian::dataflow;

/// Counts the words of a folder. Each public function is a node, and its parameters name the nodes and inputs that it reads.
#[dataflow(outputs(report))]
pub mod word_counts {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::{fs, io};

    use icosian::prelude::*;

    /// The number of times that each word occurs.
    pub type WordCounts = BTreeMap<String, usize>;

    /// The error of a file that has no counts.
    #[derive(Debug, thiserror::Error)]
    pub enum FileError {
        /// The file cannot be read.
        #[error("the file cannot be read")]
        Unreadable(#[from] io::Error),
        /// The file contains no words.
        #[error("the file has no words")]
        Empty,
    }

    /// The result of a run.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Report {
        /// The number of files with words.
        pub files: usize,
        /// The counts over all files.
        pub counts: WordCounts,
        /// A line for each file that failed.
        pub failures: Vec<String>,
    }

    impl Report {
        /// Returns the most frequent words, most frequent first.
        pub fn most_frequent(&self, count: usize) -> Vec<(&str, usize)> {
            let mut words: Vec<_> = self
                .counts
                .iter()
                .map(|(word, count)| (word.as_str(), *count))
                .collect();
            words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            words.truncate(count);
            words
        }
    }

    /// Lists the text files of a folder. The nodes that read `file` run once for each of them.
    ///
    /// # Errors
    /// An error if the folder cannot be read.
    #[expand(on_error = "collect")]
    pub fn file(folder: &Path) -> io::Result<Vec<PathBuf>> {
        let paths: io::Result<Vec<_>> = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect();
        let mut paths = paths?;
        paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
        // The order of a folder is not defined.
        paths.sort();
        Ok(paths)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`FileError::Unreadable`] if the file cannot be read.
    pub fn text(file: &Path) -> Result<String, FileError> {
        Ok(fs::read_to_string(file)?)
    }

    /// Counts the words of a file.
    ///
    /// # Errors
    /// [`FileError::Empty`] if the file contains no words.
    pub fn counts(text: &str) -> Result<WordCounts, FileError> {
        let mut counts = WordCounts::new();
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        for word in words.filter(|word| !word.is_empty()) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
        if counts.is_empty() {
            return Err(FileError::Empty);
        }
        Ok(counts)
    }

    /// Combines the results of all files. A file that fails does not end the run.
    pub fn report(counts: Collect<Result<WordCounts, ItemError>>) -> Report {
        let mut report = Report::default();
        for result in counts.iter() {
            match result {
                Ok(words) => {
                    report.files += 1;
                    for (word, count) in words {
                        *report.counts.entry(word.clone()).or_default() += count;
                    }
                }
                Err(error) => report.failures.push(error.to_string()),
            }
        }
        report
    }
}
