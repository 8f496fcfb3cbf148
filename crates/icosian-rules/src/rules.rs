//! The implemented rules, one file each, and the list of omitted rules.

mod build_hook_failed;
mod conflicting_input;
mod context_param;
mod dependency_cycle;
mod duplicate_node;
mod edge_type_mismatch;
mod function_in_macro_call;
mod generic_node;
mod hidden_condition;
mod input_is_config;
mod input_is_node;
mod invalid_dataflow;
mod invalid_default;
mod invalid_layer;
mod invalid_option;
mod missing_input;
mod moved_value;
mod node_is_method;
mod node_without_output;
mod opaque_output;
mod output_given_twice;
mod output_refused;
mod redundant_attribute;
mod shadowed_node;
mod shared_input_refused;
mod unclear_visibility;
mod uncompilable_output;
mod unknown_output;
mod unknown_override;
mod unsupported_function;
mod unsupported_output;
mod unsupported_param;
mod unused_input;
mod unused_node;
mod violation;
mod wrong_input_type;
mod wrong_output_type;

mod async_node_under_sync_adapter;
mod decorator_has_no_effect;
mod future_input_under_sync_adapter;
mod misspelt_param;
mod mixed_async_variants;
mod partly_supported_decorator;
mod unsupported_decorator;
mod unsupported_node;

mod collect_without_expand;
mod collects_own_block;
mod errors_not_collected;
mod expand_collected_at_once;
mod expand_without_collect;
mod items_of_two_expansions;
mod streamed_and_collected;
mod unbounded_fan_out;

mod async_without_await;
mod await_in_loop;
mod block_on;
mod blocking_call;
mod blocking_inline;
mod busy_wait;
mod detached_task;
mod large_future;
mod lock_across_await;
mod refcell_across_await;
mod runtime_in_node;

mod broken_promise;
mod check_output_wrong_type;
mod conflicting_decorators;
mod decorator_above_node;
mod decorator_order;
mod decorator_panicked;
mod decorator_type_mismatch;
mod decorator_without_effect;
mod duplicate_decorator;
mod extract_arity;
mod invalid_argument;
mod invalid_part;
mod invalid_step;
mod invalid_tag;
mod invalid_target;
mod misplaced_decorator;
mod mutate_target_missing;
mod nothing_to_decorate;
mod param_bound_twice;
mod parameterize_duplicate_name;
mod parameterize_unknown_param;
mod reserved_decorator;
mod stale_baseline;
mod subdag_unresolved_input;
mod unclear_target;
mod unfit_step;
mod unknown_function;
mod unknown_param;

mod config_key_unknown;
mod config_value_type;
mod config_variants_gap;
mod config_variants_overlap;
mod resolve_failed;

mod retry_input_not_clone;
mod retry_settings;
mod timeout_cannot_cancel;
mod timeout_shorter_than_retries;

mod global_state;
mod undocumented_node;
mod verb_named_node;

mod allow_without_reason;
mod unknown_rule;
mod unlinked_node;
mod unused_allow;

mod omitted_rule;

pub use omitted_rule::{OmittedRule, omitted_rules};

use crate::Rule;

