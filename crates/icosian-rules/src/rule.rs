use std::fmt::Debug;

use crate::{Card, Facts, Finding};

/// Something that can be wrong with a dataflow, and how to find it.
///
/// [`rule!`](crate::rule!) writes the implementation from a documented function.
///
/// # Examples
/// ```
/// use icosian_rules::{Card, Facts, Finding, Level, Rule, Stage};
///
/// #[derive(Debug)]
/// struct ShoutingNode;
///
/// impl Rule for ShoutingNode {
///     fn card(&self) -> &'static Card {
///         const CARD: Card = Card::new("ACM0001", "shouting-node", Level::Warn, Stage::Macro);
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
    /// Returns what the rule says of itself.
    fn card(&self) -> &'static Card;

    /// Returns every place where `facts` break the rule. It says nothing where it would have to guess.
    fn check(&self, facts: &Facts) -> Vec<Finding>;
}

/// Writes a unit struct that is a [`Rule`], with its doc comment as the rule's documentation.
///
/// What stands at the end is a function or a closure from [`Facts`] to a `Vec` of [`Finding`]s; or `told_by_build`, for what
/// nobody but a driver finds. What a driver refuses with the rule's code is a finding in any case: see
/// [`PlanFacts::refusals`](crate::PlanFacts::refusals). `told_by_clippy("lint", finding)` makes a finding of each
/// [`Remark`](crate::Remark) of a lint of clippy's, which the linter then asks for; the stage is `Clippy`.
///
/// # Examples
/// ```
/// use icosian_rules::{Finding, Rule, rule};
///
/// rule! {
///     /// ## What it does
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
/// assert_eq!(ShoutingNode.card().summary(), "Finds nodes that shout.");
/// ```
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:expr])*
        $visibility:vis struct $rule:ident { $($card:tt)* }
        told_by_build
    ) => {
        $crate::rule! {
            $(#[doc = $doc])*
            $visibility struct $rule { $($card)* }
            |_: &$crate::Facts| ::std::vec::Vec::new()
        }
    };
    (
        $(#[doc = $doc:expr])*
        $visibility:vis struct $rule:ident { $($card:tt)* }
        told_by_clippy($lint:literal, $finding:expr)
    ) => {
        $crate::rule! {
            $(#[doc = $doc])*
            $visibility struct $rule { $($card)* lint: $lint, }
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
            fn card(&self) -> &'static $crate::Card {
                const CARD: $crate::Card =
                    $crate::Card::new($code, $name, $crate::Level::$level, $crate::Stage::$stage)
                        $(.fixed($crate::Safety::$fix))?
                        $(.told_by($lint))?
                        .documented(::core::concat!($($doc, "\n"),*));
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
