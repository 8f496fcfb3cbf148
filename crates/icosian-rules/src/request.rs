use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The request of the linter to the harness, which answers with a [`Transcript`](crate::Transcript).
///
/// The harness is the program that links the dataflows. The two programs can be of different versions, so a request has a
/// [version](Self::VERSION).
///
/// # Examples
/// ```
/// use icosian_rules::{HarnessRequest, Wanted};
///
/// let mut request = HarnessRequest { packages: vec!["/home/me/shop".into()], ..HarnessRequest::default() };
/// let prod = Wanted { adapters: vec!["sync".into()], ..Wanted::default() };
/// request.dataflows.insert("shop::orders".into(), prod.clone());
/// assert_eq!(request.of("shop::orders"), &prod);
/// assert_eq!(request.of("shop::rates"), &Wanted::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HarnessRequest {
    /// The version of the format.
    pub version: u32,
    /// The folders of the packages whose dataflows are checked.
    pub packages: Vec<String>,
    /// The options of all dataflows without separate options.
    pub usual: Wanted,
    /// The options of single dataflows, by the paths of their modules.
    pub dataflows: BTreeMap<String, Wanted>,
    /// Set if the transcript contains the graphs of the dataflows.
    pub describe_graphs: bool,
    /// The number of dataflows to skip, because an earlier transcript has them.
    pub skip: usize,
    /// Set if the standard input of the harness stays open as long as the linter waits for the transcript.
    pub is_attended: bool,
}

impl HarnessRequest {
    /// The version that this crate writes and reads.
    pub const VERSION: u32 = 3;

    /// Returns the options of the dataflow with this module path.
    #[must_use]
    pub fn of(&self, module: &str) -> &Wanted {
        self.dataflows.get(module).unwrap_or(&self.usual)
    }
}

impl Default for HarnessRequest {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            packages: Vec::new(),
            usual: Wanted::default(),
            dataflows: BTreeMap::new(),
            describe_graphs: false,
            skip: 0,
            is_attended: false,
        }
    }
}

/// The options of a dataflow's check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The adapters: `sync`, `rayon` or `tokio`. If empty, the harness selects the adapter that the nodes need.
    pub adapters: Vec<String>,
    /// The config.
    pub config: BTreeMap<String, Setting>,
    /// The paths of the modules whose dataflows the driver has in addition.
    pub with: Vec<String>,
}

/// A config value on the command line or in a settings file.
///
/// # Examples
/// ```
/// use icosian_rules::Setting;
///
/// assert_eq!(Setting::read("true"), Setting::Flag(true));
/// assert_eq!(Setting::read("-2_000u64"), Setting::Number("-2_000u64".into()));
/// assert_eq!(Setting::read("1.5e3"), Setting::Number("1.5e3".into()));
/// assert_eq!(Setting::read("1.5 days"), Setting::Text("1.5 days".into()));
/// assert_eq!(Setting::read("\"3\""), Setting::Text("3".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// `true` or `false`.
    Flag(bool),
    /// A number as written. It may end with its type, as in Rust.
    Number(String),
    /// A text.
    Text(String),
}

impl Setting {
    /// Parses a flag or a number, or else a text, which may be enclosed in `"`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match (text, quoted) {
            ("true", _) => Self::Flag(true),
            ("false", _) => Self::Flag(false),
            (_, Some(inside)) => Self::Text(inside.to_owned()),
            _ if looks_like_number(text) => Self::Number(text.to_owned()),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// Splits a number as written into its digits, without `_`, and its type suffix.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::Setting;
    ///
    /// assert_eq!(Setting::digits("2_000_u64"), ("2000".to_owned(), Some("u64")));
    /// assert_eq!(Setting::digits("-1.5"), ("-1.5".to_owned(), None));
    /// ```
    #[must_use]
    pub fn digits(number: &str) -> (String, Option<&'static str>) {
        let kind = NUMBERS.into_iter().find(|kind| number.ends_with(kind));
        let digits = number.strip_suffix(kind.unwrap_or_default()).unwrap_or(number);
        (digits.replace('_', ""), kind)
    }
}

/// The number types of Rust.
const NUMBERS: [&str; 14] =
    ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64"];

fn looks_like_number(text: &str) -> bool {
    let (digits, _) = Setting::digits(text);
    // `f64` also parses `inf` and `nan`, which are texts here.
    let begins = digits.trim_start_matches('-').starts_with(|it: char| it.is_ascii_digit());
    begins && digits.parse::<f64>().is_ok()
}
