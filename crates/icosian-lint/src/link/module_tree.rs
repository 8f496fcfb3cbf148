//! The modules of a library that are part of some build other than a test.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

use crate::{SourceText, source};

/// The modules of a library.
#[derive(Default)]
pub(crate) struct LibraryModules {
    /// The inline modules, by file and line of the name. The value is set if a `#[cfg(..)]` above the module, or above a module
    /// around it, may disable it.
    pub(crate) inline: HashMap<(PathBuf, usize), bool>,
    /// The files, as full paths.
    pub(crate) files: BTreeSet<PathBuf>,
}

/// Returns the modules of the library whose first file is `root`.
///
/// A module is omitted if it is not certain: below a `cfg` on tests, or with a path that a `cfg` may disable.
pub(crate) fn modules(root: &Path) -> LibraryModules {
    let mut walk = ModuleWalk::default();
    walk.file(root, ModuleFolder::Beside);
    // A file behind a `cfg` may also be a module without one, so that these files come last.
    walk.is_conditional = true;
    while let Some((file, folder)) = walk.conditional.pop() {
        walk.file(&file, folder);
    }
    walk.modules
}

#[derive(Default)]
struct ModuleWalk {
    modules: LibraryModules,
    /// Files behind a `cfg`, to be read after all others.
    conditional: Vec<(PathBuf, ModuleFolder)>,
    is_conditional: bool,
}

impl ModuleWalk {
    /// Reads a file. The modules of a root, or of a `mod.rs`, are beside it; the modules of other files are in a folder of its name.
    fn file(&mut self, named: &Path, modules: ModuleFolder) {
        let Ok(file) = named.canonicalize() else { return };
        // Reading a pipe or a device may block forever.
        if !file.is_file() || !self.modules.files.insert(file.clone()) {
            return;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { return };
        let source = SourceText::new(&file, text);
        let found = source::with_items(&source, |items, attributes| {
            let mut found = FileModules::default();
            if attributes.iter().all(|it| !concerns_tests(it)) {
                let is_conditional = self.is_conditional || attributes.iter().any(is_condition);
                found.items(
                    items,
                    &mut Vec::new(),
                    if is_conditional { Presence::Conditional } else { Presence::Always },
                );
            }
            found
        });
        let Some(found) = found else { return };
        let lines =
            found.lines.into_iter().map(|(line, is_conditional)| ((file.clone(), line), is_conditional));
        self.modules.inline.extend(lines);
        // The compiler searches modules beside the name of the file, which may be a symbolic link.
        let Some(folder) = named.parent() else { return };
        let own = match named.file_stem() {
            Some(stem) if modules == ModuleFolder::OfName && stem != "mod" => folder.join(stem),
            _ => folder.to_owned(),
        };
        for FileModule { within, name, path, is_conditional } in found.files {
            let mut visit = |file: PathBuf, folder| {
                if is_conditional && !self.is_conditional {
                    self.conditional.push((file, folder));
                } else {
                    self.file(&file, folder);
                }
            };
            if let Some(path) = path {
                // Inside inline modules the path is relative to another folder, which is too rare to be resolved.
                if within.is_empty() {
                    visit(folder.join(path), ModuleFolder::Beside);
                }
                continue;
            }
            let below = within.iter().fold(own.clone(), |folder, name| folder.join(name));
            visit(below.join(format!("{name}.rs")), ModuleFolder::OfName);
            visit(below.join(&name).join("mod.rs"), ModuleFolder::OfName);
        }
    }
}

/// The folder of a file's modules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ModuleFolder {
    /// The folder of the file.
    Beside,
    /// A folder with the file's name, except for a `mod.rs`.
    OfName,
}

/// The builds that include an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Always,
    /// A `cfg` decides.
    Conditional,
}

/// The modules in a file.
#[derive(Default)]
struct FileModules {
    /// The lines of inline modules. The flag is set for a module behind a `cfg`.
    lines: Vec<(usize, bool)>,
    files: Vec<FileModule>,
}

/// A module in another file.
struct FileModule {
    /// The inline modules around it.
    within: Vec<String>,
    name: String,
    /// The value of its `#[path = ".."]`.
    path: Option<String>,
    is_conditional: bool,
}

impl FileModules {
    fn items(&mut self, items: &[Item], within: &mut Vec<String>, presence: Presence) {
        for item in items {
            let Item::Mod(module) = item else { continue };
            if module.attrs.iter().any(concerns_tests) {
                continue;
            }
            let presence =
                if module.attrs.iter().any(is_condition) { Presence::Conditional } else { presence };
            let is_conditional = presence == Presence::Conditional;
            let name = module.ident.unraw().to_string();
            if let Some((_, items)) = &module.content {
                self.lines.push((module.ident.span().start().line, is_conditional));
                within.push(name);
                self.items(items, within, presence);
                within.pop();
            } else {
                let (within, path) = (within.clone(), path(module));
                self.files.push(FileModule { within, name, path, is_conditional });
            }
        }
    }
}

/// Returns whether `attribute` may disable its item.
fn is_condition(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

/// Returns whether `attribute` may disable its item in builds other than tests, or sets its path conditionally.
fn concerns_tests(attribute: &Attribute) -> bool {
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
            ("orphan.rs", "mod orphaned {}\n"),
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
            .map(|((file, line), is_conditional)| {
                let file = file.strip_prefix(&root).unwrap().display();
                format!("{file}:{line}{}", if is_conditional { " behind cfg" } else { "" })
            })
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        found.sort();
        assert_eq!(
            found,
            [
                "a.rs:3 behind cfg",
                "a/inner.rs:1",
                "both.rs:1",
                "inline/deep/mod.rs:1",
                "inline/deep/next.rs:1",
                "inner.rs:2 behind cfg",
                "lib.rs:2",
                "odd/beside.rs:1",
                "odd/p.rs:1",
                "some.rs:1 behind cfg",
                "some/deeper.rs:1 behind cfg",
            ]
        );
    }
}
