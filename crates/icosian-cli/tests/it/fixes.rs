//! Applies fixes and checks that the workspace still compiles.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::shop::{run_in, write};

/// A node that a feature awaits.
const GATED: &str = "#[icosian::dataflow]
pub mod gated {
    /// The rate.
    pub async fn rate() -> f64 {
        1.5
    }
}
";

/// A node that only a test of another package awaits.
const TESTED: &str = "#[icosian::dataflow]
pub mod tested {
    /// The rate.
    pub async fn rate() -> f64 {
        1.5
    }
}
";

/// A file outside of all packages, with a node and its caller.
const LENT: &str = "#[icosian::dataflow]
pub mod lent {
    /// The rate.
    pub async fn rate() -> f64 {
        1.5
    }
}

/// Never polled.
pub async fn shown() -> f64 {
    lent::rate().await
}
";

/// A node that a program awaits.
const RATES: &str = "#[icosian::dataflow]
pub mod rates {
    /// The rate.
    pub async fn rate() -> f64 {
        1.5
    }
}
";

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"awaited\", \"doubled\"]\n"),
    (
        "awaited/Cargo.toml",
        "[package]\nname = \"awaited\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [features]\nextra = []\n[dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    (
        "awaited/src/lib.rs",
        "pub mod gated;
pub mod prices;
pub mod rates;
pub mod tested;
#[path = \"../../shared/lent.rs\"]
pub mod lent;

#[cfg(feature = \"extra\")]
pub async fn extra() -> f64 {
    gated::gated::rate().await
}
",
    ),
    ("awaited/src/gated.rs", GATED),
    ("awaited/src/tested.rs", TESTED),
    ("shared/lent.rs", LENT),
    ("awaited/src/rates.rs", RATES),
    (
        "awaited/src/prices.rs",
        "#[icosian::dataflow(allow(busy_wait, reason = \"there was one\"))]
pub mod prices {
    /// The price.
    pub async fn price() -> f64 {
        1.5
    }
}
",
    ),
    (
        "awaited/src/main.rs",
        "use awaited::rates::rates::rate;

/// Never polled.
pub async fn shown() -> f64 {
    rate().await
}

fn main() {
    drop(shown());
}
",
    ),
    (
        "doubled/Cargo.toml",
        "[package]\nname = \"doubled\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n\
         [dev-dependencies]\nawaited = { path = \"../awaited\" }\n",
    ),
    (
        "doubled/tests/awaits.rs",
        "/// Never polled.\npub async fn shown() -> f64 {\n    awaited::tested::tested::rate().await\n}\n",
    ),
    (
        "doubled/src/lib.rs",
        "#[icosian::dataflow]
pub mod sums {
    use icosian::decorators::tag;

    /// The sum.
    #[tag(owner = \"finance\")]
    #[tag(owner = \"finance\")]
    pub fn sum() -> f64 {
        1.5
    }
}
",
    ),
];

/// A package whose nodes another workspace awaits, with a test that never compiled.
const LENDER: &[(&str, &str)] = &[
    (
        "lender/Cargo.toml",
        "[package]\nname = \"lender\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    ("lender/src/lib.rs", "pub mod rates;\npub mod tested;\n"),
    ("lender/src/rates.rs", RATES),
    ("lender/src/tested.rs", TESTED),
    (
        "lender/tests/broken.rs",
        "pub fn wrong() -> u64 {\n    \"one\"\n}\n\npub async fn shown() -> f64 {\n    lender::tested::tested::rate().await\n}\n",
    ),
    (
        "borrower/Cargo.toml",
        "[package]\nname = \"borrower\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nlender = { path = \"../lender\" }\n",
    ),
    ("borrower/src/lib.rs", "pub async fn shown() -> f64 {\n    lender::rates::rates::rate().await\n}\n"),
];

#[test]
fn fixes_break_no_other_workspace() {
    let files = || LENDER.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).unwrap();
    let locks = ["lender/Cargo.lock", "borrower/Cargo.lock"].map(|name| (name.to_owned(), lock.clone()));
    let folder = write("lent", files().chain(locks));
    let words = [
        "lint",
        "lender",
        "borrower",
        "--unsafe-fixes",
        "--allow-no-vcs",
        "-W",
        "async-without-await",
        "--format",
        "short",
    ];
    let ended = run_in(&folder, &words, &[]);
    let now = ["lender/src/rates.rs", "lender/src/tested.rs"]
        .map(|it| fs::read_to_string(folder.join(it)).unwrap());
    write("lent", files());
    assert_eq!(now, [RATES, TESTED], "{}", ended.besides);
    assert_eq!(ended.besides.matches("was not changed").count(), 2, "{}", ended.besides);
}

