//! A workspace with findings that only appear in linked crates, and functions to run the program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use icosian_rules::rules;

pub(crate) const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const WRITABLE: &str = "cargo gives tests a folder to write in";

const FILES: &[(&str, &str)] = &[
    ("icosian.toml", "[dataflows.\"shop::hens::written\"]\nwith = [\"shop::eggs::written\"]\n"),
    (
        "Cargo.toml",
        "[workspace]
resolver = \"3\"
members = [\"apart\", \"broken\", \"gone\", \"hidden\", \"kitchen\", \"plain\", \"shop\", \"stock\", \"taker\"]
",
    ),
    (
        "shop/Cargo.toml",
        "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[features]\nextra = []\nrare = []\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    (
        "shop/src/lib.rs",
        r#"#![forbid(unsafe_code)]
pub mod eggs;
pub mod hens;
mod orders;
mod picky;
mod seasons;
mod waits;

#[cfg(feature = "extra")]
#[icosian::dataflow]
pub mod extra {
    pub fn more() -> u64 {
        1
    }
}

#[cfg(feature = "rare")]
#[icosian::dataflow(allow(unlinked_node, reason = "nobody has the machine"))]
pub mod rare {
    pub fn least() -> u64 {
        1
    }
}

#[cfg(test)]
#[icosian::dataflow]
pub mod of_tests {
    pub fn more() -> u64 {
        1
    }
}
"#,
    ),
    (
        "shop/src/hens.rs",
        "#[icosian::dataflow]\nmod written {\n    pub fn hen(egg: &u64) -> u64 {\n        *egg\n    }\n}\n",
    ),
    (
        "shop/src/seasons.rs",
        r#"#[icosian::dataflow]
mod written {
    #[node(allow(config_variants_gap, reason = "it is always sale or not"))]
    #[icosian::decorators::config_when(season = "sale")]
    pub fn rate__sale() -> f64 {
        0.5
    }
    #[icosian::decorators::config_when_not(season = "sale")]
    pub fn rate__full(when: u64) -> f64 {
        when as f64
    }
    #[icosian::decorators::config_when(size = "small")]
    pub fn unit__small() -> f64 {
        1.0
    }
    #[icosian::decorators::config_when(size = "large")]
    pub fn unit__large() -> f64 {
        9.0
    }
    pub fn price(rate: f64, unit: f64) -> f64 {
        rate * unit
    }
}
"#,
    ),
    (
        "shop/src/waits.rs",
        "#[icosian::dataflow]\nmod written {\n    pub async fn patience() -> u64 {\n        std::future::ready(1).await\n    }\n    /// The program gives the hall its limit.\n    #[icosian::decorators::limit(\"hall\")]\n    pub async fn queue() -> u64 {\n        std::future::ready(1).await\n    }\n}\n",
    ),
    (
        "shop/src/eggs.rs",
        "#[icosian::dataflow]\nmod written {\n    pub fn egg(hen: &u64) -> u64 {\n        *hen\n    }\n}\n",
    ),
    (
        "shop/src/picky.rs",
        r#"use icosian::decorators::{DecorateError, Decorator, DecoratorSpec, Phase, DecorateContext};
use icosian::{Node, Diagnostics};

/// Refuses every function, and is loud.
#[derive(Debug)]
pub struct Picky;

impl Decorator for Picky {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("picky", Phase::Transform)
    }

    fn decorate(&self, _: Vec<Node>, scope: &DecorateContext<'_>) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        if scope.config().get::<bool>("panics") == Some(&true) {
            panic!("out of eggs");
        }
        while scope.config().get::<bool>("waits") == Some(&true) {
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        if let Some(code) = scope.config().get::<i32>("exits") {
            std::process::exit(*code);
        }
        println!("{{ this is no transcript");
        let message = format!("`{}` is not good enough", scope.function().name());
        Err(DecorateError::new("shop::picky::not_good", message).with_help("write a better one").into())
    }
}
"#,
    ),
    (
        "shop/src/orders.rs",
        r#"use icosian::dataflow;

#[dataflow]
mod private {
    use icosian::decorators::limit;

    #[limit("shop", max_concurrency = 2)]
    pub fn stock(shelf: &u64) -> u64 {
        *shelf
    }

    pub fn price(stock: &u64, currency: &str) -> String {
        format!("{stock} {currency}")
    }
}

#[dataflow]
mod decorated {
    use icosian::decorators::decorate;

    #[decorate(crate::picky::Picky)]
    pub fn total(order: &u64) -> u64 {
        *order
    }
}
"#,
    ),
    (
        "stock/Cargo.toml",
        "[package]\nname = \"stock\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    (
        "stock/src/lib.rs",
        r"use icosian::dataflow;

#[dataflow]
pub mod shelves {
    pub async fn shelf(place: &str) -> u64 {
        place.len() as u64
    }
}
",
    ),
    (
        "kitchen/Cargo.toml",
        "[package]\nname = \"kitchen\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n\
         [lints.clippy]\npedantic = { level = \"deny\", priority = -1 }\n",
    ),
    (
        "kitchen/src/pantry.rs",
        r"use std::pin::Pin;
use std::task::{Context, Waker};

pub async fn fetch(url: &str) -> f64 {
    std::future::ready(url.len() as f64).await
}

pub fn run_all<F: Future<Output = ()>>(work: impl IntoIterator<Item = F>) {
    let mut work: Vec<Pin<Box<F>>> = work.into_iter().map(Box::pin).collect();
    let mut context = Context::from_waker(Waker::noop());
    while !work.is_empty() {
        work.retain_mut(|it| it.as_mut().poll(&mut context).is_pending());
    }
}
",
    ),
    (
        "kitchen/src/oven.rs",
        r#"#[icosian::dataflow]
pub mod oven {
    #[icosian::node(allow(large_future, reason = "it was one"))]
    pub async fn warm(url: &str) -> f64 {
        crate::pantry::fetch(url).await
    }
}
"#,
    ),
    (
        "kitchen/src/main.rs",
        r#"#![deny(warnings)]
use kitchen::pantry::fetch;

async fn large(url: &str) -> f64 {
    let page = [0_u8; 20_000];
    fetch(url).await + f64::from(page[url.len()])
}

#[icosian::dataflow]
mod allowed {
    #[icosian::node(allow(large_future, reason = "it runs once"))]
    pub async fn once(url: &str) -> f64 {
        super::large(url).await
    }
}

#[icosian::node]
#[icosian::decorators::timeout(std::time::Duration::MAX)]
pub async fn loose(url: &str) -> f64 {
    large(url).await
}

async fn no_node(url: &str) -> f64 {
    large(url).await
}

fn main() {
    kitchen::pantry::run_all([async { _ = no_node("").await }]);
}
"#,
    ),
    (
        "hidden/Cargo.toml",
        "[package]\nname = \"hidden\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    (
        "hidden/src/lib.rs",
        r#"//! Its dataflows are seen by nobody who only reads.
use icosian::dataflow as flow;

#[flow]
pub mod renamed {
    pub async fn later() -> u64 {
        std::future::ready(1).await
    }
}

macro_rules! made {
    ($name:ident) => {
        #[icosian::dataflow]
        pub mod $name {
            pub async fn much_later() -> u64 {
                std::future::ready(1).await
            }
        }
    };
}

made!(by_a_macro);

mod generated;
include!(concat!(env!("OUT_DIR"), "/built.rs"));
"#,
    ),
    ("hidden/.gitignore", "generated.rs\n"),
    (
        "hidden/src/generated.rs",
        r#"#[icosian::dataflow]
pub mod ignored {
    pub async fn first() -> u64 {
        std::future::ready(1).await
    }
    #[icosian::node(allow(async_node_under_sync_adapter, reason = "a test"))]
    pub async fn second() -> u64 {
        std::future::ready(1).await
    }
}
"#,
    ),
    (
        "hidden/build.rs",
        r##"fn main() {
    let folder = std::env::var_os("OUT_DIR").expect("cargo says so");
    let text = "#[icosian::dataflow]\npub mod built {\n    pub async fn third() -> u64 {\n        std::future::ready(1).await\n    }\n}\n";
    std::fs::write(std::path::Path::new(&folder).join("built.rs"), text).expect("it is writable");
    println!("cargo::rerun-if-changed=build.rs");
}
"##,
    ),
    (
        "apart/Cargo.toml",
        "[package]\nname = \"apart\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\npath = \"../shared/apart.rs\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    ("shared/apart.rs", "mod inner;\n"),
    (
        "shared/inner.rs",
        r"#[icosian::dataflow]
mod flow {
    pub async fn slow(path: &str) -> u64 {
        let text = std::fs::read(path).unwrap_or_default();
        std::future::ready(text.len() as u64).await
    }
}
",
    ),
    ("shared/others.rs", "#[icosian::dataflow]\nmod flow {\n    pub fn nothing() -> ! { never() }\n}\n"),
    (
        "taker/Cargo.toml",
        "[package]\nname = \"taker\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
    ),
    (
        "taker/src/lib.rs",
        r"use proc_macro::TokenStream;

/// Removes the item below it.
#[proc_macro_attribute]
pub fn take(_: TokenStream, _: TokenStream) -> TokenStream {
    TokenStream::new()
}
",
    ),
    (
        "gone/Cargo.toml",
        "[package]\nname = \"gone\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\ntaker = { path = \"../taker\" }\n",
    ),
    (
        "gone/src/lib.rs",
        r"#[taker::take]
pub mod around {
    #[icosian::dataflow]
    pub mod taken {
        pub fn one() -> u64 {
            1
        }
    }
}

#[cfg(any())]
mod never;

#[cfg(any())]
mod nowhere {
    #[icosian::dataflow]
    pub mod optional {
        pub fn one() -> u64 {
            1
        }
    }
}

#[icosian::dataflow]
pub mod there {
    pub fn one() -> u64 {
        1
    }
}
",
    ),
    (
        "gone/src/never.rs",
        "#[icosian::dataflow]\npub mod optional {\n    pub fn one() -> u64 {\n        1\n    }\n}\n",
    ),
    (
        "gone/src/main.rs",
        "#[icosian::dataflow]\nmod of_program {\n    pub fn one() -> u64 {\n        1\n    }\n}\n\nfn main() {}\n",
    ),
    (
        "plain/Cargo.toml",
        "[package]\nname = \"plain\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n",
    ),
    ("plain/src/lib.rs", "//! Knows nothing of dataflows.\n"),
    (
        "broken/Cargo.toml",
        "[package]\nname = \"broken\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    (
        "broken/src/lib.rs",
        "#[icosian::dataflow]\npub mod flow {\n    pub async fn wait() -> u64 {\n        \
         std::thread::sleep(std::time::Duration::MAX);\n        \"\"\n    }\n}\n",
    ),
];

