use std::collections::HashMap;

use syn::{Expr, Item, ItemMod, Lit, Meta};

use super::imports::{Import, ModuleCode, Reference, ReferenceKind};
use crate::tidy::source::{SourceFile, is_test};

/// The module tree of a crate.
#[derive(Debug, Default)]
pub(super) struct ModuleTree {
    /// The root is the first.
    modules: Vec<SourceModule>,
}

#[derive(Debug)]
struct SourceModule {
    /// The file that contains it: an index into the sources.
    file: usize,
    parent: Option<usize>,
    names: HashMap<String, Vec<NameBinding>>,
    /// The paths of its `use path::*`.
    globs: Vec<Vec<String>>,
    references: Vec<Reference>,
}

/// The meaning of a name in a module. A name has several meanings if they are in several namespaces.
#[derive(Debug, Clone)]
enum NameBinding {
    Module(usize),
    /// An item, defined in this module.
    Item(usize),
    /// An imported name.
    Import(Vec<String>),
}

/// The target of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ImportTarget {
    Module(usize),
    /// An item of this module.
    Item(usize),
}

/// A folder with the child modules of a module, and the folder to which `#[path]` is relative.
#[derive(Debug, Clone)]
struct Folders {
    children: String,
    file: String,
}

impl ModuleTree {
    /// Reads the crate with this root file: an index into the sources. A file that does not parse has no imports; the compiler
    /// reports it.
    pub(super) fn read(sources: &[SourceFile], root: usize) -> Self {
        let mut modules = Self::default();
        modules.read_file(sources, root, None);
        modules
    }

    /// The number of files, and all imports between two of them, in the order of files and lines.
    pub(super) fn imports(&self) -> (usize, Vec<Import>) {
        let mut imports = Vec::new();
        for (index, module) in self.modules.iter().enumerate() {
            for reference in &module.references {
                for target in self.resolve(index, &reference.path, &mut Vec::new()) {
                    imports.extend(self.import(index, reference, target));
                }
            }
        }
        imports.sort_by_key(|import| (import.from, import.line));
        let mut files: Vec<_> = self.modules.iter().map(|module| module.file).collect();
        files.dedup();
        files.sort_unstable();
        files.dedup();
        (files.len(), imports)
    }

    fn import(&self, from: usize, reference: &Reference, target: ImportTarget) -> Option<Import> {
        let (to, is_import) = match target {
            ImportTarget::Item(module) => (module, true),
            ImportTarget::Module(module) => (module, matches!(reference.kind, ReferenceKind::Glob { .. })),
        };
        let (file, target_file) = (self.modules[from].file, self.modules[to].file);
        let is_re_export = reference.kind.is_exported() && self.is_ancestor(from, to);
        (is_import && !is_re_export && file != target_file).then(|| Import {
            from: file,
            line: reference.line,
            item: if target == ImportTarget::Module(to) {
                "*".into()
            } else {
                self.item_name(&reference.path, from)
            },
            to: target_file,
        })
    }

    /// The name in a path that is the item, rather than a module before or a variant after it.
    fn item_name(&self, path: &[String], from: usize) -> String {
        let is_item = |length: &usize| {
            let targets = self.resolve(from, &path[..*length], &mut Vec::new());
            targets.iter().any(|target| matches!(target, ImportTarget::Item(_)))
        };
        let length = (1..=path.len()).find(is_item).unwrap_or(path.len());
        path[length - 1].clone()
    }

    fn is_ancestor(&self, ancestor: usize, module: usize) -> bool {
        std::iter::successors(self.modules[module].parent, |index| self.modules[*index].parent)
            .any(|parent| parent == ancestor)
    }

    fn read_file(&mut self, sources: &[SourceFile], file: usize, parent: Option<usize>) -> usize {
        let source = &sources[file];
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let owns_folder = parent.is_none() || source.name() == "mod.rs";
        let children = match source.path.strip_suffix(".rs") {
            Some(stem) if !owns_folder => stem,
            _ => folder,
        };
        let folders = Folders { children: children.to_owned(), file: folder.to_owned() };
        let items = syn::parse_file(&source.text).map(|parsed| parsed.items).unwrap_or_default();
        self.read_module(sources, file, parent, &items, &folders)
    }

