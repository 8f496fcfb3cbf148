use std::any::Any;
use std::collections::BTreeMap;
use std::str::FromStr;

use icosian_core::value::ValueType;
use icosian_core::{Config, Dataflow};
use icosian_rules::Setting;

/// Converts the config values of the settings to a config.
///
/// A number without a suffix has the type of the parameters of its name in `flows`, or else the type that Rust infers for it:
/// `i32`, `i64` or `f64`.
pub(super) fn build_config(
    settings: &BTreeMap<String, Setting>,
    flows: &[Dataflow],
) -> Result<Config, String> {
    let mut config = Config::new();
    for (name, setting) in settings {
        let is_read_as = |value_type: ValueType| {
            let params = flows.iter().flat_map(Dataflow::nodes).flat_map(|node| node.outline().params());
            let mut named = params.filter(|param| param.source() == name.as_str());
            named.any(|param| param.accepts().any(|accepted| accepted == value_type))
        };
        config = match setting {
            Setting::Flag(value) => config.with(name.clone(), *value),
            Setting::Text(value) => config.with(name.clone(), value.clone()),
            Setting::Number(value) => with_number(config, name, value, &is_read_as)?,
        };
    }
    Ok(config)
}

fn with_number(
    config: Config,
    name: &str,
    written: &str,
    is_read_as: &dyn Fn(ValueType) -> bool,
) -> Result<Config, String> {
    let (digits, kind) = Setting::digits(written);
    let no_number =
        |kind: &str| format!("has a config value `{name}` of `{written}`, which is not a `{kind}`");
    macro_rules! of_kinds {
        ($($kind:ident)*) => {{
            // The suffix decides; without one, the readers.
            $(if kind == Some(stringify!($kind)) || kind.is_none() && is_read_as(ValueType::of::<$kind>()) {
                return with_parsed::<$kind>(&config, name, &digits).ok_or_else(|| no_number(stringify!($kind)));
            })*
        }};
    }
    of_kinds!(i32 i64 u64 u32 usize isize u8 i8 u16 i16 u128 i128 f64 f32);
    if is_read_as(ValueType::of::<String>()) {
        return Ok(config.with(name.to_owned(), written.to_owned()));
    }
    let inferred = with_parsed::<i32>(&config, name, &digits)
        .or_else(|| with_parsed::<i64>(&config, name, &digits))
        .or_else(|| with_parsed::<f64>(&config, name, &digits));
    inferred.ok_or_else(|| no_number("number"))
}

fn with_parsed<T: Any + Send + Sync + Clone + FromStr>(
    config: &Config,
    name: &str,
    digits: &str,
) -> Option<Config> {
    let value: T = digits.parse().ok()?;
    Some(config.clone().with(name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use icosian_core::{Node, Outline, Param};

    use super::*;

    #[test]
    fn config_value_has_type_of_its_reader() {
        let reads = Outline::new("reads")
            .with_param(Param::borrowed::<u8>("small"))
            .with_param(Param::borrowed::<f32>("share"))
            .with_param(Param::borrowed::<str>("text"));
        let flow = Dataflow::new("numbers").with_node(Node::sync(reads, |_| Ok(())));
        let config = |settings: &[(&str, &str)]| -> Result<Config, String> {
            let settings =
                settings.iter().map(|(name, value)| ((*name).to_owned(), Setting::read(value))).collect();
            build_config(&settings, std::slice::from_ref(&flow))
        };
        let given = config(&[
            ("small", "3"),
            ("share", "1"),
            ("text", "5"),
            ("other", "7"),
            ("large", "7_000_000_000"),
            ("typed", "7u64"),
            ("half", "0.5"),
            ("on", "true"),
        ]);
        insta::assert_debug_snapshot!(given.unwrap(), @r"
        Config {
            half: f64,
            large: i64,
            on: bool,
            other: i32,
            share: f32,
            small: u8,
            text: String,
            typed: u64,
        }
        ");
        let refused = [config(&[("small", "300")]), config(&[("other", "1.5u8")])].map(Result::unwrap_err);
        assert_eq!(
            refused,
            [
                "has a config value `small` of `300`, which is not a `u8`",
                "has a config value `other` of `1.5u8`, which is not a `u8`",
            ]
        );
    }
}
