//! The modules of a library: those that some build has which is no test.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

use crate::{SourceText, source};

/// Returns the inline modules of the library whose first file is `root`, each by its file and the line of its name.
///
/// A module is left out where nobody can be sure: below a `cfg` that speaks of tests, or where a path is only sometimes there.
pub(super) fn modules(root: &Path) -> HashSet<(PathBuf, usize)> {
    let mut walk = Walk::default();
    walk.file(root, true);
    walk.found
}

#[derive(Default)]
struct Walk {
    found: HashSet<(PathBuf, usize)>,
    seen: HashSet<PathBuf>,
}

impl Walk {
    /// Looks at a file. The modules of one that `is_root` (or is a `mod.rs`) lie beside it, those of others in a folder of its name.
    fn file(&mut self, file: &Path, is_root: bool) {
        let Ok(file) = file.canonicalize() else { return };
        if !self.seen.insert(file.clone()) {
            return;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { return };
        let source = SourceText::new(&file, text);
        let found = source::with_items(&source, |items, attributes| {
            let mut found = Found::default();
            if attributes.iter().all(|it| !speaks_of_tests(it)) {
                found.items(items, &mut Vec::new());
            }
            found
        });
        let Some(found) = found else { return };
        self.found.extend(found.lines.into_iter().map(|line| (file.clone(), line)));
        let Some(folder) = file.parent() else { return };
        let own = match file.file_stem() {
            Some(stem) if !is_root && stem != "mod" => folder.join(stem),
            _ => folder.to_owned(),
        };
        for (within, name, path) in found.files {
            if let Some(path) = path {
                // Inside inline modules it is seen from elsewhere, which is too rare to be followed.
                if within.is_empty() {
                    self.file(&folder.join(path), true);
                }
                continue;
            }
            let below = within.iter().fold(own.clone(), |folder, name| folder.join(name));
            self.file(&below.join(format!("{name}.rs")), false);
            self.file(&below.join(&name).join("mod.rs"), false);
        }
    }
}

/// What a file has.
#[derive(Default)]
struct Found {
    lines: Vec<usize>,
    /// Modules in other files: the inline modules around each, its name, and the path that is written above it.
    files: Vec<(Vec<String>, String, Option<String>)>,
}

impl Found {
    fn items(&mut self, items: &[Item], within: &mut Vec<String>) {
        for item in items {
            let Item::Mod(module) = item else { continue };
            if module.attrs.iter().any(speaks_of_tests) {
                continue;
            }
            let name = module.ident.unraw().to_string();
            match &module.content {
                Some((_, items)) => {
                    self.lines.push(module.ident.span().start().line);
                    within.push(name);
                    self.items(items, within);
                    within.pop();
                }
                None => self.files.push((within.clone(), name, path(module))),
            }
        }
    }
}

/// Returns whether `attribute` may leave out what is below it unless tests are built, or says where it is only sometimes.
fn speaks_of_tests(attribute: &Attribute) -> bool {
    let of = |name: &str| attribute.path().is_ident(name);
    let words = || attribute.meta.to_token_stream().to_string();
    let has = |word: &str| words().split(|it: char| !it.is_alphanumeric() && it != '_').any(|it| it == word);
    (of("cfg") || of("cfg_attr")) && (has("test") || has("doctest") || has("doc"))
        || of("cfg_attr") && has("path")
}

fn path(module: &ItemMod) -> Option<String> {
    module.attrs.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(value) if value.path.is_ident("path") => match &value.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::modules;

    #[test]
    fn modules_are_found_where_the_compiler_finds_them() {
        let folder = std::env::temp_dir().join(format!("icosian-tree-{}", std::process::id()));
        let files = [
            (
                "lib.rs",
                "mod a; #[cfg(test)] mod t; #[path = \"odd/p.rs\"] mod p;\nmod inline {\n mod deep; }\n#[cfg(any(test, feature = \"x\"))] mod x {}\n",
            ),
            ("a.rs", "mod inner;\n#[cfg(feature = \"x\")]\nmod flow {}\n"),
            ("a/inner.rs", "mod one {}\n"),
            ("odd/p.rs", "mod two {} mod beside;\n"),
            ("odd/beside.rs", "mod three {}\n"),
            ("inline/deep/mod.rs", "mod four {} mod next;\n"),
            ("inline/deep/next.rs", "mod five {}\n"),
            ("t.rs", "mod of_tests {}\n"),
            ("orphan.rs", "mod nobodys {}\n"),
        ];
        for (file, text) in files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let root = folder.canonicalize().unwrap();
        let mut found: Vec<_> = modules(&folder.join("lib.rs"))
            .into_iter()
            .map(|(file, line)| format!("{}:{line}", file.strip_prefix(&root).unwrap().display()))
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        found.sort();
        assert_eq!(
            found,
            [
                "a.rs:3",
                "a/inner.rs:1",
                "inline/deep/mod.rs:1",
                "inline/deep/next.rs:1",
                "lib.rs:2",
                "odd/beside.rs:1",
                "odd/p.rs:1",
            ]
        );
    }
}
