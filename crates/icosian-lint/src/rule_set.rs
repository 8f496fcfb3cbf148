use std::ops::Range;
use std::sync::Arc;

use icosian_rules::{Facts, Rule, RuleMetadata, Stage, rules};

use crate::{Diagnosis, Settings, SourceText};

/// `blocking-node-inline`, the rule on source that needs to know the adapter.
pub(crate) const BLOCKING_INLINE: &str = "ICO0212";

/// `misspelt-param`, the rule of the plan stage that also runs on source, because a module shows all its nodes.
pub(crate) const MISSPELT_PARAM: &str = "ICO0024";

/// `unused-node`, the rule of the plan stage that also runs on source, because a module may declare its outputs.
pub(crate) const UNUSED_NODE: &str = "ICO0005";

/// `unused-allow`, the rule on the findings of all others.
pub(crate) const UNUSED_ALLOW: &str = "ICO1002";

/// Rules, and the settings that set their levels.
#[derive(Clone, Debug)]
pub(crate) struct RuleSet {
    rules: Vec<&'static dyn Rule>,
    pub(crate) settings: Settings,
}

impl RuleSet {
    /// Returns the built-in rules.
    pub(crate) fn new(settings: Settings) -> Self {
        Self { rules: rules().to_vec(), settings }
    }

    pub(crate) fn push(&mut self, rule: &'static dyn Rule) {
        self.rules.push(rule);
    }

    pub(crate) fn all_metadata(&self) -> impl Iterator<Item = &'static RuleMetadata> + '_ {
        self.rules.iter().map(|rule| rule.metadata())
    }

    /// Runs the rules that `is_selected` accepts, also those with level `Allow`: an `allow(..)` in the source may refer to them.
    pub(crate) fn check(
        &self,
        facts: &Facts,
        source: &Arc<SourceText>,
        spans: &[Range<usize>],
        is_selected: impl Fn(&RuleMetadata) -> bool,
    ) -> Vec<Diagnosis> {
        let selected = self.rules.iter().filter(|rule| is_selected(rule.metadata()));
        let findings = selected.flat_map(|rule| {
            let (metadata, level) = (rule.metadata(), self.settings.level(rule.metadata()));
            let diagnosis = move |finding| Diagnosis::new(metadata, level, source, spans, finding);
            rule.check(facts).into_iter().map(diagnosis)
        });
        findings.collect()
    }
}

/// Returns whether a rule can run on source alone.
pub(crate) fn runs_on_source(metadata: &RuleMetadata) -> bool {
    metadata.stage <= Stage::Source || [MISSPELT_PARAM, UNUSED_NODE].contains(&metadata.code)
}
