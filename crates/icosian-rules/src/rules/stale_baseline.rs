use crate::{BaselineEntry, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds baseline entries that hide more findings than the code has.
    ///
    /// The rule checks entries of linted files, and of deleted files whose folder still exists. It checks only rules
    /// that run on source. Findings of the linked check depend on the adapter and on config, so their entries are not
    /// checked.
    ///
    /// ## Rationale
    /// The entry would hide the next finding with the same message in the same file.
    ///
    /// ## Example
    /// The file has no such finding any more, or it was deleted:
    /// ```bad
    /// {
    ///   "version": 1,
    ///   "findings": {
    ///     "src/report.rs": {
    ///       "ICO0209 node `sent` does not wait for the work that `tokio::spawn` starts": 1
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// The file that `--write-baseline` writes now:
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
    let message = if *count == 1 {
        format!("the baseline hides a finding of `{code}` in `{file}` that no longer exists")
    } else {
        format!(
            "the baseline hides {count} findings of `{code}` in `{file}`, but the file has {found} of them"
        )
    };
    let finding = Finding::new(entry.span, message).labelled("fixed since the baseline was written");
    finding.help("write the baseline again with `--write-baseline`")
}
