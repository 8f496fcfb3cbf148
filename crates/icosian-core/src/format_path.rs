use crate::Name;

/// The number of names printed at each end of a long path.
const END: usize = 8;

/// Formats a path of names in the direction of the data: `a` → `b` means that `b` reads `a`. A long path is abbreviated.
///
/// # Examples
/// ```
/// use icosian_core::{Name, format_path};
///
/// assert_eq!(format_path(&["a", "b", "c"].map(Name::from)), "`a` → `b` → `c`");
///
/// let long: Vec<Name> = (0..1_000).map(|at| Name::from(format!("n{at}"))).collect();
/// assert!(format_path(&long).contains("`n7` → … 984 more … → `n992`"));
/// ```
#[must_use]
pub fn format_path(path: &[Name]) -> String {
    let shown = |names: &[Name]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ");
    if path.len() <= 2 * END + 1 {
        return shown(path);
    }
    let (start, end) = (&path[..END], &path[path.len() - END..]);
    format!("{} → … {} more … → {}", shown(start), path.len() - 2 * END, shown(end))
}
