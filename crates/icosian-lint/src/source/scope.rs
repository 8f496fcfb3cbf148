//! The names in scope in the modules of a file.

use std::collections::{HashMap, HashSet};

use icosian_rules::{Fact, SpanId};
use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, Fields, ImplItem, Item, ItemImpl, Member, Path, PathSegment, Signature,
    StaticMutability, Token, Type, TypePath, UseTree, Visibility,
};

use super::Spans;
use icosian_syntax::written_type::bare;

/// The modules of a file; the first is the file itself.
#[derive(Default)]
pub(super) struct Scopes<'ast> {
    all: Vec<NameScope>,
    /// The functions of all modules, and those of `impl` blocks.
    functions: Vec<DeclaredFunction<'ast>>,
    /// The functions of types, by the names of both; `None` where several are called so.
    methods: HashMap<(String, String), Option<usize>>,
    /// The fields of structs, with the module around them; `None` where several structs are called so.
    structs: HashMap<String, Option<(usize, &'ast Fields)>>,
}

/// A function with a body.
#[derive(Clone, Copy)]
pub(super) struct DeclaredFunction<'ast> {
    pub(super) module: usize,
    pub(super) signature: &'ast Signature,
    pub(super) block: &'ast Block,
    /// The type of the `impl` block around it.
    pub(super) of: Option<&'ast Type>,
}

/// The names of one module.
#[derive(Default)]
pub(super) struct NameScope {
    parent: Option<usize>,
    modules: HashMap<String, usize>,
    /// The full paths that `use` items import, by their local names.
    imports: HashMap<String, Vec<String>>,
    /// The paths of glob imports: `use path::*`.
    globs: Vec<Vec<String>>,
    /// The names of the items that the module declares.
    items: HashSet<String>,
    /// Mutable statics.
    states: HashMap<String, SpanId>,
    /// The positions of functions, by name; `None` if a `#[cfg(..)]` selects one of several.
    functions: HashMap<String, Option<usize>>,
    /// Ambiguous names: a `#[cfg(..)]` selects one of several meanings.
    unsure: HashSet<String>,
}

/// The limit for a chain of `use` items.
const FOLLOWED: usize = 16;

impl<'ast> Scopes<'ast> {
    /// Adds a module with `items`, and those in it; returns its position.
    pub(super) fn add(&mut self, parent: Option<usize>, items: &'ast [Item], spans: &mut Spans<'_>) -> usize {
        let own = self.all.len();
        self.all.push(NameScope { parent, ..NameScope::default() });
        for item in items {
            self.declare(own, item, spans);
        }
        own
    }

    /// Adds the names that `item` declares to a module, without the items of an inline module.
    pub(super) fn declare(&mut self, own: usize, item: &'ast Item, spans: &mut Spans<'_>) {
        let scope = &mut self.all[own];
        let name = match item {
            Item::Use(item) => {
                let mut path = Vec::new();
                if item.leading_colon.is_some() {
                    path.push(String::new());
                }
                scope.import(&item.tree, &mut path);
                return;
            }
            Item::Static(item) => {
                let is_mut = matches!(item.mutability, StaticMutability::Mut(_));
                if is_mut || may_change(&item.ty) {
                    scope.states.insert(item.ident.unraw().to_string(), spans.of(&item.ident));
                }
                &item.ident
            }
            Item::Macro(item) => {
                for (name, written) in statics(&item.mac) {
                    if may_change(&written) {
                        scope.states.insert(name.unraw().to_string(), spans.of(&name));
                    }
                    scope.items.insert(name.unraw().to_string());
                }
                return;
            }
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => {
                let name = item.sig.ident.unraw().to_string();
                let function =
                    DeclaredFunction { module: own, signature: &item.sig, block: &item.block, of: None };
                let position = self.functions.len();
                self.functions.push(function);
                let is_only = !scope.functions.contains_key(&name);
                scope.functions.insert(name, is_only.then_some(position));
                &item.sig.ident
            }
            Item::Impl(item) => {
                self.declare_methods(own, item);
                return;
            }
            Item::Mod(item) => &item.ident,
            Item::Struct(item) => {
                let fields = self.structs.entry(item.ident.unraw().to_string());
                fields.and_modify(|known| *known = None).or_insert(Some((own, &item.fields)));
                &item.ident
            }
            Item::Trait(item) => &item.ident,
            Item::Type(item) => {
                if let Type::Path(TypePath { qself: None, path, .. }) = bare(&item.ty) {
                    let full = written(path);
                    scope.bring(item.ident.unraw().to_string(), full);
                    return;
                }
                &item.ident
            }
            Item::Union(item) => &item.ident,
            Item::ExternCrate(item) => {
                if let Some((_, rename)) = &item.rename {
                    scope.bring(rename.unraw().to_string(), vec![item.ident.unraw().to_string()]);
                }
                return;
            }
            _ => return,
        };
        let name = name.unraw().to_string();
        if scope.imports.contains_key(&name) {
            scope.unsure.insert(name.clone());
        }
        scope.items.insert(name);
    }

