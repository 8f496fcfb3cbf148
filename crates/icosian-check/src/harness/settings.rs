//! Config values as they are written, to values of the types that are asked for.

use std::any::Any;
use std::collections::BTreeMap;
use std::str::FromStr;

use icosian_core::{Config, Dataflow, ValueType};
use icosian_rules::Setting;

/// Returns a config. A number without a type has that of the parameters of its name in `flows`; otherwise it is what Rust makes of
/// it, an `i32` or an `f64`.
pub(super) fn config(settings: &BTreeMap<String, Setting>, flows: &[Dataflow]) -> Result<Config, String> {
    let mut config = Config::new();
    for (name, setting) in settings {
        let asked = |given: ValueType| {
            let params = flows.iter().flat_map(Dataflow::nodes).flat_map(|node| node.outline().params());
            let mut named = params.filter(|param| param.source() == name.as_str());
            named.any(|param| param.accepts().any(|it| it == given))
        };
        config = match setting {
            Setting::Flag(value) => config.with(name.clone(), *value),
            Setting::Text(value) => config.with(name.clone(), value.clone()),
            Setting::Number(value) => number(config, name, value, &asked)?,
        };
    }
    Ok(config)
}

type Made = Option<Config>;

fn number(
    config: Config,
    name: &str,
    written: &str,
    asked: &dyn Fn(ValueType) -> bool,
) -> Result<Config, String> {
    let (digits, kind) = Setting::digits(written);
    let no_number = |kind: &str| format!("has a config value `{name}` of `{written}`, which is no `{kind}`");
    macro_rules! of_kinds {
        ($($kind:ident)*) => {{
            // Its own type, then that which is asked for.
            $(if kind == Some(stringify!($kind)) || kind.is_none() && asked(ValueType::of::<$kind>()) {
                return with::<$kind>(&config, name, &digits).ok_or_else(|| no_number(stringify!($kind)));
            })*
        }};
    }
    of_kinds!(i32 i64 u64 u32 usize isize u8 i8 u16 i16 u128 i128 f64 f32);
    if asked(ValueType::of::<String>()) {
        return Ok(config.with(name.to_owned(), written.to_owned()));
    }
    let made: Made = with::<i32>(&config, name, &digits)
        .or_else(|| with::<i64>(&config, name, &digits))
        .or_else(|| with::<f64>(&config, name, &digits));
    made.ok_or_else(|| no_number("number"))
}

fn with<T: Any + Send + Sync + Clone + FromStr>(config: &Config, name: &str, digits: &str) -> Made {
    let value: T = digits.parse().ok()?;
    Some(config.clone().with(name.to_owned(), value))
}