const RULES: [&dyn Rule; 108] = [
    &missing_input::MissingInput,
    &duplicate_node::DuplicateNode,
    &dependency_cycle::DependencyCycle,
    &edge_type_mismatch::EdgeTypeMismatch,
    &unused_node::UnusedNode,
    &unknown_output::UnknownOutput,
    &shadowed_node::ShadowedNode,
    &unused_input::UnusedInput,
    &node_without_output::NodeWithoutOutput,
    &node_is_method::NodeIsMethod,
    &generic_node::GenericNode,
    &opaque_output::OpaqueOutput,
    &conflicting_input::ConflictingInput,
    &context_param::ContextParam,
    &unknown_override::UnknownOverride,
    &moved_value::MovedValue,
    &output_given_twice::OutputGivenTwice,
    &wrong_input_type::WrongInputType,
    &input_is_node::InputIsNode,
    &input_is_config::InputIsConfig,
    &wrong_output_type::WrongOutputType,
    &output_refused::OutputRefused,
    &shared_input_refused::SharedInputRefused,
    &misspelt_param::MisspeltParam,
    &unsupported_function::UnsupportedFunction,
    &unsupported_param::UnsupportedParam,
    &unsupported_output::UnsupportedOutput,
    &hidden_condition::HiddenCondition,
    &invalid_default::InvalidDefault,
    &invalid_dataflow::InvalidDataflow,
    &unclear_visibility::UnclearVisibility,
    &redundant_attribute::RedundantAttribute,
    &invalid_option::InvalidOption,
    &function_in_macro_call::FunctionInMacroCall,
    &uncompilable_output::UncompilableOutput,
    &violation::ValidatorViolation,
    &build_hook_failed::BuildHookFailed,
    &invalid_layer::InvalidLayer,
    &async_node_under_sync_adapter::AsyncNodeUnderSyncAdapter,
    &unsupported_decorator::UnsupportedDecorator,
    &partly_supported_decorator::PartlySupportedDecorator,
    &decorator_has_no_effect::DecoratorHasNoEffect,
    &mixed_async_variants::MixedAsyncVariants,
    &unsupported_node::UnsupportedNode,
    &future_input_under_sync_adapter::FutureInputUnderSyncAdapter,
    &blocking_call::BlockingCall,
    &lock_across_await::LockAcrossAwait,
    &refcell_across_await::RefcellAcrossAwait,
    &block_on::BlockOn,
    &runtime_in_node::RuntimeInNode,
    &async_without_await::AsyncWithoutAwait,
    &large_future::LargeFuture,
    &detached_task::DetachedTask,
    &await_in_loop::AwaitInLoop,
    &busy_wait::BusyWait,
    &blocking_inline::BlockingInline,
    &expand_without_collect::ExpandWithoutCollect,
    &collect_without_expand::CollectWithoutExpand,
    &items_of_two_expansions::ItemsOfTwoExpansions,
    &expand_collected_at_once::ExpandCollectedAtOnce,
    &errors_not_collected::ErrorsNotCollected,
    &collects_own_block::CollectsOwnBlock,
    &streamed_and_collected::StreamedAndCollected,
    &unbounded_fan_out::UnboundedFanOut,
    &extract_arity::ExtractArity,
    &decorator_above_node::DecoratorAboveNode,
    &decorator_order::DecoratorOrder,
    &duplicate_decorator::DuplicateDecorator,
    &conflicting_decorators::ConflictingDecorators,
    &check_output_wrong_type::CheckOutputWrongType,
    &parameterize_unknown_param::ParameterizeUnknownParam,
    &parameterize_duplicate_name::ParameterizeDuplicateName,
    &mutate_target_missing::MutateTargetMissing,
    &subdag_unresolved_input::SubdagUnresolvedInput,
    &unknown_param::UnknownParam,
    &param_bound_twice::ParamBoundTwice,
    &unfit_step::UnfitStep,
    &nothing_to_decorate::NothingToDecorate,
    &unclear_target::UnclearTarget,
    &invalid_tag::InvalidTag,
    &decorator_type_mismatch::DecoratorTypeMismatch,
    &broken_promise::BrokenPromise,
    &decorator_panicked::DecoratorPanicked,
    &invalid_argument::InvalidArgument,
    &reserved_decorator::ReservedDecorator,
    &misplaced_decorator::MisplacedDecorator,
    &decorator_without_effect::DecoratorWithoutEffect,
    &unknown_function::UnknownFunction,
    &invalid_target::InvalidTarget,
    &invalid_part::InvalidPart,
    &invalid_step::InvalidStep,
    &config_variants_overlap::ConfigVariantsOverlap,
    &config_variants_gap::ConfigVariantsGap,
    &config_key_unknown::ConfigKeyUnknown,
    &config_value_type::ConfigValueType,
    &resolve_failed::ResolveFailed,
    &retry_input_not_clone::RetryInputNotClone,
    &timeout_cannot_cancel::TimeoutCannotCancel,
    &timeout_shorter_than_retries::TimeoutShorterThanRetries,
    &retry_settings::RetrySettings,
    &verb_named_node::VerbNamedNode,
    &undocumented_node::UndocumentedNode,
    &global_state::GlobalState,
    &unknown_rule::UnknownRule,
    &unused_allow::UnusedAllow,
    &allow_without_reason::AllowWithoutReason,
    &stale_baseline::StaleBaseline,
    &unlinked_node::UnlinkedNode,
];

