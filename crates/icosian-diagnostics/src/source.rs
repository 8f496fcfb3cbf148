//! The text of source files, and the byte range of a location in it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::Location;

/// Longer lines, in bytes, are not shown. Renderers count columns in 16 bits.
const MAX_LINE: usize = 2_000;

/// The text of a file. All errors that show the file share it.
pub(crate) type Source = Arc<String>;

/// Returns the text of the location's file, or `None` if the file cannot be read.
pub(crate) fn load(location: Location) -> Option<Source> {
    static LOADED: Mutex<Vec<(&'static str, Weak<String>)>> = Mutex::new(Vec::new());
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    loaded.retain(|(_, source)| source.strong_count() > 0);
    let cached = loaded.iter().find(|(file, _)| *file == location.file());
    cached.and_then(|(_, source)| source.upgrade()).or_else(|| {
        let source = Arc::new(read(location)?);
        loaded.push((location.file(), Arc::downgrade(&source)));
        Some(source)
    })
}

/// Reads the file from the package's folder or one of its ancestors.
///
/// The compiler names a file relative to the workspace, which is the package's folder or an ancestor of it. Without a
/// package, only the working directory is searched, because another project may have a file of the same name.
fn read(location: Location) -> Option<String> {
    let (start, depth) = match location.package() {
        "" => (".", 1),
        package => (package, usize::MAX),
    };
    let mut candidates = Path::new(start).ancestors().take(depth).map(|folder| folder.join(location.file()));
    candidates.find_map(|path| std::fs::read_to_string(path).ok())
}

/// Returns the start and the length of the location in bytes, or `None` if the file has changed since it was compiled.
pub(crate) fn byte_range(location: Location, source: &str) -> Option<(usize, usize)> {
    let start = match location.line().checked_sub(1)? as usize {
        0 => 0,
        before => source.match_indices('\n').nth(before - 1).map(|(offset, _)| offset + 1)?,
    };
    let line = source[start..].lines().next()?;
    let bytes = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
    let from = location.column().checked_sub(1)? as usize;
    let (from, to) = (bytes(from), bytes(from + location.width() as usize));
    // Locations are those of names, so any other text means that the file has changed.
    let is_name =
        |text: &str| text.chars().all(|character| character.is_alphanumeric() || "_#".contains(character));
    (from < line.len() && line.len() <= MAX_LINE && is_name(&line[from..to]))
        .then_some((start + from, to - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_resolves_to_bytes() {
        let source = "fn a() {}\nfn größe(x: &str) {}\n";
        let check = |line, column, width, expected: Option<&str>| {
            let range = byte_range(Location::new("x.rs", line, column, width), source);
            assert_eq!(range.map(|(at, length)| &source[at..at + length]), expected);
        };
        check(1, 4, 1, Some("a"));
        check(2, 4, 5, Some("größe"));
        check(2, 10, 1, Some("x"));
        check(2, 4, 6, None);
        check(2, 20, 9, None);
        check(3, 1, 1, None);
        check(9, 1, 1, None);
        check(0, 1, 1, None);
        check(1, 40, 1, None);
    }
}
