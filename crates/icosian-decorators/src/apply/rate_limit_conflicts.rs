use std::collections::HashMap;
use std::collections::hash_map::Entry;

use icosian_core::decorator::DecorateError;
use icosian_core::run::{Quota, StartLimits};
use icosian_core::{Name, Node, Outline};
use icosian_diagnostics::{Diagnostics, Label, Spanned};

/// Reports nodes that declare different quotas for one rate limit.
///
/// All runs of an adapter share the budget of a name, so a second quota would apply to neither node.
pub(crate) fn check(nodes: &[Vec<Node>], problems: &mut Diagnostics<DecorateError>) {
    let mut first: HashMap<&Name, (&Outline, Quota)> = HashMap::new();
    for outline in nodes.iter().flatten().map(Node::outline) {
        let Some(rate_limit) = outline.limits().find_map(StartLimits::rate_limit) else { continue };
        let Some(quota) = rate_limit.quota() else { continue };
        match first.entry(rate_limit.name()) {
            Entry::Vacant(vacant) => {
                vacant.insert((outline, quota));
            }
            Entry::Occupied(known) if known.get().1 == quota => {}
            Entry::Occupied(known) => {
                let (other, other_quota) = known.get();
                let error = DecorateError::new(
                    "ICO0407 conflicting-decorators",
                    format!(
                        "node `{}` declares {quota} for rate limit `{}`, but node `{}` declares {other_quota}",
                        outline.name(),
                        rate_limit.name(),
                        other.name()
                    ),
                );
                let error = error.with_help("declare the same quota, or rename one of the rate limits");
                let label = |outline: &Outline, quota: &Quota| {
                    outline.location().map(|location| Label::new(location, format!("declares {quota}")))
                };
                let labels = [label(outline, &quota), label(other, other_quota)];
                problems.push(Spanned::new(error, labels.into_iter().flatten().collect()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use icosian_core::run::RateLimit;

    use super::*;

    fn node(name: &'static str, rate_limit: RateLimit) -> Node {
        Node::sync(Outline::new(name).with_rate_limit(rate_limit), |_| Ok(1_u64))
    }

    fn messages(nodes: Vec<Node>) -> Vec<String> {
        let mut problems = Diagnostics::default();
        check(&[nodes], &mut problems);
        problems.iter().map(|problem| problem.kind().to_string()).collect()
    }

    #[test]
    fn different_quotas_of_one_name_are_reported() {
        let slow = Quota::per_minute(NonZeroU32::MIN);
        let fast = Quota::per_second(NonZeroU32::MIN);
        let llm = |quota| RateLimit::new("llm").with_quota(quota);
        let other = RateLimit::new("search").with_quota(fast);
        assert_eq!(
            messages(vec![node("ask", llm(slow)), node("chat", llm(fast)), node("find", other.clone())]),
            ["node `chat` declares 1 per second for rate limit `llm`, but node `ask` declares 1 per minute"]
        );
        let agreed = vec![node("ask", llm(slow)), node("chat", llm(slow)), node("find", other)];
        assert_eq!(messages(agreed), [""; 0]);
        let undeclared = vec![node("ask", llm(slow)), node("chat", RateLimit::new("llm"))];
        assert_eq!(messages(undeclared), [""; 0], "a node without a quota uses the declared one");
    }
}
