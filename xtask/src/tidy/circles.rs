//! No import circle between the files of a crate.
//!
//! A file imports another file of its crate if a `use` or any other path in it resolves to an item of that file. The rule in
//! detail:
//!
//! - Paths resolve through imports and re-exports to the file that defines the item: `use crate::Plan` imports `plan.rs`, not
//!   `lib.rs`.
//! - `mod child;` and a re-export of a descendant (`pub use child::Item`, with any visibility) import nothing. A parent that uses
//!   an item of its child in its own code does import it, and so does a child that uses an item of its parent's file.
//! - The import of a module (`use crate::plan;`) imports nothing; a path through it (`plan::build()`) does.
//! - Code below `#[cfg(test)]`, the bodies of `macro_rules!`, attributes, and the tokens of `quote!` and its relatives are ignored.
//!   The arguments of all other macros count.
//!
//! Files that import each other, directly or through others, form a circle. The rule reports circles until the removal of one
//! import per circle would leave none, shortest first.

mod cycles;
mod imports;
mod modules;

use std::fmt::Write as _;

use super::problem::Problem;
use super::workspace::SourceTree;
use cycles::FileGraph;
use modules::ModuleTree;

/// Finds import circles.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    crate_roots(workspace).flat_map(|(_, root)| circles(workspace, &graph(workspace, root))).collect()
}

/// Describes the imports of each crate: files, imports and the longest chain.
pub(super) fn summary(workspace: &SourceTree) -> String {
    let mut text = String::new();
    let mut longest = (0, "");
    for (name, root) in crate_roots(workspace) {
        let graph = graph(workspace, root);
        if graph.import_count() == 0 {
            continue;
        }
        let chain = graph.longest_chain();
        if chain.len() > longest.0 {
            longest = (chain.len(), name);
        }
        let names: Vec<_> = chain.iter().map(|file| short(workspace, *file)).collect();
        _ = writeln!(
            text,
            "{name}: files {}, imports {}, longest import chain {}: {}",
            graph.file_count(),
            graph.import_count(),
            chain.len(),
            names.join(" > ")
        );
    }
    _ = writeln!(text, "longest import chain: {} files, in {}", longest.0, longest.1);
    text
}

/// The name and the root file of each crate: `src/lib.rs`, `src/main.rs` and `src/bin/*.rs` of each member.
fn crate_roots(workspace: &SourceTree) -> impl Iterator<Item = (&str, usize)> {
    workspace.sources.iter().enumerate().filter_map(|(index, source)| {
        let (member, file) = source.path.split_once("/src/")?;
        let is_root = matches!(file, "lib.rs" | "main.rs")
            || file.strip_prefix("bin/").is_some_and(|rest| !rest.contains('/'));
        is_root.then(|| (member.rsplit('/').next().unwrap_or(member), index))
    })
}

fn graph(workspace: &SourceTree, root: usize) -> FileGraph {
    let modules = ModuleTree::read(&workspace.sources, root);
    FileGraph::new(modules.imports())
}

fn circles(workspace: &SourceTree, graph: &FileGraph) -> Vec<Problem> {
    let describe = |cycle: Vec<imports::Import>| {
        let first = cycle.first().expect("a cycle has an import");
        let place = format!("{}:{}", workspace.sources[first.from].path, first.line);
        let links: Vec<_> = cycle
            .iter()
            .map(|import| {
                let (from, to) = (short(workspace, import.from), short(workspace, import.to));
                format!("{from}:{} uses `{}` of {to}", import.line, import.item)
            })
            .collect();
        let message = format!("is in an import circle of {} files: {}", cycle.len(), links.join(", "));
        Problem::new(place, message, "move the item to the file that uses it, or to a separate file")
    };
    graph.cycles().into_iter().map(describe).collect()
}

