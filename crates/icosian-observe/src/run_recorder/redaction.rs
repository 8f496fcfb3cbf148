use icosian_core::Outline;

/// The text in place of a redacted value.
pub(crate) const REDACTED: &str = "<redacted>";

/// The parts of names that are always redacted, in lower case and without separators.
const NAMES: [&str; 8] =
    ["password", "passwd", "secret", "token", "apikey", "authorization", "credential", "privatekey"];

/// The tag of nodes whose outputs are always redacted.
const TAG: &str = "sensitive";

/// The names and tags of values that records do not contain.
#[derive(Clone, Debug)]
pub(crate) struct Redaction {
    /// Further parts of names, in lower case.
    names: Vec<String>,
    tags: Vec<String>,
}

impl Default for Redaction {
    fn default() -> Self {
        Self { names: Vec::new(), tags: vec![TAG.to_owned()] }
    }
}

impl Redaction {
    pub(crate) fn add_name(&mut self, part: &str) {
        self.names.push(part.to_lowercase());
    }

    pub(crate) fn add_tag(&mut self, key: String) {
        self.tags.push(key);
    }

    /// Returns whether values with this name are redacted.
    pub(crate) fn covers(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        // `serde` may rename a field to `api-key` or `apiKey`.
        let joined = name.replace(['_', '-', ' ', '.'], "");
        NAMES.into_iter().any(|part| joined.contains(part))
            || self.names.iter().any(|part| name.contains(part))
    }

    /// Returns whether the output of a node is redacted.
    pub(crate) fn covers_node(&self, outline: &Outline) -> bool {
        self.tags.iter().any(|key| outline.tags().get(key).is_some()) || self.covers(outline.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Redaction;
    use icosian_core::Outline;

    #[test]
    fn names_match_by_part_and_tags_by_key() {
        let mut redaction = Redaction::default();
        redaction.add_name("Iban");
        redaction.add_tag("pii".to_owned());
        for name in ["password", "GitHub_Token", "iban_of_customer", "x-api-key", "privateKey", "api key"] {
            assert!(redaction.covers(name), "{name}");
        }
        assert!(!redaction.covers("customer"));
        assert!(redaction.covers_node(&Outline::new("customer").with_tag("pii", ["yes"])));
        assert!(redaction.covers_node(&Outline::new("customer").with_tag("sensitive", ["yes"])));
        assert!(!redaction.covers_node(&Outline::new("customer").with_tag("owner", ["risk"])));
    }
}
