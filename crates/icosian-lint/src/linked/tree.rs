//! The modules of a library: those that some build has which is no test.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

use crate::{SourceText, source};

/// What a library has.
#[derive(Default)]
pub(super) struct Modules {
    /// Its inline modules, each by its file and the line of its name, and whether it is there only sometimes: a `#[cfg(..)]` stands
    /// above it, or above a module around it.
    pub(super) inline: HashMap<(PathBuf, usize), bool>,
    /// Its files, as full paths.
    pub(super) files: BTreeSet<PathBuf>,
}

/// Returns the modules of the library whose first file is `root`.
///
/// A module is left out where nobody can be sure: below a `cfg` that speaks of tests, or where a path is only sometimes there.
pub(super) fn modules(root: &Path) -> Modules {
    let mut walk = Walk::default();
    walk.file(root, true);
    // A file that is there sometimes may also be there always.
    walk.is_sometimes = true;
    while let Some((file, is_root)) = walk.sometimes.pop() {
        walk.file(&file, is_root);
    }
    walk.modules
}

#[derive(Default)]
struct Walk {
    modules: Modules,
    /// Files that are there only sometimes, for when all others were seen; whether their modules lie beside them.
    sometimes: Vec<(PathBuf, bool)>,
    is_sometimes: bool,
}

impl Walk {
    /// Reads a file. The modules of a root, or of a `mod.rs`, are beside it; the modules of other files are in a folder of its name.
    fn file(&mut self, named: &Path, is_root: bool) {
        let Ok(file) = named.canonicalize() else { return };
        // Reading a pipe or a device may block forever.
        if !file.is_file() || !self.modules.files.insert(file.clone()) {
            return;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { return };
        let source = SourceText::new(&file, text);
        let found = source::with_items(&source, |items, attributes| {
            let mut found = Found::default();
            if attributes.iter().all(|it| !speaks_of_tests(it)) {
                let is_sometimes = self.is_sometimes || attributes.iter().any(is_condition);
                found.items(items, &mut Vec::new(), is_sometimes);
            }
            found
        });
        let Some(found) = found else { return };
        let lines = found.lines.into_iter().map(|(line, is_sometimes)| ((file.clone(), line), is_sometimes));
        self.modules.inline.extend(lines);
        // The compiler looks for modules beside the name that it was given, which may be a link.
        let Some(folder) = named.parent() else { return };
        let own = match named.file_stem() {
            Some(stem) if !is_root && stem != "mod" => folder.join(stem),
            _ => folder.to_owned(),
        };
        for Outer { within, name, path, is_sometimes } in found.files {
            let mut visit = |file: PathBuf, is_root| {
                if is_sometimes && !self.is_sometimes {
                    self.sometimes.push((file, is_root));
                } else {
                    self.file(&file, is_root);
                }
            };
            if let Some(path) = path {
                // Inside inline modules it is seen from elsewhere, which is too rare to be followed.
                if within.is_empty() {
                    visit(folder.join(path), true);
                }
                continue;
            }
            let below = within.iter().fold(own.clone(), |folder, name| folder.join(name));
            visit(below.join(format!("{name}.rs")), false);
            visit(below.join(&name).join("mod.rs"), false);
        }
    }
}

/// What a file has.
#[derive(Default)]
struct Found {
    /// The lines of inline modules, and whether each is there only sometimes.
    lines: Vec<(usize, bool)>,
    files: Vec<Outer>,
}

/// A module in another file.
struct Outer {
    /// The inline modules around it.
    within: Vec<String>,
    name: String,
    /// The path that is written above it.
    path: Option<String>,
    is_sometimes: bool,
}

impl Found {
    fn items(&mut self, items: &[Item], within: &mut Vec<String>, is_sometimes: bool) {
        for item in items {
            let Item::Mod(module) = item else { continue };
            if module.attrs.iter().any(speaks_of_tests) {
                continue;
            }
            let is_sometimes = is_sometimes || module.attrs.iter().any(is_condition);
            let name = module.ident.unraw().to_string();
            if let Some((_, items)) = &module.content {
                self.lines.push((module.ident.span().start().line, is_sometimes));
                within.push(name);
                self.items(items, within, is_sometimes);
                within.pop();
            } else {
                let (within, path) = (within.clone(), path(module));
                self.files.push(Outer { within, name, path, is_sometimes });
            }
        }
    }
}

/// Returns whether `attribute` may leave out what is below it.
fn is_condition(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
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
                "mod a; #[cfg(test)] mod t; #[path = \"odd/p.rs\"] mod p;\nmod inline {\n mod deep; }\n#[cfg(any(test, feature = \"x\"))] mod x {}\n\
                 #[cfg(unix)] mod both; #[path = \"both.rs\"] mod again;\n\
                 #[cfg_attr(unix, allow(unused))] mod some; mod inner;\n",
            ),
            ("a.rs", "mod inner;\n#[cfg(feature = \"x\")]\nmod flow {}\n"),
            ("a/inner.rs", "mod one {}\n"),
            ("odd/p.rs", "mod two {} mod beside;\n"),
            ("odd/beside.rs", "mod three {}\n"),
            ("inline/deep/mod.rs", "mod four {} mod next;\n"),
            ("inline/deep/next.rs", "mod five {}\n"),
            ("t.rs", "mod of_tests {}\n"),
            ("orphan.rs", "mod nobodys {}\n"),
            ("both.rs", "mod six {}\n"),
            ("some.rs", "mod seven {}\nmod deeper;\n"),
            ("some/deeper.rs", "mod eight {}\n"),
            ("inner.rs", "#![cfg(unix)]\nmod nine { mod ten {} }\n"),
        ];
        for (file, text) in files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let root = folder.canonicalize().unwrap();
        let mut found: Vec<_> = modules(&folder.join("lib.rs"))
            .inline
            .into_iter()
            .map(|((file, line), is_sometimes)| {
                let file = file.strip_prefix(&root).unwrap().display();
                format!("{file}:{line}{}", if is_sometimes { " sometimes" } else { "" })
            })
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        found.sort();
        assert_eq!(
            found,
            [
                "a.rs:3 sometimes",
                "a/inner.rs:1",
                "both.rs:1",
                "inline/deep/mod.rs:1",
                "inline/deep/next.rs:1",
                "inner.rs:2 sometimes",
                "lib.rs:2",
                "odd/beside.rs:1",
                "odd/p.rs:1",
                "some.rs:1 sometimes",
                "some/deeper.rs:1 sometimes",
            ]
        );
    }
}
