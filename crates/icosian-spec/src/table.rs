use ArgumentKind::{
    Binding, Condition, Count, Duration, DurationRange, Expression, Flag, Function, Importance, ItemErrors,
    Name, Names, Node, Part, Predicate, Step, Tag, Type, Wiring,
};

use crate::{Argument, ArgumentKind, Caps, DecoratorSpec, FaultText, OneOf, Phase, Repetition, Row, WorksOn};

/// Writes the enum and the rows.
macro_rules! table {
    ($(
        #[doc = $summary:literal]
        $id:ident($name:literal, $phase:ident) $(. $method:ident($($argument:expr),* $(,)?))*;
    )*) => {
        /// A built-in decorator, or a name that is reserved for one.
        ///
        /// # Examples
        /// ```
        /// use icosian_spec::BuiltIn;
        ///
        /// assert_eq!(BuiltIn::named("tag"), Some(BuiltIn::Tag));
        /// assert_eq!(BuiltIn::named("shout"), None);
        /// assert_eq!(BuiltIn::Tag.name(), "tag");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum BuiltIn {
            $(#[doc = $summary] $id,)*
        }

        /// The rows, in the order of the enum.
        const ROWS: &[Row] = &[
            $(Row::new(BuiltIn::$id, $name, Phase::$phase, $summary)$(.$method($($argument),*))*,)*
        ];
    };
}

impl BuiltIn {
    /// Returns the decorator with this attribute name, reserved or not.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|it| it.name() == name)
    }

    /// Returns all decorators and reserved names, in the order of their phases.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        ROWS.iter().map(Row::built_in)
    }

    /// Returns the decorators that exist, in the order of their phases.
    pub fn available() -> impl Iterator<Item = Self> + Clone {
        Self::all().filter(|it| it.row().reserved_for().is_none())
    }

    /// Returns the decorator's row.
    #[must_use]
    pub const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Returns the attribute's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name()
    }

    /// Returns the name, the phase and the capabilities that hold whatever the arguments are.
    #[must_use]
    pub const fn spec(self) -> DecoratorSpec {
        *self.row().spec()
    }

    /// Returns the spec of the decorator with its argument `name`.
    ///
    /// # Panics
    /// If the decorator has no such argument.
    #[must_use]
    pub fn spec_with(self, name: &str) -> DecoratorSpec {
        let argument = self.row().arguments().iter().find(|it| it.name() == name);
        self.spec().uses(argument.expect("the argument is in the table").used())
    }
}

const ON: Argument = Argument::named("on", Names);
const NAMED: Argument = Argument::named("named", Name);
const COMPARISONS: &[Argument] = &[Argument::repeatable("condition", Condition), NAMED];
const NODES: &[Argument] = &[Argument::repeatable("node", Node)];
const PARTS: &[Argument] =
    &[Argument::repeatable("part", Part), Argument::named("fill_with", Expression), ON];
const CHECKS: &[Argument] = &[
    Argument::named("range", Expression),
    Argument::named("values_in", Expression),
    Argument::named("data_type", Type),
    Argument::named("allow_nans", Expression),
    Argument::named("max_fraction_nans", Expression),
    Argument::named("max_standard_dev", Expression),
    Argument::named("mean_in_range", Expression),
    Argument::named("allow_none", Expression),
    Argument::named("contains", Expression),
    Argument::named("does_not_contain", Expression),
    Argument::named("importance", Importance),
    ON,
    Argument::named("schema", Expression),
];
const STEPS_BEFORE: &[Argument] = &[
    Argument::repeatable("step", Step),
    Argument::named("on_input", Names),
    Argument::named("namespace", Name),
    Argument::named("without_namespace", Flag),
];
const STEPS_AFTER: &[Argument] = &[
    Argument::repeatable("step", Step),
    Argument::named("on_output", Names),
    Argument::named("namespace", Name),
    Argument::named("without_namespace", Flag),
];
const INCLUDED: &[Argument] = &[
    Argument::positional("dataflow", Expression),
    Argument::named("inputs", Wiring),
    Argument::named("config", Wiring),
    Argument::named("external", Names),
    Argument::named("namespace", Name),
];

