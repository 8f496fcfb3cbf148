use icosian_rules::RemoteFinding;

/// Merges the findings under several adapters. Findings that differ only in the adapter's name are one finding.
///
/// A merged finding has the text of the first adapter. It lists its adapters, unless it holds under all of them and its text
/// names none.
pub(super) fn merge(adapters: &[String], findings: Vec<Vec<RemoteFinding>>) -> Vec<RemoteFinding> {
    let mut merged: Vec<(RemoteFinding, RemoteFinding)> = Vec::new();
    for (adapter, findings) in adapters.iter().zip(findings) {
        for finding in findings {
            let neutral = remove_adapter_name(&finding, adapter);
            match merged.iter_mut().find(|(_, known)| *known == neutral) {
                Some((known, _)) if known.adapters.contains(adapter) => {}
                Some((known, _)) => known.adapters.push(adapter.clone()),
                None => merged.push((RemoteFinding { adapters: vec![adapter.clone()], ..finding }, neutral)),
            }
        }
    }
    let merged = merged.into_iter().map(|(mut finding, neutral)| {
        if finding.adapters.len() == adapters.len() && finding.message == neutral.message {
            finding.adapters.clear();
        }
        finding
    });
    merged.collect()
}

/// Returns the finding with a placeholder for the name of `adapter`.
fn remove_adapter_name(finding: &RemoteFinding, adapter: &str) -> RemoteFinding {
    let name = format!("`{adapter}`");
    let neutral = |text: &str| text.replace(&name, "``");
    let mut finding = finding.clone();
    finding.message = neutral(&finding.message);
    finding.help = finding.help.as_deref().map(neutral);
    for spot in &mut finding.spots {
        spot.text = neutral(&spot.text);
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn finding_under_all_adapters_lists_no_adapter() {
        let (both, one) = (RemoteFinding::new("A", "both"), RemoteFinding::new("B", "one"));
        let findings = vec![vec![both.clone(), one.clone()], vec![both.clone()]];
        let merged = merge(&names(&["sync", "tokio"]), findings);
        assert_eq!(merged, [both, RemoteFinding { adapters: names(&["sync"]), ..one }]);
    }

    #[test]
    fn findings_that_differ_in_adapter_name_are_merged() {
        let finding =
            |adapter: &str| vec![RemoteFinding::new("A", format!("adapter `{adapter}` runs no async nodes"))];
        let merged = merge(&names(&["rayon", "sync"]), vec![finding("rayon"), finding("sync")]);
        let expect = RemoteFinding { adapters: names(&["rayon", "sync"]), ..finding("rayon").remove(0) };
        assert_eq!(merged, [expect]);
    }
}
