//! The rules, one file each, in the order of their codes; and those of the catalogue that are not there, with the reason.

mod dependency_cycle;
mod duplicate_node;
mod generic_node;
mod node_is_method;
mod node_without_output;
mod opaque_output;

mod async_without_await;
mod await_in_loop;
mod block_on;
mod blocking_call;
mod busy_wait;
mod detached_task;
mod runtime_in_node;

mod conflicting_decorators;
mod decorator_above_node;
mod decorator_order;
mod duplicate_decorator;
mod extract_arity;
mod parameterize_duplicate_name;
mod parameterize_unknown_param;

mod config_variants_overlap;

mod global_state;
mod undocumented_node;
mod verb_named_node;

mod allow_without_reason;
mod unknown_rule;
mod unlinked_node;
mod unused_allow;

mod left_out;

pub use left_out::{LeftOut, left_out};

use crate::Rule;

const RULES: [&dyn Rule; 28] = [
    &duplicate_node::DuplicateNode,
    &dependency_cycle::DependencyCycle,
    &node_without_output::NodeWithoutOutput,
    &node_is_method::NodeIsMethod,
    &generic_node::GenericNode,
    &opaque_output::OpaqueOutput,
    &blocking_call::BlockingCall,
    &block_on::BlockOn,
    &runtime_in_node::RuntimeInNode,
    &async_without_await::AsyncWithoutAwait,
    &detached_task::DetachedTask,
    &await_in_loop::AwaitInLoop,
    &busy_wait::BusyWait,
    &extract_arity::ExtractArity,
    &decorator_above_node::DecoratorAboveNode,
    &decorator_order::DecoratorOrder,
    &duplicate_decorator::DuplicateDecorator,
    &conflicting_decorators::ConflictingDecorators,
    &parameterize_unknown_param::ParameterizeUnknownParam,
    &parameterize_duplicate_name::ParameterizeDuplicateName,
    &config_variants_overlap::ConfigVariantsOverlap,
    &verb_named_node::VerbNamedNode,
    &undocumented_node::UndocumentedNode,
    &global_state::GlobalState,
    &unknown_rule::UnknownRule,
    &unused_allow::UnusedAllow,
    &allow_without_reason::AllowWithoutReason,
    &unlinked_node::UnlinkedNode,
];

/// Returns all rules of icosian, by code.
///
/// # Examples
/// ```
/// let blocking = icosian_rules::rules().iter().find(|rule| rule.card().code == "ICO0201");
/// assert_eq!(blocking.map(|rule| rule.card().name), Some("blocking-call-in-async-node"));
/// ```
#[must_use]
pub fn rules() -> &'static [&'static dyn Rule] {
    &RULES
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{left_out, rules};
    use crate::Card;

    fn cards() -> impl Iterator<Item = &'static Card> {
        rules().iter().map(|rule| rule.card())
    }

    #[test]
    fn codes_and_names_are_well_formed_unique_and_in_order() {
        let codes: Vec<_> = cards().map(|card| card.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        let names: HashSet<_> = cards().map(|card| card.name).collect();
        assert_eq!(names.len(), codes.len());
        for card in cards() {
            let digits = card.code.strip_prefix("ICO").expect("codes begin alike");
            assert!(digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit()), "{}", card.code);
            let kebab = |it: char| it.is_ascii_lowercase() || it == '-';
            assert!(card.name.chars().all(kebab) && !card.name.starts_with("no-"), "{}", card.name);
        }
    }

    #[test]
    fn every_rule_explains_itself() {
        let headings = ["## What it does", "## Why is this bad", "## Example", "## Use instead"];
        for card in cards() {
            let text = card.text();
            let found: Vec<_> =
                text.lines().filter(|line| line.starts_with('#') && !line.starts_with("#[")).collect();
            assert_eq!(found, headings, "{}", card.code);
            assert!(card.summary().starts_with("Finds "), "{}: {}", card.code, card.summary());
            assert!(card.summary().ends_with('.'), "{}: {}", card.code, card.summary());
            assert!(!card.examples("bad").is_empty() && !card.examples("good").is_empty(), "{}", card.code);
        }
    }

    #[test]
    fn what_is_left_out_is_not_there() {
        for out in left_out() {
            assert!(cards().all(|card| card.code != out.code && card.name != out.name), "{}", out.code);
            assert!(!out.reason.is_empty() && !out.reason.ends_with('.'), "{}", out.code);
        }
    }
}
