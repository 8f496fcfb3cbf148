use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use icosian_diagnostics::nearest;
use icosian_rules::{Fact, Level, RuleMetadata, Setting, Wanted};
use ignore::overrides::OverrideBuilder;
use miette::{Diagnostic, NamedSource, SourceSpan};
use serde::Deserialize;

use crate::select_adapters;

/// The settings of a linter: levels of rules, excluded files, and how dataflows are checked.
///
/// # Examples
/// ```
/// use icosian_lint::Settings;
/// use icosian_rules::Level;
///
/// let text = "exclude = [\"tests/ui/\"]\n[levels]\nundocumented-node = \"warn\"\n";
/// let settings = Settings::parse("icosian.toml", text)?.with_level("busy_wait", Level::Deny);
/// let metadata = |name| icosian_rules::rules().iter().map(|rule| rule.metadata()).find(|metadata| metadata.name == name).unwrap();
/// assert_eq!(settings.level(metadata("undocumented-node")), Level::Warn);
/// assert_eq!(settings.level(metadata("busy-wait")), Level::Deny);
/// # Ok::<(), icosian_lint::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    file: PathBuf,
    exclude: Vec<String>,
    other_rules: Vec<String>,
    /// Functions and methods that block, by their full paths.
    blocking: Vec<String>,
    /// Levels by name or code. The last one of a rule counts.
    levels: Vec<(String, Level)>,
    /// The locations of the first levels, which are those of the file.
    keys: Vec<SettingKey>,
    fast: bool,
    /// The options of dataflows that `dataflows` does not list.
    pub(crate) usual: Wanted,
    /// The options of dataflows, by the paths of their modules.
    pub(crate) dataflows: BTreeMap<String, Wanted>,
}

/// An error in settings.
///
/// # Examples
/// ```
/// let error = icosian_lint::Settings::parse("icosian.toml", "levels = 3").unwrap_err();
/// assert_eq!(error.to_string(), "settings in `icosian.toml` are invalid: invalid type: integer `3`, expected a map");
/// ```
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("settings in `{path}` cannot be read")]
    #[diagnostic(code("ICO1302 settings-unreadable"), help("check the path and its permissions"))]
    Unreadable {
        /// The path of the file.
        path: String,
        /// The error of the system.
        #[source]
        source: std::io::Error,
    },
    /// The file is not a settings file.
    #[error("settings in `{path}` are invalid: {message}")]
    #[diagnostic(
        code("ICO1303 settings-invalid"),
        help(
            "write `exclude = [\"pattern\"]`, and below `[levels]` lines such as `busy-wait = \"warn\"` (or `allow`, `deny`); the README lists all keys"
        )
    )]
    Broken {
        /// The path of the file.
        path: String,
        /// The error of the parser.
        message: String,
        /// The text of the file.
        #[source_code]
        text: Arc<NamedSource<String>>,
        /// The location of the error.
        #[label("here")]
        span: Option<SourceSpan>,
    },
    /// The settings select an adapter that the linter does not have.
    #[error("settings in `{path}` name the unknown adapter `{name}`")]
    #[diagnostic(
        code("ICO1304 unknown-adapter"),
        help(
            "write `sync`, `rayon`, `tokio` or `all`; check dataflows under custom adapters in a test, with `icosian_check::check`"
        )
    )]
    UnknownAdapter {
        /// The path of the file.
        path: String,
        /// The name of the adapter.
        name: String,
    },
    /// A level is set for a rule that does not exist.
    #[error("unknown rule `{name}`{}", place(file.as_deref()))]
    #[diagnostic(code("ICO1301 unknown-rule-name"), help("{}", did_you_mean(*meant)))]
    UnknownRule {
        /// The name of the rule.
        name: String,
        /// A rule with a similar name.
        meant: Option<&'static str>,
        /// The file and the line, or `None` for the command line.
        file: Option<String>,
    },
    /// A file sets two levels for one rule, by its name and by its code.
    #[error("`{first}` and `{second}` name the same rule, which has two levels in `{file}`")]
    #[diagnostic(code("ICO1305 repeated-rule-level"), help("remove one of them"))]
    RuleTwice {
        /// The first name.
        first: String,
        /// The second name.
        second: String,
        /// The file and the line of the second name.
        file: String,
    },
}