    fn declare_methods(&mut self, own: usize, item: &'ast ItemImpl) {
        let Type::Path(TypePath { qself: None, path, .. }) = bare(&item.self_ty) else { return };
        let Some(of) = path.segments.last() else { return };
        for item_fn in &item.items {
            let ImplItem::Fn(function) = item_fn else { continue };
            let key = (of.ident.unraw().to_string(), function.sig.ident.unraw().to_string());
            let declared = DeclaredFunction {
                module: own,
                signature: &function.sig,
                block: &function.block,
                of: Some(&item.self_ty),
            };
            let position = self.functions.len();
            self.functions.push(declared);
            self.methods.entry(key).and_modify(|known| *known = None).or_insert(Some(position));
        }
    }

    /// Adds the inline module `name` of `parent`, which is at `position`.
    pub(super) fn nest(&mut self, parent: usize, name: String, position: usize) {
        if self.all[parent].modules.insert(name.clone(), position).is_some() {
            self.all[parent].unsure.insert(name);
        }
    }

    /// Returns the function at a position.
    pub(super) fn declared(&self, position: usize) -> Option<DeclaredFunction<'ast>> {
        self.functions.get(position).copied()
    }

    /// Returns the position of the function of this file that `path` names.
    pub(super) fn function(&self, module: usize, path: &Path) -> Option<usize> {
        let segments = written(path);
        let (name, before) = segments.split_last()?;
        if let Some(of) = before.last()
            && of.starts_with(char::is_uppercase)
        {
            let resolved = self.resolve(module, path);
            let owner = resolved.known()?.strip_prefix("crate::")?.rsplit_once("::")?.0.to_owned();
            return self.method(&owner, name);
        }
        let found =
            self.locate(module, before, name, FOLLOWED, &|scope, name| scope.functions.contains_key(name))?;
        self.all.get(found.0)?.functions.get(&found.1).copied().flatten()
    }

    /// Returns the position of a function of the type `of` of this file.
    pub(super) fn method(&self, of: &str, name: &str) -> Option<usize> {
        let of = of.rsplit("::").next().unwrap_or(of);
        self.methods.get(&(of.to_owned(), name.to_owned())).copied().flatten()
    }

    /// Returns the written type of a field of the struct `of` of this file, and the module around that.
    pub(super) fn field(&self, of: &str, member: &Member) -> Option<(usize, &'ast Type)> {
        let (module, fields) = (*self.structs.get(of.strip_prefix("crate::")?)?)?;
        let found = fields.iter().enumerate().find(|(at, field)| match member {
            Member::Named(name) => field.ident.as_ref() == Some(name),
            Member::Unnamed(index) => index.index as usize == *at,
        });
        found.map(|(_, field)| (module, &field.ty))
    }

    /// Returns the module around a module.
    pub(super) fn parent(&self, module: usize) -> Option<usize> {
        self.all.get(module)?.parent
    }

    /// Returns the full path of `path` in a module, or unknown if the file does not determine it.
    pub(super) fn resolve(&self, module: usize, path: &Path) -> Fact<String> {
        self.follow(module, written(path), FOLLOWED).into()
    }

    /// Resolves a path like [`resolve`](Self::resolve), given as text.
    pub(super) fn resolve_text(&self, module: usize, path: &str) -> Fact<String> {
        self.follow(module, path.split("::").map(str::to_owned).collect(), FOLLOWED).into()
    }

    fn follow(&self, module: usize, mut path: Vec<String>, left: usize) -> Option<String> {
        let scope = self.all.get(module)?;
        let left = left.checked_sub(1)?;
        let first = path.first()?.clone();
        if scope.unsure.contains(&first) {
            return None;
        }
        match first.as_str() {
            "" => {
                path.remove(0);
                return Some(path.join("::"));
            }
            "crate" => return Some(path.join("::")),
            "self" if path.len() > 1 => {
                path.remove(0);
                return self.follow(module, path, left);
            }
            "super" if path.len() > 1 => {
                path.remove(0);
                return match scope.parent {
                    Some(parent) => self.follow(parent, path, left),
                    None => Some(format!("super::{}", path.join("::"))),
                };
            }
            _ => {}
        }
        if let Some(import) = scope.imports.get(&first) {
            let mut full = import.clone();
            full.extend(path.drain(1..));
            // `use tokio;` and `use tokio as tokio;` lead nowhere else.
            return if import[0] == first { Some(full.join("::")) } else { self.follow(module, full, left) };
        }
        if let Some(&inner) = scope.modules.get(&first)
            && path.len() > 1
        {
            path.remove(0);
            return self.follow(inner, path, left);
        }
        if scope.items.contains(&first) {
            return Some(format!("crate::{}", path.join("::")));
        }
        let mut leads_out = false;
        for glob in &scope.globs {
            if let Some(mut full) = brought(glob, &first) {
                full.extend(path.drain(1..));
                return Some(full.join("::"));
            }
            if glob.first().is_some_and(|first| first.starts_with("icosian")) {
                // Its prelude has no name that the rules know otherwise.
                continue;
            }
            match self.module(module, glob, left) {
                Some(inner) if self.knows(inner, &first, left) => return self.follow(inner, path, left),
                Some(_) => {}
                None => leads_out = true,
            }
        }
        // A path of several parts begins with a crate; a single name may come from wherever a `*` leads.
        (path.len() > 1 || !leads_out).then(|| path.join("::"))
    }

    /// Returns the module of this file that `path` leads to.
    fn module(&self, from: usize, path: &[String], left: usize) -> Option<usize> {
        let left = left.checked_sub(1)?;
        let Some((first, rest)) = path.split_first() else { return Some(from) };
        let scope = self.all.get(from)?;
        match first.as_str() {
            "self" => self.module(from, rest, left),
            "super" => self.module(scope.parent?, rest, left),
            name => self.module(*scope.modules.get(name)?, rest, left),
        }
    }

    /// Returns whether a module itself has the name, or has it from another module of this file.
    fn knows(&self, module: usize, name: &str, left: usize) -> bool {
        let (Some(scope), Some(left)) = (self.all.get(module), left.checked_sub(1)) else { return false };
        scope.imports.contains_key(name)
            || scope.items.contains(name)
            || scope.globs.iter().any(|glob| {
                brought(glob, name).is_some()
                    || self.module(module, glob, left).is_some_and(|inner| self.knows(inner, name, left))
            })
    }

    /// Returns whether the first module itself brings the first part of `path`.
    pub(super) fn known_first(&self, path: &Path) -> bool {
        let (Some(scope), Some(first)) = (self.all.first(), path.segments.first()) else { return false };
        let first = first.ident.unraw().to_string();
        path.leading_colon.is_none() && (scope.imports.contains_key(&first) || scope.items.contains(&first))
    }

    /// Returns where the static that may change and that `path` names is declared.
    pub(super) fn state(&self, module: usize, path: &Path) -> Option<SpanId> {
        self.state_of(module, &written(path))
    }

    /// Resolves a path like [`resolve`](Self::resolve), given as text.
    pub(super) fn state_text(&self, module: usize, path: &str) -> Option<SpanId> {
        self.state_of(module, &path.split("::").map(str::to_owned).collect::<Vec<_>>())
    }

    fn state_of(&self, module: usize, path: &[String]) -> Option<SpanId> {
        let (name, before) = path.split_last()?;
        let (module, name) =
            self.locate(module, before, name, FOLLOWED, &|scope, name| scope.states.contains_key(name))?;
        self.all.get(module)?.states.get(&name).copied()
    }

    /// Returns the module that declares an item, and its name there; `has` finds the kind of item.
    fn locate(
        &self,
        module: usize,
        before: &[String],
        name: &str,
        left: usize,
        has: &dyn Fn(&NameScope, &str) -> bool,
    ) -> Option<(usize, String)> {
        let left = left.checked_sub(1)?;
        let found = self.module(module, before, left)?;
        let scope = self.all.get(found)?;
        if scope.unsure.contains(name) {
            return None;
        }
        if has(scope, name) {
            return Some((found, name.to_owned()));
        }
        if let Some(import) = scope.imports.get(name) {
            let (name, before) = import.split_last()?;
            return self.locate(found, before, name, left, has);
        }
        if scope.items.contains(name) {
            return None;
        }
        scope.globs.iter().find_map(|glob| self.locate(found, glob, name, left, has))
    }
}

