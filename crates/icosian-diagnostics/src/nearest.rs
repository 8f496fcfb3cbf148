/// Longer names, in bytes, are not compared.
const MAX_LENGTH: usize = 100;

/// Returns the candidate that is most similar to the misspelt `name`.
///
/// A candidate qualifies if its Jaro-Winkler similarity exceeds 0.8, or if it differs by one edit. Names of more than a
/// hundred bytes, and candidates of a very different length, are not compared.
///
/// # Examples
/// ```
/// use icosian_diagnostics::nearest;
///
/// assert_eq!(nearest("spend_maen", ["spend_mean", "signups"]), Some("spend_mean"));
/// assert_eq!(nearest("rates", ["spend_mean", "signups"]), None);
/// ```
///
/// Similarity: Winkler, "String Comparator Metrics", 1990.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let has_similar_length = |candidate: &&str| candidate.len().abs_diff(name.len()) <= 1 + name.len() / 3;
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter(has_similar_length)
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, candidate)| {
            *similarity > 0.8 || name.len() > 2 && strsim::osa_distance(name, candidate) <= 1
        })
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}
