use crate::{BaselineEntry, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds entries of a baseline for what is no longer wrong. It is told only of files that were looked at, or that are gone
    /// from a folder which is there, and of what source tells: what only linked crates tell depends on the adapter and on config.
    ///
    /// ## Rationale
    /// The entry would hide the next such fault in the same file.
    ///
    /// ## Example
    /// The file that the baseline speaks of is fine, or gone:
    /// ```bad
    /// {
    ///   "version": 1,
    ///   "findings": {
    ///     "src/report.rs": {
    ///       "ICO0209 node `sent` lets go of what `tokio::spawn` starts": 1
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// What `--write-baseline` writes today:
    /// ```good
    /// {
    ///   "version": 1,
    ///   "findings": {}
    /// }
    /// ```
    pub(crate) struct StaleBaseline {
        code: "ICO1004",
        name: "stale-baseline",
        level: Warn,
        stage: Source,
    }
    |facts: &Facts| facts.baseline.iter().filter(|entry| entry.is_stale()).map(finding).collect()
}

fn finding(entry: &BaselineEntry) -> Finding {
    let BaselineEntry { file, code, count, found, .. } = entry;
    let times =
        if *count == 1 { String::new() } else { format!(" {count} times, and finds it {found} times") };
    let message = format!("the baseline hides `{code}` in `{file}`{times}");
    let finding = Finding::new(entry.span, message).labelled("this is mended");
    finding.help("write the baseline anew, with `--write-baseline`")
}