/// Returns the full path of a name that the glob import of a well-known module provides.
fn brought(glob: &[String], name: &str) -> Option<Vec<String>> {
    let is_diesel = glob == ["diesel", "prelude"];
    let is_connection = ["MysqlConnection", "PgConnection", "SqliteConnection"].contains(&name);
    (is_diesel && is_connection).then(|| vec!["diesel".to_owned(), name.to_owned()])
}

/// Returns the segments of a path; the first is empty if the path starts with `::`.
fn written(path: &Path) -> Vec<String> {
    let leading = path.leading_colon.map(|_| String::new());
    leading.into_iter().chain(path.segments.iter().map(|it| it.ident.unraw().to_string())).collect()
}

/// Returns the statics that `thread_local!` and `lazy_static!` declare.
fn statics(called: &syn::Macro) -> Vec<(syn::Ident, syn::Type)> {
    let declares = called
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == "thread_local" || last.ident == "lazy_static");
    if !declares {
        return Vec::new();
    }
    let read = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            input.call(Attribute::parse_outer)?;
            input.parse::<Visibility>()?;
            input.parse::<Token![static]>()?;
            input.parse::<Option<Token![ref]>>()?;
            let name = input.parse()?;
            input.parse::<Token![:]>()?;
            found.push((name, input.parse()?));
            while !input.is_empty() && !input.peek(Token![;]) {
                input.parse::<TokenTree>()?;
            }
            input.parse::<Option<Token![;]>>()?;
        }
        Ok(found)
    };
    called.parse_body_with(read).unwrap_or_default()
}

