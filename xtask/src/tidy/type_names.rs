//! The name of a type has one meaning in the workspace.

use std::collections::BTreeMap;

use syn::Item;

use super::problem::Problem;
use super::source::is_test;
use super::workspace::SourceTree;

/// Private traits that prevent implementations outside their crate have this name by convention.
const SEALED: &str = "Sealed";

/// Reports types that have the name of a type in another file. Tests may repeat names.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut declared: BTreeMap<String, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for source in workspace.sources.iter().filter(|source| source.is_code()) {
        let Ok(file) = syn::parse_file(&source.text) else { continue };
        let mut names = Vec::new();
        collect(&file.items, &mut names);
        for name in names {
            match declared.get(&name) {
                Some(other) if *other != source.path => problems.push(Problem::new(
                    &source.path,
                    format!("declares the type `{name}`, as `{other}` does"),
                    "add the name of its owner to the name, or use the other type",
                )),
                Some(_) => {}
                None => {
                    declared.insert(name, &source.path);
                }
            }
        }
    }
    problems
}

/// Adds the names of the types among `items` and in their inline modules.
fn collect(items: &[Item], names: &mut Vec<String>) {
    for item in items {
        let (attributes, name) = match item {
            Item::Enum(it) => (&it.attrs, &it.ident),
            Item::Struct(it) => (&it.attrs, &it.ident),
            Item::Trait(it) => (&it.attrs, &it.ident),
            Item::Type(it) => (&it.attrs, &it.ident),
            Item::Union(it) => (&it.attrs, &it.ident),
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content
                    && !is_test(&module.attrs)
                {
                    collect(items, names);
                }
                continue;
            }
            _ => continue,
        };
        if !is_test(attributes) && name != SEALED {
            names.push(name.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, files};

    #[test]
    fn repeated_type_name_is_reported() {
        let plan = ("crates/a/src/plan.rs", "pub struct Step(u32);\nmod private { pub trait Sealed {} }");
        let retry = "mod inner { enum Step { First } }\npub trait Sealed {}";
        check(
            &problems(&files(&[plan, ("crates/b/src/retry.rs", retry)])),
            &["crates/b/src/retry.rs: declares the type `Step`, as `crates/a/src/plan.rs` does"],
        );
    }

    #[test]
    fn names_in_one_file_and_in_tests_may_repeat() {
        let plan = ("crates/a/src/plan.rs", "#[cfg(a)] struct Step;\n#[cfg(not(a))] struct Step;");
        let tests =
            "#[cfg(test)] mod tests { struct Step; }\n#[cfg(test)] struct Step;\nfn f() { struct Step; }";
        let others = [("crates/b/src/b.rs", tests), ("crates/b/tests/it/b.rs", "struct Step;")];
        check(
            &problems(&files(&[plan, others[0], others[1], ("crates/b/src/b/tests.rs", "struct Step;")])),
            &[],
        );
    }
}