#[test]
fn fixes_that_break_the_build_are_reverted() {
    let files = || FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let folder = write("mended", files());
    let words = [
        "lint",
        "--fix",
        "--unsafe-fixes",
        "--allow-no-vcs",
        "-W",
        "async-without-await",
        "--format",
        "short",
    ];
    let ended = run_in(&folder, &words, &[]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let awaited = [
        ("awaited/src/gated.rs", GATED),
        ("awaited/src/rates.rs", RATES),
        ("awaited/src/tested.rs", TESTED),
        ("shared/lent.rs", LENT),
    ]
    .map(|(name, text)| (name, text, read(name)));
    let (prices, sums) = (read("awaited/src/prices.rs"), read("doubled/src/lib.rs"));
    write("mended", files());

    insta::assert_snapshot!(format!("{}{}", ended.said, ended.besides));
    assert_eq!(ended.code, Some(1));
    for (name, text, now) in awaited {
        assert_eq!(now, text, "{name}");
    }
    assert!(prices.contains("#[icosian::dataflow]\n") && prices.contains("pub fn price"), "{prices}");
    assert_eq!(sums.matches("#[tag").count(), 1, "{sums}");
}

/// Runs git in `folder`.
fn git(folder: &Path, words: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let status =
        Command::new("git").args(identity).args(words).current_dir(folder).stdout(Stdio::null()).status();
    assert!(status.expect("git runs").success(), "{words:?}");
}

#[test]
fn fixes_need_a_clean_working_tree() {
    let wrong = "#[tag(owner = \"finance\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
    let right = "#[node]\n#[tag(owner = \"finance\")]\npub fn rate() -> f64 { 1.0 }\n";
    let folder = std::env::temp_dir().join(format!("icosian-dirty-{}", std::process::id()));
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("rates.rs");
    let fix = |options: &[&str]| {
        fs::write(&file, wrong).unwrap();
        let ended = run_in(&folder, &[&["lint", "--fast", "--fix"], options].concat(), &[]);
        let text = fs::read_to_string(&file).unwrap();
        let (is_fixed, is_refused) = (text == right, text == wrong && ended.code == Some(2));
        assert!(is_fixed || is_refused, "{text} {} {}", ended.said, ended.besides);
        (is_fixed, ended.said)
    };

    let (is_fixed, said) = fix(&[]);
    assert!(!is_fixed && said.contains("--allow-no-vcs"), "{said}");
    assert!(fix(&["--allow-no-vcs"]).0);

    git(&folder, &["init", "--quiet"]);
    let (is_fixed, said) = fix(&[]);
    assert!(!is_fixed && said.contains("rates.rs (dirty)") && said.contains("--allow-dirty"), "{said}");
    assert!(!fix(&["--allow-staged"]).0 && fix(&["--allow-dirty"]).0);

    fs::write(&file, wrong).unwrap();
    git(&folder, &["add", "rates.rs"]);
    let (is_fixed, said) = fix(&[]);
    assert!(!is_fixed && said.contains("rates.rs (staged)") && said.contains("--allow-staged"), "{said}");
    assert!(fix(&["--allow-staged"]).0 && fix(&["--allow-dirty"]).0);

    fs::write(&file, wrong).unwrap();
    git(&folder, &["commit", "--quiet", "--message", "a"]);
    assert!(fix(&[]).0);
    fs::remove_dir_all(folder).unwrap();
}