impl NameScope {
    /// Adds an import of `full` as `name`. A second import with another path makes the name ambiguous.
    fn bring(&mut self, name: String, full: Vec<String>) {
        let is_other = self.imports.get(&name).is_some_and(|known| *known != full);
        if is_other || self.items.contains(&name) {
            self.unsure.insert(name.clone());
        }
        self.imports.insert(name, full);
    }

    fn import(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.unraw().to_string());
                self.import(&tree.tree, path);
                path.pop();
            }
            UseTree::Name(tree) => {
                let name = tree.ident.unraw().to_string();
                // `use a::{self}` imports `a`.
                let (name, full) = match path.last() {
                    Some(last) if name == "self" => (last.clone(), path.clone()),
                    _ => (name.clone(), [path.as_slice(), &[name]].concat()),
                };
                self.bring(name, full);
            }
            UseTree::Rename(tree) => {
                let name = tree.ident.unraw().to_string();
                let full = if name == "self" { path.clone() } else { [path.as_slice(), &[name]].concat() };
                if !full.is_empty() {
                    self.bring(tree.rename.unraw().to_string(), full);
                }
            }
            UseTree::Glob(_) => self.globs.push(path.clone()),
            UseTree::Group(tree) => {
                for tree in &tree.items {
                    self.import(tree, path);
                }
            }
        }
    }
}

/// Types with interior mutability.
const CELLS: [&str; 5] = ["Cell", "Mutex", "RefCell", "RwLock", "UnsafeCell"];

/// Returns whether a `static` of this type is mutable.
fn may_change(written: &Type) -> bool {
    struct FindCell(bool);
    impl<'ast> Visit<'ast> for FindCell {
        fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
            let name = segment.ident.to_string();
            let is_atomic =
                name.strip_prefix("Atomic").is_some_and(|rest| rest.starts_with(char::is_uppercase));
            self.0 |= CELLS.contains(&name.as_str()) || is_atomic;
            visit::visit_path_segment(self, segment);
        }
    }
    let mut find = FindCell(false);
    find.visit_type(written);
    find.0
}