/// The path of a file below `src/`.
fn short(workspace: &SourceTree, file: usize) -> &str {
    let path = &workspace.sources[file].path;
    path.split_once("/src/").map_or(path.as_str(), |(_, file)| file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample::check;
    use crate::tidy::source::SourceFile;

    fn workspace(files: &[(&str, &str)]) -> SourceTree {
        let source = |(path, text): &(&str, &str)| SourceFile {
            path: format!("crates/a/src/{path}"),
            text: (*text).into(),
        };
        SourceTree { sources: files.iter().map(source).collect(), ..SourceTree::default() }
    }

    #[test]
    fn files_that_use_each_other_are_a_circle() {
        let workspace = workspace(&[
            ("lib.rs", "mod state; mod watch;"),
            ("state.rs", "use crate::watch::Watch;\npub struct State(Watch);\n"),
            ("watch.rs", "pub struct Watch;\nfn f() { super::state::State::new() }\n"),
        ]);
        check(
            &problems(&workspace),
            &["crates/a/src/state.rs:1: is in an import circle of 2 files: \
               state.rs:1 uses `Watch` of watch.rs, watch.rs:2 uses `State` of state.rs"],
        );
    }

    #[test]
    fn child_that_uses_its_parent_is_a_circle_if_the_parent_uses_the_child() {
        let used = [("lib.rs", "mod plan;"), ("plan.rs", "mod kept;\nuse kept::check;\npub struct Plan;")];
        let child = ("plan/kept.rs", "use super::Plan;\npub fn check(_: Plan) {}");
        check(
            &problems(&workspace(&[used[0], used[1], child])),
            &["crates/a/src/plan.rs:2: is in an import circle of 2 files: \
               plan.rs:2 uses `check` of plan/kept.rs, plan/kept.rs:1 uses `Plan` of plan.rs"],
        );
        let exported = ("plan.rs", "mod kept;\npub(crate) use kept::check;\npub struct Plan;");
        check(&problems(&workspace(&[used[0], exported, child])), &[]);
    }

    #[test]
    fn re_exports_resolve_to_the_defining_file() {
        let workspace = workspace(&[
            ("lib.rs", "mod a; mod b; mod c; pub use a::A; pub use b::*;"),
            ("a.rs", "use crate::B;\npub struct A(B);"),
            ("b.rs", "use crate::c;\npub struct B(c::C);"),
            ("c.rs", "pub struct C;\nfn f() { vec![crate::A::new()]; }"),
        ]);
        check(
            &problems(&workspace),
            &["crates/a/src/a.rs:1: is in an import circle of 3 files: \
               a.rs:1 uses `B` of b.rs, b.rs:2 uses `C` of c.rs, c.rs:2 uses `A` of a.rs"],
        );
    }

    #[test]
    fn tests_modules_and_quoted_tokens_import_nothing() {
        let workspace = workspace(&[
            ("lib.rs", "pub mod a; pub mod b;"),
            ("a.rs", "use crate::b::B;\npub struct A(B);"),
            (
                "b.rs",
                "use crate::a;\npub struct B;\nfn f() { quote! { crate::a::A } }\n\
                 macro_rules! m { () => { $crate::a::A } }\n#[cfg(test)]\nmod tests { use crate::a::A; }",
            ),
        ]);
        check(&problems(&workspace), &[]);
    }

    #[test]
    fn circles_are_reported_until_none_is_left_shortest_first() {
        let mut files = vec![
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B;\npub struct A(B);"),
            ("b.rs", "use crate::{a::A, c::C};\npub struct B;"),
            ("c.rs", "use crate::a::A;\npub struct C;"),
        ];
        // The import of `B` is in both circles.
        let lengths = |files: &[_]| -> Vec<_> {
            let count = |it: Problem| it.message.matches(" uses ").count();
            problems(&workspace(files)).into_iter().map(count).collect()
        };
        assert_eq!(lengths(&files), [2]);
        files[1].1 = "use crate::b::B;\nuse crate::c::C;\npub struct A(B);";
        assert_eq!(lengths(&files), [2, 2]);
    }

    #[test]
    fn summary_names_the_longest_chain() {
        let workspace = workspace(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B;\npub struct A(B);"),
            ("b.rs", "pub struct B;"),
        ]);
        let expect = "a: files 3, imports 1, longest import chain 2: a.rs > b.rs\n\
                      longest import chain: 2 files, in a\n";
        assert_eq!(summary(&workspace), expect);
    }
}
