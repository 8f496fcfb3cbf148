use std::fmt::Debug;

use crate::{Facts, Finding, RuleMetadata};

/// A fault that a dataflow can have, and the check that finds it.
///
/// [`rule!`](crate::rule!) writes the implementation from a documented function.
///
/// # Examples
/// ```
/// use icosian_rules::{RuleMetadata, Facts, Finding, Level, Rule, Stage};
///
/// #[derive(Debug)]
/// struct ShoutingNode;
///
/// impl Rule for ShoutingNode {
///     fn metadata(&self) -> &'static RuleMetadata {
///         const CARD: RuleMetadata = RuleMetadata::new("ACM0001", "shouting-node", Level::Warn, Stage::Macro);
///         &CARD
///     }
///
///     fn check(&self, facts: &Facts) -> Vec<Finding> {
///         let loud = facts.functions().filter(|it| it.name.chars().all(char::is_uppercase));
///         loud.map(|it| Finding::new(it.name_span, format!("node `{}` shouts", it.name))).collect()
///     }
/// }
/// assert_eq!(ShoutingNode.check(&Facts::default()), []);
/// ```
pub trait Rule: Debug + Send + Sync {
    /// Returns the rule's metadata.
    fn metadata(&self) -> &'static RuleMetadata;

    /// Returns the violations in `facts`. A check never guesses: an unknown fact is no violation.
    fn check(&self, facts: &Facts) -> Vec<Finding>;
}

/// Declares a unit struct that implements [`Rule`]. Its doc comment is the rule's page.
///
/// The page has the sections `Check`, `Rationale`, `Example` and `Use instead`. The first sentence of `Check` is the rule's
/// summary.
///
/// The check follows the struct. It is one of these:
/// - a function or a closure from [`Facts`] to a `Vec` of [`Finding`]s;
/// - `reported_by_reader` or `reported_by_driver`, for rules without a separate check;
/// - `reported_by_clippy("lint", finding)`, which turns each [`Remark`](crate::Remark) of a clippy lint into a finding. The stage
///   is `Clippy`.
///
/// Faults of the source and refusals of a driver with the rule's code are always findings, see [`Facts::faults`] and
/// [`PlanFacts::refusals`](crate::PlanFacts::refusals).
///
/// # Examples
/// ```
/// use icosian_rules::{Finding, Rule, rule};
///
/// rule! {
///     /// ## Check
///     /// Finds nodes that shout.
///     pub struct ShoutingNode {
///         code: "ACM0001",
///         name: "shouting-node",
///         level: Warn,
///         stage: Macro,
///     }
///     |facts| {
///         let loud = facts.functions().filter(|it| it.name.chars().all(char::is_uppercase));
///         loud.map(|it| Finding::new(it.name_span, format!("node `{}` shouts", it.name))).collect()
///     }
/// }
/// assert_eq!(ShoutingNode.metadata().summary(), "Finds nodes that shout.");
/// ```
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:expr])*
        $visibility:vis struct $rule:ident { $($metadata:tt)* }
        reported_by_driver
    ) => {
        $crate::rule! {
            $(#[doc = $doc])*
            $visibility struct $rule { $($metadata)* }
            |_: &$crate::Facts| ::std::vec::Vec::new()
        }
    };
    (
        $(#[doc = $doc:expr])*
        $visibility:vis struct $rule:ident { $($metadata:tt)* }
        reported_by_reader
    ) => {
        $crate::rule! {
            $(#[doc = $doc])*
            $visibility struct $rule { $($metadata)* }
            |_: &$crate::Facts| ::std::vec::Vec::new()
        }
    };
    (
        $(#[doc = $doc:expr])*
        $visibility:vis struct $rule:ident { $($metadata:tt)* }
        reported_by_clippy($lint:literal, $finding:expr)
    ) => {
        $crate::rule! {
            $(#[doc = $doc])*
            $visibility struct $rule { $($metadata)* lint: $lint, }
            |facts: &$crate::Facts| facts.remarks($lint).map($finding).collect()
        }
    };
    (
        $(#[doc = $doc:expr])*
        $visibility:vis struct $rule:ident {
            code: $code:literal,
            name: $name:literal,
            level: $level:ident,
            stage: $stage:ident,
            $(fix: $fix:ident,)?
            $(lint: $lint:literal,)?
        }
        $check:expr
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug)]
        $visibility struct $rule;

        impl $crate::Rule for $rule {
            fn metadata(&self) -> &'static $crate::RuleMetadata {
                const CARD: $crate::RuleMetadata =
                    $crate::RuleMetadata::new($code, $name, $crate::Level::$level, $crate::Stage::$stage)
                        $(.fixed($crate::Safety::$fix))?
                        $(.told_by($lint))?
                        .with_documentation(::core::concat!($($doc, "\n"),*));
                &CARD
            }

            fn check(&self, facts: &$crate::Facts) -> ::std::vec::Vec<$crate::Finding> {
                let check: fn(&$crate::Facts) -> ::std::vec::Vec<$crate::Finding> = $check;
                let mut found = check(facts);
                found.extend(facts.refused_as($code));
                found
            }
        }
    };
}