    fn read_module(
        &mut self,
        sources: &[SourceFile],
        file: usize,
        parent: Option<usize>,
        items: &[Item],
        folders: &Folders,
    ) -> usize {
        let code = ModuleCode::read(items);
        let index = self.modules.len();
        let mut names: HashMap<String, Vec<NameBinding>> = HashMap::new();
        for name in code.items {
            names.entry(name).or_default().push(NameBinding::Item(index));
        }
        let mut globs = Vec::new();
        for reference in &code.references {
            match &reference.kind {
                ReferenceKind::Use { name, .. } => {
                    names.entry(name.clone()).or_default().push(NameBinding::Import(reference.path.clone()));
                }
                ReferenceKind::Glob { .. } => globs.push(reference.path.clone()),
                ReferenceKind::Path => {}
            }
        }
        self.modules.push(SourceModule { file, parent, names, globs, references: code.references });
        for name in code.exported_macros {
            self.modules[0].names.entry(name).or_default().push(NameBinding::Item(index));
        }
        for item in items {
            if let Item::Mod(item) = item
                && !is_test(&item.attrs)
                && let Some(child) = self.read_child(sources, file, index, item, folders)
            {
                let name = item.ident.to_string();
                self.modules[index].names.entry(name).or_default().push(NameBinding::Module(child));
            }
        }
        index
    }

    fn read_child(
        &mut self,
        sources: &[SourceFile],
        file: usize,
        parent: usize,
        item: &ItemMod,
        folders: &Folders,
    ) -> Option<usize> {
        let name = item.ident.to_string();
        if let Some((_, items)) = &item.content {
            let children = format!("{}/{name}", folders.children);
            let folders = Folders { file: children.clone(), children };
            return Some(self.read_module(sources, file, Some(parent), items, &folders));
        }
        let candidates = match path_attribute(item) {
            Some(path) => vec![format!("{}/{path}", folders.file)],
            None => {
                vec![format!("{}/{name}.rs", folders.children), format!("{}/{name}/mod.rs", folders.children)]
            }
        };
        let child = sources.iter().position(|source| candidates.contains(&source.path))?;
        Some(self.read_file(sources, child, Some(parent)))
    }

    /// Returns the targets of a path in a module; none if it leads to another crate. `visited` contains the names that are being
    /// resolved, since imports may refer to each other.
    fn resolve(
        &self,
        module: usize,
        path: &[String],
        visited: &mut Vec<(usize, String)>,
    ) -> Vec<ImportTarget> {
        let Some((first, mut rest)) = path.split_first() else { return Vec::new() };
        let mut targets = match first.as_str() {
            "crate" => vec![ImportTarget::Module(0)],
            "self" => vec![ImportTarget::Module(module)],
            "super" => self.parent(module),
            name => self.look_up(module, name, visited),
        };
        while let Some((name, after)) = rest.split_first() {
            let mut inner = Vec::new();
            for target in &targets {
                if let ImportTarget::Module(index) = target {
                    inner.extend(match name.as_str() {
                        "super" => self.parent(*index),
                        name => self.look_up(*index, name, visited),
                    });
                }
            }
            if inner.is_empty() {
                // The rest of the path is inside an item: a variant, or an associated item.
                targets.retain(|target| matches!(target, ImportTarget::Item(_)));
                break;
            }
            (targets, rest) = (inner, after);
        }
        targets
    }

    fn parent(&self, module: usize) -> Vec<ImportTarget> {
        self.modules[module].parent.map(ImportTarget::Module).into_iter().collect()
    }

    fn look_up(&self, module: usize, name: &str, visited: &mut Vec<(usize, String)>) -> Vec<ImportTarget> {
        let key = (module, name.to_owned());
        if visited.contains(&key) {
            return Vec::new();
        }
        visited.push(key);
        let mut targets = Vec::new();
        for binding in self.modules[module].names.get(name).into_iter().flatten() {
            match binding {
                NameBinding::Module(index) => targets.push(ImportTarget::Module(*index)),
                NameBinding::Item(index) => targets.push(ImportTarget::Item(*index)),
                NameBinding::Import(path) => targets.extend(self.resolve(module, path, visited)),
            }
        }
        if targets.is_empty() {
            for glob in &self.modules[module].globs {
                for target in self.resolve(module, glob, visited) {
                    if let ImportTarget::Module(index) = target {
                        targets.extend(self.look_up(index, name, visited));
                    }
                }
            }
        }
        visited.pop();
        targets
    }
}

/// The value of `#[path = ".."]`.
fn path_attribute(item: &ItemMod) -> Option<String> {
    item.attrs.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(path) => Some(path.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}