fn did_you_mean(meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("write `{meant}`"),
        None => "run `cargo icosian rules` to list all rules".to_owned(),
    }
}

fn place(file: Option<&str>) -> String {
    file.map_or_else(String::new, |file| format!(" (`{file}`)"))
}

/// The name of a rule in a file, with its location.
#[derive(Clone, Debug)]
struct SettingKey {
    name: String,
    place: String,
}

impl SettingKey {
    fn new(name: &str, path: &Path, text: &str) -> Self {
        let is_here = |line: &str| {
            let line = line.split('#').next().unwrap_or(line);
            let mut words = line.split(|it: char| !it.is_alphanumeric() && !"-_:".contains(it));
            line.contains('=') && words.any(|word| word == name)
        };
        let line = text.lines().position(is_here).map_or(String::new(), |at| format!(":{}", at + 1));
        Self { name: name.to_owned(), place: format!("{}{line}", path.display()) }
    }
}

/// The contents of a settings file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SettingsFile {
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    other_rules: Vec<String>,
    #[serde(default)]
    blocking: Vec<String>,
    #[serde(default)]
    levels: BTreeMap<String, LevelName>,
    #[serde(default)]
    fast: bool,
    adapter: Option<String>,
    #[serde(default)]
    config: BTreeMap<String, WrittenSetting>,
    #[serde(default)]
    dataflows: BTreeMap<String, DataflowTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DataflowTable {
    adapter: Option<String>,
    #[serde(default)]
    config: BTreeMap<String, WrittenSetting>,
    #[serde(default)]
    with: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a flag, a number or a text")]
enum WrittenSetting {
    Flag(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

impl From<WrittenSetting> for Setting {
    fn from(written: WrittenSetting) -> Self {
        match written {
            WrittenSetting::Flag(flag) => Self::Flag(flag),
            WrittenSetting::Whole(number) => Self::Number(number.to_string()),
            WrittenSetting::Number(number) => Self::Number(format!("{number:?}")),
            WrittenSetting::Text(text) => Self::Text(text),
        }
    }
}

/// Resolves the name of an adapter.
fn wanted(
    path: &Path,
    adapter: Option<String>,
    config: BTreeMap<String, WrittenSetting>,
    with: Vec<String>,
) -> Result<Wanted, SettingsError> {
    let adapters = match adapter {
        None => Vec::new(),
        Some(name) => select_adapters(&name)
            .ok_or_else(|| SettingsError::UnknownAdapter { path: path.display().to_string(), name })?,
    };
    let config = config.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(Wanted { adapters, config, with })
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum LevelName {
    Allow,
    Warn,
    Deny,
}

/// The name of a settings file.
const FILE_NAME: &str = "icosian.toml";

impl Settings {
    /// Returns the settings for `folder`: those of the nearest `icosian.toml`, or of `[workspace.metadata.icosian]` or
    /// `[package.metadata.icosian]` in a `Cargo.toml`, in the folder or one around it; otherwise the default.
    ///
    /// # Errors
    /// [`SettingsError`] if the settings cannot be read.
    ///
    /// # Examples
    /// ```
    /// let settings = icosian_lint::Settings::find(std::path::Path::new("."))?;
    /// # Ok::<(), icosian_lint::SettingsError>(())
    /// ```
    pub fn find(folder: &Path) -> Result<Self, SettingsError> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        for folder in folder.ancestors() {
            let own = folder.join(FILE_NAME);
            // Reading a folder of this name reports an error.
            if own.is_file() || own.is_dir() {
                return Self::read(&own);
            }
            if own.exists() {
                // Reading a pipe or a device may block forever.
                let (path, source) = (own.display().to_string(), io::Error::other("it is not a file"));
                return Err(SettingsError::Unreadable { path, source });
            }
            let manifest = folder.join("Cargo.toml");
            if manifest.is_file()
                && let Ok(text) = std::fs::read_to_string(&manifest)
                && let Some(settings) = Self::in_manifest(&manifest, &text)?
            {
                return Ok(settings);
            }
        }
        Ok(Self::default())
    }

    /// Reads a settings file.
    ///
    /// # Errors
    /// [`SettingsError`] if the file cannot be read or parsed.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let unreadable = |source| SettingsError::Unreadable { path: path.display().to_string(), source };
        Self::parse(path, &std::fs::read_to_string(path).map_err(unreadable)?)
    }

    /// Parses the text of the file at `path`.
    ///
    /// # Errors
    /// [`SettingsError`] if the text is not valid.
    pub fn parse(path: impl AsRef<Path>, text: &str) -> Result<Self, SettingsError> {
        let path = path.as_ref();
        let written = toml::from_str(text).map_err(|error| broken(path, text, &error))?;
        Self::validate(written, path, text)
    }

    fn in_manifest(path: &Path, text: &str) -> Result<Option<Self>, SettingsError> {
        // Cargo reports a broken manifest.
        let Ok(manifest) = toml::from_str::<toml::Table>(text) else { return Ok(None) };
        let found = ["workspace", "package"]
            .iter()
            .find_map(|part| manifest.get(*part)?.get("metadata")?.get("icosian"));
        let Some(found) = found else { return Ok(None) };
        let written = found.clone().try_into().map_err(|error| broken(path, text, &error))?;
        Self::validate(written, path, text).map(Some)
    }

    fn validate(written: SettingsFile, path: &Path, text: &str) -> Result<Self, SettingsError> {
        let mut builder = OverrideBuilder::new(path.parent().unwrap_or(Path::new("")));
        for pattern in &written.exclude {
            builder.add(&format!("!{pattern}")).map_err(|error| SettingsError::Broken {
                path: path.display().to_string(),
                message: error.to_string(),
                text: Arc::new(NamedSource::new(path.display().to_string(), text.to_owned())),
                span: text.find(pattern.as_str()).map(|at| (at, pattern.len()).into()),
            })?;
        }
        let levels = written.levels.into_iter().map(|(name, level)| {
            let level = match level {
                LevelName::Allow => Level::Allow,
                LevelName::Warn => Level::Warn,
                LevelName::Deny => Level::Deny,
            };
            (name, level)
        });
        let mut levels: Vec<_> = levels.collect();
        // As on the command line, the level of one rule overrides the level of all.
        levels.sort_by_key(|(name, _)| name != "all");
        let keys = levels.iter().map(|(name, _)| SettingKey::new(name, path, text)).collect();
        let usual = wanted(path, written.adapter, written.config, Vec::new())?;
        let dataflows = written.dataflows.into_iter().map(|(name, own)| {
            let wanted = wanted(path, own.adapter, own.config, own.with)?;
            Ok((name, wanted))
        });
        let dataflows = dataflows.collect::<Result<_, SettingsError>>()?;
        let (file, exclude, fast) = (path.to_owned(), written.exclude, written.fast);
        let (other_rules, blocking) = (written.other_rules, written.blocking);
        Ok(Self { file, exclude, other_rules, blocking, levels, keys, fast, usual, dataflows })
    }

    /// Sets the level of a rule and overrides earlier levels. `all` selects all rules.
    #[must_use]
    pub fn with_level(mut self, rule: impl Into<String>, level: Level) -> Self {
        self.levels.push((rule.into(), level));
        self
    }

    /// Excludes files by a pattern as in `.gitignore`, relative to the folder of the settings.
    #[must_use]
    pub fn with_exclude(mut self, pattern: impl Into<String>) -> Self {
        self.exclude.push(pattern.into());
        self
    }

    /// Returns the level of a rule.
    #[must_use]
    pub fn level(&self, metadata: &RuleMetadata) -> Level {
        let mut matching =
            self.levels.iter().rev().filter(|(name, _)| name == "all" || metadata.is_called(name));
        matching.next().map_or(metadata.level, |(_, level)| *level)
    }

    /// Checks that each level belongs to one of the rules of `all_metadata`.
    ///
    /// # Errors
    /// [`SettingsError::UnknownRule`]; [`SettingsError::RuleTwice`] if a file has two names for one rule.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    /// use icosian_rules::Level;
    ///
    /// let settings = Settings::default().with_level("busywait", Level::Deny);
    /// let error = settings.check(Linter::new(Settings::default()).all_metadata()).unwrap_err();
    /// assert_eq!(error.to_string(), "unknown rule `busywait`");
    /// ```
    pub fn check(
        &self,
        all_metadata: impl IntoIterator<Item = &'static RuleMetadata>,
    ) -> Result<(), SettingsError> {
        let all_metadata: Vec<_> = all_metadata.into_iter().collect();
        for (at, (name, _)) in self.levels.iter().enumerate() {
            if name != "all"
                && !all_metadata.iter().any(|metadata| metadata.is_called(name))
                && !self.is_external_rule(name)
            {
                let meant =
                    nearest(&name.replace('_', "-"), all_metadata.iter().map(|metadata| metadata.name));
                let file = self.keys.get(at).map(|key| key.place.clone());
                return Err(SettingsError::UnknownRule { name: name.clone(), meant, file });
            }
        }
        for metadata in all_metadata {
            let mut named = self.keys.iter().filter(|key| metadata.is_called(&key.name));
            if let (Some(first), Some(second)) = (named.next(), named.next()) {
                let (first, file, second) = (first.name.clone(), second.place.clone(), second.name.clone());
                return Err(SettingsError::RuleTwice { first, second, file });
            }
        }
        Ok(())
    }

    /// Returns whether the settings request a check of source only, because the crates cannot be linked.
    #[must_use]
    pub fn is_fast(&self) -> bool {
        self.fast
    }

    /// Returns whether the settings list `name` as a rule of another linter.
    pub(crate) fn is_external_rule(&self, name: &str) -> bool {
        self.other_rules.iter().any(|other| other.replace('_', "-") == name.replace('_', "-"))
    }

    /// Adds a function or a method that blocks its thread, by its full path, for the rules on blocking calls.
    #[must_use]
    pub fn with_blocking(mut self, path: impl Into<String>) -> Self {
        self.blocking.push(path.into());
        self
    }

    pub(crate) fn blocking(&self) -> &[String] {
        &self.blocking
    }

    /// Returns the adapters that the settings select for the dataflow of the module `name`, as far as source shows the path.
    pub(crate) fn adapters_of(&self, name: Option<&str>) -> Fact<Vec<String>> {
        let named = |wanted: &Wanted| (!wanted.adapters.is_empty()).then(|| wanted.adapters.clone());
        let is_of = |module: &str| name.is_some_and(|name| module.rsplit("::").next() == Some(name));
        let mut own = self.dataflows.iter().filter(|(module, _)| is_of(module)).map(|(_, own)| own);
        match (own.next(), own.next()) {
            (None, _) => named(&self.usual).into(),
            (Some(own), None) => named(own).or_else(|| named(&self.usual)).into(),
            // Several modules have this name, and source does not show their paths.
            (Some(_), Some(_)) => Fact::Unknown,
        }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    pub(crate) fn excluded(&self) -> &[String] {
        &self.exclude
    }
}

fn broken(path: &Path, text: &str, error: &toml::de::Error) -> SettingsError {
    SettingsError::Broken {
        path: path.display().to_string(),
        message: error.message().trim_end().replace('\n', "; "),
        text: Arc::new(NamedSource::new(path.display().to_string(), text.to_owned())),
        span: error.span().map(Into::into),
    }
}