/// The output of the program and its exit status.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    /// The text on stderr.
    pub(crate) besides: String,
}

/// Runs `cargo icosian` with these arguments in the workspace. All tests share one target folder, so dependencies
/// build once.
pub(crate) fn run(words: &[&str]) -> Ended {
    run_with(words, &[])
}

/// Runs `cargo icosian` with these environment variables.
pub(crate) fn run_with(words: &[&str], variables: &[(&str, &str)]) -> Ended {
    run_in(&write_shop(), words, variables)
}

pub(crate) fn run_in(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Ended {
    let ended = Command::new(env!("CARGO_BIN_EXE_cargo-icosian"))
        .args(["icosian"].iter().chain(words))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("linked-target"))
        .env_remove("RUSTFLAGS")
        .envs(variables.iter().copied())
        .output()
        .expect("the program is built with the tests");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder.display().to_string(), "FOLDER");
    // Concurrent tests wait for each other's linter.
    let besides = text(&ended.stderr).replace("waiting for another linter in this workspace\n", "");
    Ended { code: ended.status.code(), said: text(&ended.stdout), besides }
}

/// Returns a library with the examples of the clippy rules.
fn examples() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut library = "#![deny(warnings)]\npub mod oven;\npub mod pantry;\n".to_owned();
    for metadata in rules().iter().map(|rule| rule.metadata()).filter(|metadata| metadata.lint.is_some()) {
        for kind in ["bad", "good"] {
            for (at, example) in metadata.examples(kind).into_iter().enumerate() {
                let name = format!("{}_{kind}_{at}", metadata.name.replace('-', "_"));
                library.extend(["pub mod ", name.as_str(), ";\n"]);
                let text = format!("use icosian::dataflow;\n\nuse crate::pantry::*;\n\n{example}");
                files.push((format!("kitchen/src/{name}.rs"), text));
            }
        }
    }
    files.push(("kitchen/src/lib.rs".to_owned(), library));
    files
}

