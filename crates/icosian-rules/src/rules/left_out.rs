/// A rule that is planned and is not there, with the reason.
///
/// # Examples
/// See [`left_out`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The code that is kept for it.
    pub code: &'static str,
    /// The name that is kept for it.
    pub name: &'static str,
    /// Why it is not there.
    pub reason: &'static str,
}

const fn out(code: &'static str, name: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { code, name, reason }
}

const LEFT_OUT: [LeftOut; 5] = [
    out(
        "ICO0208",
        "cancel-unsafe-under-timeout",
        "whether a value outlives the node needs types, which source does not tell",
    ),
    out("ICO0502", "config-variants-gap", "which values config has is known when a driver is built"),
    out("ICO0202", "lock-held-across-await", "clippy's `await_holding_lock` sees types"),
    out("ICO0203", "refcell-held-across-await", "clippy's `await_holding_refcell_ref` sees types"),
    out("ICO0207", "large-future", "clippy's `large_futures` sees sizes"),
];

/// Returns the rules that have a code and are not there.
///
/// # Examples
/// ```
/// let large = icosian_rules::left_out().iter().find(|it| it.name == "large-future");
/// assert!(large.is_some_and(|it| it.reason.contains("clippy")));
/// ```
#[must_use]
pub fn left_out() -> &'static [LeftOut] {
    &LEFT_OUT
}
