/// The adapters that the linter can check dataflows under.
pub(crate) const ADAPTERS: [&str; 3] = ["sync", "rayon", "tokio"];

/// Returns the adapters that `name` selects: one of icosian's own, or `all` of them.
///
/// # Examples
/// ```
/// use icosian_lint::select_adapters;
///
/// assert_eq!(select_adapters("tokio"), Some(vec!["tokio".to_owned()]));
/// assert_eq!(select_adapters("all").map(|all| all.len()), Some(3));
/// assert_eq!(select_adapters("my-own"), None);
/// ```
#[must_use]
pub fn select_adapters(name: &str) -> Option<Vec<String>> {
    let is_selected = |adapter: &&&str| name == "all" || name == **adapter;
    let selected: Vec<_> = ADAPTERS.iter().filter(is_selected).map(ToString::to_string).collect();
    (!selected.is_empty()).then_some(selected)
}