/// Serializes writes to the workspace between threads. Processes replace files atomically.
static WRITING: Mutex<()> = Mutex::new(());

/// Writes the workspace and returns its folder. Unchanged files are kept.
fn write_shop() -> PathBuf {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    write("shop", FILES.iter().map(owned).chain(examples()))
}

/// Writes `files` into a workspace of this name and returns its folder.
pub(crate) fn write(name: &str, files: impl Iterator<Item = (String, String)>) -> PathBuf {
    let _guard = WRITING.lock().expect("no test panics while it writes");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let lock = fs::read_to_string(Path::new(CRATES).join("../Cargo.lock")).expect("this workspace has one");
    for (name, text) in files.chain([("Cargo.lock".to_owned(), lock)]) {
        let file = folder.join(&name);
        let text = text.replace("CRATES", CRATES);
        // Keep the lock file that cargo has shortened.
        let stays = name == "Cargo.lock" && file.exists();
        if !stays && fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            fs::create_dir_all(file.parent().unwrap_or(&folder)).expect(WRITABLE);
            // Rename the file into place, because another process may read it.
            let whole = file.with_extension(format!("{}.new", std::process::id()));
            fs::write(&whole, text).expect(WRITABLE);
            fs::rename(whole, file).expect(WRITABLE);
        }
    }
    folder.canonicalize().expect(WRITABLE)
}
