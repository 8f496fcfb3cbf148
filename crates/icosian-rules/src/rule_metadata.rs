use crate::{Level, Safety, Stage};

/// The metadata of a rule.
///
/// # Examples
/// ```
/// use icosian_rules::{RuleMetadata, Level, Stage};
///
/// const CARD: RuleMetadata = RuleMetadata::new("ACM0001", "shouting-node", Level::Warn, Stage::Macro);
/// assert_eq!((CARD.code, CARD.name), ("ACM0001", "shouting-node"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleMetadata {
    /// Letters and four digits; it never changes.
    pub code: &'static str,
    /// A name that reads well after "allow".
    pub name: &'static str,
    /// The default level.
    pub level: Level,
    /// The earliest stage at which all facts that it needs exist.
    pub stage: Stage,
    /// The safety of its fixes; `None` if its findings have no fix.
    pub fix: Option<Safety>,
    /// The clippy lint that reports it, without `clippy::`, for rules of [`Stage::Clippy`].
    pub lint: Option<&'static str>,
    /// The rule's documentation, in Markdown.
    pub doc: &'static str,
}

impl RuleMetadata {
    /// Returns the metadata of a rule without documentation and fixes.
    #[must_use]
    pub const fn new(code: &'static str, name: &'static str, level: Level, stage: Stage) -> Self {
        Self { code, name, level, stage, fix: None, lint: None, doc: "" }
    }

    /// Adds the safety of its fixes.
    #[must_use]
    pub const fn fixed(mut self, safety: Safety) -> Self {
        self.fix = Some(safety);
        self
    }

    /// Adds the clippy lint that reports it.
    #[must_use]
    pub const fn told_by(mut self, lint: &'static str) -> Self {
        self.lint = Some(lint);
        self
    }

    /// Adds the documentation.
    #[must_use]
    pub const fn with_documentation(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Returns whether `name` is the rule's code or name. Underscores may replace hyphens.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        name == self.code || name.replace('_', "-") == self.name
    }

    /// Returns the documentation without the space that follows `///`.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// Returns the documentation as plain Markdown.
    ///
    /// The fences of the examples name their language instead of their kind.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::{RuleMetadata, Level, Stage};
    ///
    /// let metadata = RuleMetadata::new("ACM0001", "shouting-node", Level::Warn, Stage::Macro)
    ///     .with_documentation(" ```bad\n fn RATE() {}\n ```\n");
    /// assert_eq!(metadata.page(), "```rust\nfn RATE() {}\n```\n");
    /// ```
    #[must_use]
    pub fn page(&self) -> String {
        let text = self.text();
        let mut lines = text.lines().peekable();
        let mut page = String::with_capacity(text.len());
        while let Some(line) = lines.next() {
            let line = match line {
                "```bad" | "```good" if lines.peek() == Some(&"{") => "```json",
                "```bad" | "```good" => "```rust",
                line => line,
            };
            page.extend([line, "\n"]);
        }
        page
    }

    /// Returns the first sentence below the heading "Check".
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::{RuleMetadata, Level, Stage};
    ///
    /// let metadata = RuleMetadata::new("ACM0001", "shouting-node", Level::Warn, Stage::Macro)
    ///     .with_documentation(" ## Check\n Finds nodes\n that shout. Loudly.\n");
    /// assert_eq!(metadata.summary(), "Finds nodes that shout.");
    /// ```
    #[must_use]
    pub fn summary(&self) -> String {
        let text = self.text();
        let lines = text.lines().skip_while(|line| *line != "## Check").skip(1);
        let paragraph: Vec<_> = lines.take_while(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let paragraph = paragraph.join(" ");
        match paragraph.split_once(". ") {
            Some((first, _)) => format!("{first}."),
            None => paragraph,
        }
    }

    /// Returns the code blocks whose fence has this kind.
    ///
    /// Blocks of the kind `bad` break the rule, and blocks of the kind `good` do not.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::{RuleMetadata, Level, Stage};
    ///
    /// let metadata = RuleMetadata::new("ACM0001", "shouting-node", Level::Warn, Stage::Macro)
    ///     .with_documentation(" ```bad\n fn LOUD() {}\n ```\n");
    /// assert_eq!(metadata.examples("bad"), ["fn LOUD() {}\n"]);
    /// ```
    #[must_use]
    pub fn examples(&self, kind: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut inside: Option<(bool, String)> = None;
        for line in self.text().lines() {
            match (&mut inside, line.strip_prefix("```")) {
                (None, Some(fence)) => inside = Some((fence.trim() == kind, String::new())),
                (Some(_), Some(_)) => {
                    found.extend(inside.take().filter(|(wanted, _)| *wanted).map(|(_, code)| code));
                }
                (Some((_, code)), None) => {
                    code.push_str(line);
                    code.push('\n');
                }
                (None, None) => {}
            }
        }
        found
    }
}