/// Returns all rules of icosian, by code.
///
/// # Examples
/// ```
/// let blocking = icosian_rules::rules().iter().find(|rule| rule.metadata().code == "ICO0201");
/// assert_eq!(blocking.map(|rule| rule.metadata().name), Some("blocking-call-in-async-node"));
/// ```
#[must_use]
pub fn rules() -> &'static [&'static dyn Rule] {
    &RULES
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{omitted_rules, rules};
    use crate::RuleMetadata;

    fn all_metadata() -> impl Iterator<Item = &'static RuleMetadata> {
        rules().iter().map(|rule| rule.metadata())
    }

    #[test]
    fn codes_and_names_are_well_formed_unique_and_in_order() {
        let codes: Vec<_> = all_metadata().map(|metadata| metadata.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        let names: HashSet<_> = all_metadata().map(|metadata| metadata.name).collect();
        assert_eq!(names.len(), codes.len());
        for metadata in all_metadata() {
            let digits = metadata.code.strip_prefix("ICO").expect("codes begin alike");
            assert!(digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit()), "{}", metadata.code);
            let kebab = |it: char| it.is_ascii_lowercase() || it == '-';
            assert!(
                metadata.name.chars().all(kebab) && !metadata.name.starts_with("no-"),
                "{}",
                metadata.name
            );
        }
    }

    #[test]
    fn rules_have_pages() {
        let headings = ["## Check", "## Rationale", "## Example", "## Use instead"];
        for metadata in all_metadata() {
            let text = metadata.text();
            let found: Vec<_> =
                text.lines().filter(|line| line.starts_with('#') && !line.starts_with("#[")).collect();
            assert_eq!(found, headings, "{}", metadata.code);
            assert!(metadata.summary().starts_with("Finds "), "{}: {}", metadata.code, metadata.summary());
            assert!(metadata.summary().ends_with('.'), "{}: {}", metadata.code, metadata.summary());
            assert!(
                !metadata.examples("bad").is_empty() && !metadata.examples("good").is_empty(),
                "{}",
                metadata.code
            );
        }
    }

    /// The designed rules. Each is implemented, or omitted with a reason.
    const CATALOGUE: &str = "\
        0001 missing-input, 0002 duplicate-node, 0003 dependency-cycle, 0004 edge-type-mismatch, \
        0005 unused-node, 0006 unknown-output, 0007 shadowed-node, 0008 unused-input, \
        0009 node-without-output, 0010 node-is-method, 0011 generic-node, 0012 opaque-output, \
        0101 async-node-under-sync-adapter, 0102 unsupported-decorator, 0103 partly-supported-decorator, \
        0104 decorator-leaks-future, 0105 async-step-in-sync-pipe, 0106 decorator-has-no-effect, \
        0107 sync-hook-under-async-adapter, 0108 future-not-send, 0109 output-not-send, \
        0110 output-not-serializable-for-remote, 0111 unknown-decorator, 0112 mixed-async-variants, \
        0201 blocking-call-in-async-node, 0202 lock-held-across-await, 0203 refcell-held-across-await, \
        0204 block-on-in-node, 0205 runtime-in-node, 0206 async-without-await, 0207 large-future, \
        0208 cancel-unsafe-under-timeout, 0209 detached-task, 0210 await-in-loop, 0211 busy-wait, \
        0212 blocking-node-inline, 0301 expand-without-collect, 0302 collect-without-expand, \
        0303 items-of-two-expansions, 0304 expand-collected-at-once, 0305 errors-not-collected, \
        0306 expand-and-collect-in-one-node, 0307 streamed-and-collected, 0308 unbounded-fan-out, \
        0309 nested-parallelism, 0310 collect-order-dependent, 0401 extract-unknown-field, \
        0402 extract-arity, 0403 extract-name-collides, 0404 decorator-above-node, 0405 decorator-order, \
        0406 duplicate-decorator, 0407 conflicting-decorators, 0408 check-output-wrong-type, \
        0409 check-output-on-stream, 0410 parameterize-unknown-param, 0411 parameterize-duplicate-name, \
        0412 pipe-step-type-mismatch, 0413 mutate-target-missing, 0414 subdag-unresolved-input, \
        0501 config-variants-overlap, 0502 config-variants-gap, 0503 config-variant-signature, \
        0504 config-key-unknown, 0505 config-value-never, 0601 cache-not-serializable, \
        0602 cache-nondeterministic, 0603 cache-input-without-fingerprint, 0604 cache-key-unordered, \
        0605 cache-on-effect, 0701 retry-non-idempotent, 0702 retry-input-not-clone, \
        0703 timeout-cannot-cancel, 0704 timeout-shorter-than-retries, 0706 retry-on-infallible, \
        0707 timeout-parameter, 0801 large-output-by-value, 0802 cloned-fan-out, 0901 verb-named-node, \
        0902 undocumented-node, 0903 global-state-in-node, 0904 platform-type-over-remote, \
        1001 unknown-rule, 1002 unused-allow, 1003 allow-without-reason, 1004 stale-baseline, \
        1005 unlinked-node,";

    #[test]
    fn designed_rules_are_implemented_or_omitted() {
        let out = || omitted_rules().iter().map(|out| (out.code, out.name));
        let there: HashSet<_> =
            all_metadata().map(|metadata| (metadata.code, metadata.name)).chain(out()).collect();
        let promised = CATALOGUE.split(',').filter_map(|it| it.trim().split_once(' '));
        let promised: Vec<_> = promised.map(|(code, name)| (format!("ICO{code}"), name)).collect();
        assert_eq!(promised.len(), 87);
        for (code, name) in &promised {
            assert!(there.contains(&(code.as_str(), *name)), "{code} {name}");
        }
        assert!(out().is_sorted());
    }

    #[test]
    fn omitted_rules_are_not_implemented() {
        for out in omitted_rules() {
            assert!(
                all_metadata().all(|metadata| metadata.code != out.code && metadata.name != out.name),
                "{}",
                out.code
            );
            assert!(!out.reason.is_empty() && !out.reason.ends_with('.'), "{}", out.code);
        }
    }
}
