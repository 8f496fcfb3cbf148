use std::path::Path;

/// The kind of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TemplateKind {
    Plain,
    Service,
    Batch,
    Llm,
}

impl TemplateKind {
    /// Returns the name of the kind in messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Plain => "project",
            Self::Service => "service",
            Self::Batch => "batch job",
            Self::Llm => "project with a language model",
        }
    }
}

/// The files of a project. Their text contains placeholders for names.
pub(super) struct Template {
    files: &'static [(&'static str, &'static str)],
}

/// The placeholder for the name of the package.
const NAME: &str = "template-name";
/// The placeholder for the name of the crate, which is valid in source code.
const CRATE: &str = "template_name";
/// The placeholder for the source of the crate `icosian`.
const SOURCE: &str = "version = \"ICOSIAN_VERSION\"";

macro_rules! files {
    ($kind:literal: $($file:literal)*) => {
        &[
            ("Cargo.toml", include_str!(concat!("../../templates/", $kind, "/manifest.toml"))),
            (".gitignore", include_str!("../../templates/gitignore")),
            $(($file, include_str!(concat!("../../templates/", $kind, "/", $file))),)*
        ]
    };
}

impl Template {
    pub(super) fn of(kind: TemplateKind) -> Self {
        let files: &[_] = match kind {
            TemplateKind::Plain => {
                files!("plain": "README.md" "src/lib.rs" "src/main.rs" "tests/welcome.rs")
            }
            TemplateKind::Service => files!(
                "service": "README.md" "src/lib.rs" "src/main.rs" "src/pricing.rs" "src/service.rs" "tests/service.rs"
            ),
            TemplateKind::Batch => files!(
                "batch": "README.md" "src/lib.rs" "src/main.rs" "tests/word_counts.rs" "texts/harbour.txt"
                "texts/orchard.txt"
            ),
            TemplateKind::Llm => files!(
                "llm": "README.md" "src/lib.rs" "src/main.rs" "src/analysis.rs" "src/model.rs" "tests/analysis.rs"
            ),
        };
        Self { files }
    }

    /// Returns why the project cannot have this name, if another crate or module has it.
    pub(super) fn conflict(&self, name: &str) -> Option<String> {
        let crate_name = name.replace('-', "_");
        // For these names, cargo only prints a warning.
        if ["std", "core", "alloc", "proc_macro"].contains(&&*crate_name) {
            return Some("a crate of Rust's standard library has it".to_owned());
        }
        let is_module = |text: &str| {
            text.contains(&format!("pub mod {crate_name} "))
                || text.contains(&format!("pub mod {crate_name};"))
        };
        if self.files.iter().any(|(_, text)| is_module(text)) {
            return Some("a module of the template has it".to_owned());
        }
        let (_, manifest) = self.files.first()?;
        let is_dependency =
            |line: &str| line.split_once(" = ").is_some_and(|(key, _)| key.replace('-', "_") == crate_name);
        let mut dependencies = manifest.lines().skip_while(|line| *line != "[dependencies]");
        dependencies.any(is_dependency).then(|| "a dependency of the template has it".to_owned())
    }

    /// Returns the paths and texts of the files of a project. `icosian` is the folder of the crate; without it, the project depends on
    /// the version of this program.
    pub(super) fn files(&self, name: &str, icosian: Option<&Path>) -> Vec<(&'static str, String)> {
        let source = match icosian {
            None => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
            Some(folder) => format!("path = {:?}", folder.display().to_string()),
        };
        let crate_name = name.replace('-', "_");
        // In one pass, because the name may contain a placeholder itself.
        let fill_name = |text: &str| {
            let parts = text.split(NAME).map(|part| part.replace(CRATE, &crate_name));
            parts.collect::<Vec<_>>().join(name)
        };
        let fill = |text: &str| text.split(SOURCE).map(fill_name).collect::<Vec<_>>().join(&source);
        self.files.iter().map(|(file, text)| (*file, fill(text))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Template, TemplateKind};

    const KINDS: [TemplateKind; 4] =
        [TemplateKind::Plain, TemplateKind::Service, TemplateKind::Batch, TemplateKind::Llm];

    #[test]
    fn names_are_filled_in() {
        for kind in KINDS {
            for (file, text) in Template::of(kind).files("my-shop", None) {
                assert!(!text.contains("template"), "{kind:?}: {file}");
                assert!(!text.contains("ICOSIAN_VERSION"), "{kind:?}: {file}");
            }
        }
        let files = Template::of(TemplateKind::Plain).files("my-shop", Some(Path::new("/icosian")));
        assert!(files[0].1.contains("icosian = { path = \"/icosian\" }"), "{}", files[0].1);
        let main = files.iter().find(|(file, _)| *file == "src/main.rs").unwrap();
        assert!(main.1.contains("use my_shop::welcome;"), "{}", main.1);
    }

    #[test]
    fn name_may_contain_a_placeholder() {
        for kind in KINDS {
            let name = "my-template_name-template-name";
            for ((file, text), (_, template)) in
                Template::of(kind).files(name, None).into_iter().zip(Template::of(kind).files("shop", None))
            {
                let crate_name = name.replace('-', "_");
                assert_eq!(
                    text.replace(name, "shop").replace(&crate_name, "shop"),
                    template,
                    "{kind:?}: {file}"
                );
            }
        }
    }

    #[test]
    fn every_file_of_a_template_is_part_of_a_project() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for (kind, folder) in KINDS.into_iter().zip(["plain", "service", "batch", "llm"]) {
            let listed = Template::of(kind).files;
            let mut count = 0;
            let mut open = vec![root.join(folder)];
            while let Some(folder) = open.pop() {
                for entry in std::fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_dir() { open.push(path) } else { count += 1 }
                }
            }
            // The manifest has another name, and all templates share the ignore file.
            assert_eq!(listed.len(), count + 1, "{kind:?}");
        }
    }

    #[test]
    fn names_of_other_items_are_refused() {
        let conflict = |kind, name| Template::of(kind).conflict(name);
        assert_eq!(conflict(TemplateKind::Plain, "shop"), None);
        assert!(conflict(TemplateKind::Plain, "icosian").is_some());
        assert!(conflict(TemplateKind::Plain, "core").is_some());
        assert!(conflict(TemplateKind::Plain, "proc-macro").is_some());
        assert!(conflict(TemplateKind::Llm, "async-trait").is_some());
        assert!(conflict(TemplateKind::Service, "pricing").is_some());
        assert!(conflict(TemplateKind::Plain, "welcome").is_some());
    }
}