table! {
    /// Creates the decorator of a function from config.
    Resolve("resolve", Resolve)
        .arguments_are(&[Argument::positional("make", Expression)])
        .deferred();
    /// Creates the decorator of a function from config, under Hamilton's name.
    ResolveFromConfig("resolve_from_config", Resolve)
        .in_folder("resolve")
        .variant_of(BuiltIn::Resolve)
        .arguments_are(&[Argument::positional("make", Expression)])
        .deferred();
    /// Keeps the function if config values are equal to given ones.
    ConfigWhen("config_when", Resolve)
        .arguments_are(COMPARISONS)
        .repeats(Repetition::Idempotent);
    /// Keeps the function if config values differ from given ones.
    ConfigWhenNot("config_when_not", Resolve)
        .in_folder("config_when")
        .variant_of(BuiltIn::ConfigWhen)
        .arguments_are(COMPARISONS)
        .repeats(Repetition::Idempotent);
    /// Keeps the function if config values are in given lists.
    ConfigWhenIn("config_when_in", Resolve)
        .in_folder("config_when")
        .variant_of(BuiltIn::ConfigWhen)
        .arguments_are(COMPARISONS)
        .repeats(Repetition::Idempotent);
    /// Keeps the function if config values are not in given lists.
    ConfigWhenNotIn("config_when_not_in", Resolve)
        .in_folder("config_when")
        .variant_of(BuiltIn::ConfigWhen)
        .arguments_are(COMPARISONS)
        .repeats(Repetition::Idempotent);
    /// Keeps the function if a predicate of the config holds.
    Config("config", Resolve)
        .in_folder("config_when")
        .variant_of(BuiltIn::ConfigWhen)
        .arguments_are(&[Argument::positional("predicate", Expression), NAMED]);
    /// Excludes the function from the nodes.
    Exclude("exclude", Resolve)
        .creates("Exclude")
        .repeats(Repetition::Once { help: "remove one of the two" });
    /// Adds the function as a step behind the outputs of other functions.
    Mutate("mutate", Resolve)
        .arguments_are(&[Argument::repeatable("target", Function), Argument::repeatable("binding", Binding)]);
    /// Replaces the body by another function.
    Does("does", Create)
        .arguments_are(&[Argument::positional("function", Function), Argument::repeatable("binding", Name)]);
    /// Includes a dataflow in place of the function's parameters.
    Subdag("subdag", Create)
        .arguments_are(INCLUDED);
    /// Includes a dataflow several times, each with its own inputs and config.
    ParameterizedSubdag("parameterized_subdag", Create)
        .in_folder("subdag")
        .arguments_are(INCLUDED);
    /// Adds steps before a parameter.
    PipeInput("pipe_input", Inject)
        .arguments_are(STEPS_BEFORE);
    /// Creates several nodes from one function, each with its own sources and values.
    Parameterize("parameterize", Parameterize)
        .arguments_are(NODES);
    /// Creates several nodes from one function, each with its own sources.
    ParameterizeSources("parameterize_sources", Parameterize)
        .in_folder("parameterize")
        .variant_of(BuiltIn::Parameterize)
        .arguments_are(NODES);
    /// Creates several nodes from one function, each with its own values.
    ParameterizeValues("parameterize_values", Parameterize)
        .in_folder("parameterize")
        .variant_of(BuiltIn::Parameterize)
        .arguments_are(NODES);
    /// Binds parameters to sources and values.
    Inject("inject", Parameterize)
        .arguments_are(&[Argument::repeatable("binding", Binding)]);
    /// Creates a node for each named part of an output.
    ExtractOutputs("extract_outputs", Transform)
        .arguments_are(PARTS)
        .repeats(Repetition::Idempotent)
        .extracts();
    /// Creates a node for each named field or map entry of an output.
    ExtractFields("extract_fields", Transform)
        .in_folder("extract_outputs")
        .arguments_are(PARTS)
        .repeats(Repetition::Idempotent)
        .extracts();
    /// Creates a node for each named position of a tuple.
    UnpackFields("unpack_fields", Transform)
        .in_folder("extract_outputs")
        .arguments_are(PARTS)
        .repeats(Repetition::Idempotent)
        .extracts();
    /// Checks an output with validators chosen by arguments.
    CheckOutput("check_output", Transform)
        .arguments_are(CHECKS);
    /// Checks an output with custom validators, sync or async.
    CheckOutputCustom("check_output_custom", Transform)
        .in_folder("check_output")
        .variant_of(BuiltIn::CheckOutput)
        .arguments_are(&[
            Argument::repeatable("validator", Expression), Argument::named("importance", Importance), ON,
        ]);
    /// Adds steps behind an output.
    PipeOutput("pipe_output", Transform)
        .arguments_are(STEPS_AFTER);
    /// Adds tags to nodes.
    Tag("tag", Mark)
        .arguments_are(&[Argument::repeatable("tag", Tag), ON, Argument::named("on_all", Flag)])
        .repeats(Repetition::Idempotent);
    /// Adds tags to single nodes of a function.
    TagOutputs("tag_outputs", Mark)
        .arguments_are(NODES)
        .repeats(Repetition::Idempotent);
    /// Runs the nodes that read the function once for each of its items.
    Expand("expand", Mark)
        .arguments_are(&[Argument::named("concurrency", Count), Argument::named("on_error", ItemErrors)])
        .repeats(Repetition::Once { help: "write all arguments in one of them" });
    /// Sets options for adapters that run nodes on other machines.
    Remote("remote", Wrap)
        .arguments_are(&[Argument::repeatable("option", Expression)])
        .uses(Caps::REMOTE)
        .schedules();
    /// Calls the function again when it fails.
    Retry("retry", Wrap)
        .arguments_are(&[
            Argument::named("attempts", Count)
            .or_refuse("has no number of attempts", "write `attempts = 3`"),
            Argument::named("backoff", DurationRange).uses(Caps::TIMER),
            Argument::named("jitter", Flag),
            Argument::named("when", Predicate),
            Argument::named("when_any", Predicate),
        ])
        .works_on(WorksOn::FallibleFunctions);
    /// Cancels an async or offloaded function that takes too long.
    Timeout("timeout", Wrap)
        .arguments_are(&[Argument::positional("limit", Duration)])
        .requires(Caps::TIMER.with(Caps::INTERRUPT));
    /// Adds the function to a named concurrency limit.
    Limit("limit", Wrap)
        .creates("Limit")
        .arguments_are(&[
            Argument::positional("group", Name)
                .or_refuse("names no group", "write `\"group\"` as the first argument"),
            Argument::named("max_concurrency", Count),
        ])
        .requires(Caps::GROUPS)
        .repeats(Repetition::Once { help: "remove one of the two: a function is in one group" })
        .schedules();
    /// Limits the starts of the function per time, with a named budget.
    RateLimit("rate_limit", Wrap)
        .creates("LimitRate")
        .arguments_are(&[
            Argument::positional("budget", Name).or_refuse("has no budget", "write the name first, as in `\"budget\"`"),
            Argument::named("per_second", Count),
            Argument::named("per_minute", Count),
            Argument::named("burst", Count),
        ])
        .one_of(OneOf {
            names: &["per_second", "per_minute"],
            none: FaultText { message: "has no rate", help: "write `per_second = ..` or `per_minute = ..`" },
            several: FaultText {
                message: "`#[rate_limit]` has two rates",
                help: "write one of `per_second = ..` and `per_minute = ..`",
            },
        })
        .requires(Caps::RATE_LIMITS.with(Caps::TIMER))
        .repeats(Repetition::Once { help: "write one of them: a function has one rate limit" })
        .schedules();
    /// Runs the function on a thread for blocking work.
    Offload("offload", Wrap)
        .creates("Offload")
        .uses(Caps::THREADS)
        .provides(Caps::INTERRUPT)
        .repeats(Repetition::Idempotent)
        .places();
    /// Runs each call of the function on a separate task.
    Spawn("spawn", Wrap)
        .creates("Spawn")
        .requires(Caps::TASKS)
        .repeats(Repetition::Idempotent)
        .places();
    /// Replaces an error by a value or by the result of another function.
    Fallback("fallback", Wrap)
        .arguments_are(&[
            Argument::positional("function", Function),
            Argument::named("value", Expression),
            Argument::named("with", Expression),
        ])
        .one_of(OneOf {
            names: &["function", "value", "with"],
            none: FaultText {
                message: "has no value",
                help: "write `value = ..`, `with = |error| ..` or the path of a function",
            },
            several: FaultText {
                message: "`#[fallback]` has two values",
                help: "write one of `value = ..`, `with = ..` and a function, or a second `#[fallback]`",
            },
        })
        .works_on(WorksOn::FallibleFunctions);
    /// Applies a custom decorator, given by an expression.
    Decorate("decorate", Wrap)
        .arguments_are(&[Argument::positional("decorator", Expression)])
        .deferred();

    /// Creates a node for each column of a dataframe.
    ExtractColumns("extract_columns", Transform).reserved("it splits dataframes");
    /// Creates several nodes from one function, and a node for each column of their outputs.
    ParameterizeExtractColumns("parameterize_extract_columns", Parameterize)
        .reserved("it splits dataframes");
    /// Adds columns to a dataframe.
    WithColumns("with_columns", Inject).reserved("it adds columns to dataframes");
    /// Declares the columns of a dataframe.
    Schema("schema", Mark).reserved("it declares the columns of dataframes");
    /// Reads a parameter from storage.
    LoadFrom("load_from", Inject).reserved("it reads from data stores");
    /// Writes an output to storage.
    SaveTo("save_to", Transform).reserved("it writes to data stores");
    /// Declares a function as a reader of data, with metadata.
    DataLoader("dataloader", Create).reserved("it reads from data stores");
    /// Declares a function as a writer of data, with metadata.
    DataSaver("datasaver", Create).reserved("it writes to data stores");
    /// Keeps an output between runs.
    Cache("cache", Mark).reserved("it stores outputs between runs");
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names = HashSet::new();
        assert!(BuiltIn::all().all(|it| names.insert(it.name())));
    }

    #[test]
    fn available_decorators_are_ordered_by_phase() {
        let phases: Vec<_> = BuiltIn::available().map(|it| it.row().phase()).collect();
        assert!(phases.is_sorted(), "{phases:?}");
    }

    #[test]
    fn variants_share_the_phase_the_capabilities_and_the_folder() {
        for row in BuiltIn::all().map(BuiltIn::row) {
            let Some(other) = row.is_variant_of().map(BuiltIn::row) else { continue };
            assert_eq!(row.spec().with_name(""), other.spec().with_name(""), "{}", row.name());
            assert_eq!(row.folder(), other.folder(), "{}", row.name());
        }
    }

    #[test]
    fn positional_arguments_come_first() {
        for row in BuiltIn::all().map(BuiltIn::row) {
            let positional: Vec<_> = row.arguments().iter().map(|it| !it.is_positional()).collect();
            assert!(positional.is_sorted(), "{}", row.name());
        }
    }

    #[test]
    fn alternatives_are_arguments() {
        for row in BuiltIn::all().map(BuiltIn::row) {
            let names = row.alternatives().map_or(&[][..], |it| it.names);
            assert!(
                names.iter().all(|name| row.arguments().iter().any(|it| it.name() == *name)),
                "{}",
                row.name()
            );
        }
    }
}
