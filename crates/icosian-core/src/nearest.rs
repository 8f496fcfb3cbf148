/// The length above which names are not compared.
const LONGEST: usize = 100;

/// Returns the candidate that is most similar to the misspelt `name`, if one is similar enough.
///
/// A candidate is similar enough if its Jaro-Winkler similarity exceeds 0.8 or if it differs by one letter. Names of more than a
/// hundred bytes, and candidates of a very different length, are not compared.
///
/// # Examples
/// ```
/// use icosian_core::nearest;
///
/// assert_eq!(nearest("spend_maen", ["spend_mean", "signups"]), Some("spend_mean"));
/// assert_eq!(nearest("rates", ["spend_mean", "signups"]), None);
/// ```
///
/// Similarity after Winkler, "String Comparator Metrics", 1990.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fits = |candidate: &&'a str| {
        *candidate != name && candidate.len().abs_diff(name.len()) <= 1 + name.len() / 3
    };
    (name.len() <= LONGEST)
        .then_some(candidates)
        .into_iter()
        .flatten()
        .filter(fits)
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, candidate)| {
            *similarity > 0.8 || strsim::osa_distance(name, candidate) <= 1 && name.len() > 2
        })
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}
