//! Fixes, and the compiler's word on them.

use std::fs;

use crate::shop::{run_in, write};

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"awaited\", \"doubled\"]\n"),
    (
        "awaited/Cargo.toml",
        "[package]\nname = \"awaited\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
    ),
    ("awaited/src/lib.rs", "pub mod rates;\npub mod prices;\n"),
    (
        "awaited/src/rates.rs",
        "#[icosian::dataflow]
pub mod rates {
    /// The rate, which a program awaits.
    pub async fn rate() -> f64 {
        1.5
    }
}
",
    ),
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
         [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n",
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

#[test]
fn what_compiles_no_more_is_taken_back() {
    let files = || FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let folder = write("mended", files());
    let words = ["lint", "--fix", "--unsafe-fixes", "-W", "async-without-await", "--format", "short"];
    let ended = run_in(&folder, &words, &[]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (rates, prices, sums) =
        (read("awaited/src/rates.rs"), read("awaited/src/prices.rs"), read("doubled/src/lib.rs"));
    write("mended", files());

    insta::assert_snapshot!(format!("{}{}", ended.said, ended.besides));
    assert_eq!(ended.code, Some(1));
    assert_eq!(rates, FILES[3].1, "a program awaits it");
    assert!(prices.contains("#[icosian::dataflow]\n") && prices.contains("pub fn price"), "{prices}");
    assert_eq!(sums.matches("#[tag").count(), 1, "{sums}");
}
