use icosian_core::decorator::{ConfigChoice, DecorateError};
use icosian_core::{Config, Name, Node, Outline, Value};
use icosian_diagnostics::{Diagnostics, Label, Spanned, nearest};

use crate::decorate_errors::decorate_error;

/// The functions that are variants of a node, and which of them config keeps.
#[derive(Debug, Default)]
pub(crate) struct VariantSelection {
    dataflow: usize,
    all: Vec<FunctionVariant>,
}

/// The effect of config on a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    Kept,
    Dropped,
}

#[derive(Debug)]
struct FunctionVariant {
    dataflow: usize,
    node: Name,
    function: Outline,
    choices: Vec<ConfigChoice>,
    selection: Selection,
}

impl VariantSelection {
    pub(crate) fn next_dataflow(&mut self) {
        self.dataflow += 1;
    }

    pub(crate) fn add(
        &mut self,
        node: Name,
        function: &Outline,
        choices: Vec<ConfigChoice>,
        selection: Selection,
    ) {
        let (dataflow, function) = (self.dataflow, function.clone());
        self.all.push(FunctionVariant { dataflow, node, function, choices, selection });
    }

    /// Reports nodes with two matching variants, and read nodes without one. Returns whether the selected variants are unambiguous.
    pub(crate) fn check(
        &self,
        nodes: &[Vec<Node>],
        config: &Config,
        problems: &mut Diagnostics<DecorateError>,
    ) -> bool {
        let mut is_clear = true;
        for (at, variant) in self.all.iter().enumerate() {
            let same =
                |other: &&FunctionVariant| other.node == variant.node && other.dataflow == variant.dataflow;
            if self.all[..at].iter().any(|other| same(&other)) {
                continue;
            }
            let family: Vec<_> = self.all[at..].iter().filter(same).collect();
            let kept: Vec<_> =
                family.iter().filter(|variant| variant.selection == Selection::Kept).copied().collect();
            match kept.as_slice() {
                [first, second, ..] => {
                    problems.push(overlap_error(first, second));
                    is_clear = false;
                }
                [] if config.value(&variant.node).is_none() => {
                    let all = || nodes.iter().flatten().map(Node::outline);
                    let is_given = all().any(|outline| *outline.name() == variant.node);
                    let mut reads = all().filter(|outline| {
                        let mut params = outline.params().iter().filter(|param| !param.is_optional());
                        params.any(|param| param.reads(&variant.node))
                    });
                    if let (false, Some(reader)) = (is_given, reads.next()) {
                        problems.push(gap(&family, reader, config, &|name| {
                            all().any(|outline| {
                                outline.name() == name
                                    || outline.params().iter().any(|param| param.reads(name))
                            })
                        }));
                    }
                }
                _ => {}
            }
        }
        is_clear
    }
}

fn overlap_error(first: &FunctionVariant, second: &FunctionVariant) -> Spanned<DecorateError> {
    let error = decorate_error(
        "ICO0501 config-variants-overlap",
        format!(
            "config matches two variants of `{}`: `{}` and `{}`",
            first.node,
            first.function.name(),
            second.function.name()
        ),
        "change a condition so that only one of them holds",
    );
    Spanned::new(error, labels(&[second, first], "fits"))
}

fn gap(
    family: &[&FunctionVariant],
    reader: &Outline,
    config: &Config,
    is_read: &dyn Fn(&Name) -> bool,
) -> Spanned<DecorateError> {
    let node = &family[0].node;
    let choices: Vec<&ConfigChoice> = family.iter().flat_map(|variant| &variant.choices).collect();
    let mut keys: Vec<&Name> = Vec::new();
    for choice in &choices {
        if !keys.contains(&choice.key()) {
            keys.push(choice.key());
        }
    }
    let reasons = if keys.is_empty() {
        let names: Vec<_> = family.iter().map(|variant| format!("`{}`", variant.function.name())).collect();
        format!("not {}", names.join(", not "))
    } else {
        keys.iter().map(|key| reason(key, &choices, config)).collect::<Vec<_>>().join("; ")
    };
    let message =
        format!("config matches no variant of `{node}`, which `{}` reads: {reasons}", reader.name());
    Spanned::new(
        decorate_error("ICO0502 config-variants-gap", message, gap_help(node, &keys, config, is_read)),
        labels(family, "does not match"),
    )
}

/// Compares the value of `key` with the values that the variants accept.
fn reason(key: &Name, choices: &[&ConfigChoice], config: &Config) -> String {
    let value = config.entries().find(|(name, _)| *name == key).map(|(_, value)| value);
    let given = match value {
        None => format!("`{key}` is not set"),
        Some(value) => format_value(value).map_or_else(
            || format!("`{key}` is of type `{}`", value.value_type()),
            |value| format!("`{key}` is {value}"),
        ),
    };
    let mut clauses = Vec::new();
    for (is_negated, verb) in [(false, "accept"), (true, "accept all but")] {
        let mut values: Vec<&str> = Vec::new();
        for choice in choices.iter().filter(|choice| choice.key() == key && choice.is_negated() == is_negated)
        {
            for value in choice.values() {
                if !values.contains(&value.as_str()) {
                    values.push(value);
                }
            }
        }
        if !values.is_empty() {
            clauses.push(format!("variants {verb} {}", alternatives(&values)));
        }
    }
    format!("{given}, but {}", clauses.join(", "))
}

/// Joins `values` with commas and "or".
fn alternatives(values: &[&str]) -> String {
    match values {
        [first @ .., second_last, last] => {
            let before = [first, &[*second_last]].concat().join(", ");
            format!("{before} or {last}")
        }
        _ => values.concat(),
    }
}

/// Formats a config value as in source code, if its type is a usual one.
fn format_value(value: &Value) -> Option<String> {
    macro_rules! any_of {
        ($($type:ty)+) => { None$(.or_else(|| value.get::<$type>().map(|value| format!("{value:?}"))))+ };
    }
    any_of!(&'static str String bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64)
}

fn gap_help(node: &Name, keys: &[&Name], config: &Config, is_read: &dyn Fn(&Name) -> bool) -> String {
    let is_set = |name: &Name| config.entries().any(|(set, _)| set == name);
    for key in keys.iter().filter(|key| !is_set(key)) {
        let unread =
            config.entries().map(|(name, _)| name).filter(|name| !keys.contains(name) && !is_read(name));
        if let Some(misspelt) = nearest(key, unread.map(Name::as_str)) {
            return format!("config sets `{misspelt}`, which no node reads; did you mean `{key}`?");
        }
    }
    match keys {
        [] => format!(
            "set the config value of one of the variants, or add a variant of `{node}` for all other values"
        ),
        [key] => {
            format!("set `{key}` to one of these values, or add a variant of `{node}` for all other values")
        }
        _ => format!(
            "set these keys to the values of one of the variants, or add a variant of `{node}` for all other values"
        ),
    }
}

fn labels(variants: &[&FunctionVariant], label: &str) -> Vec<Label> {
    let placed = variants.iter().filter_map(|variant| Some(Label::new(variant.function.location()?, label)));
    placed.collect()
}
