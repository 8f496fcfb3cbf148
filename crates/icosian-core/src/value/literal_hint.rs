use crate::value::ValueType;

/// Returns how to write a number literal of type `wanted`, if `given` is the type that Rust infers for a bare literal.
///
/// `wanted` is a parameter's type as written: a number type, a reference to one, or an `Option` of either.
///
/// # Examples
/// ```
/// use icosian_core::value::{ValueType, literal_hint};
///
/// let hint = literal_hint(ValueType::of::<i32>(), "f64");
/// assert_eq!(hint.as_deref(), Some("the literal `1` is an `i32`: write `1.0`"));
/// assert_eq!(literal_hint(ValueType::of::<String>(), "f64"), None);
/// ```
#[must_use]
pub fn literal_hint(given: ValueType, wanted: &str) -> Option<String> {
    let wanted = wanted.strip_prefix("Option<").and_then(|inner| inner.strip_suffix('>')).unwrap_or(wanted);
    let wanted = wanted.trim_start_matches('&');
    let integers = ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];
    let is_integer = integers.contains(&wanted);
    let literal = match wanted {
        "f64" => "1.0".to_owned(),
        "f32" => "1.0_f32".to_owned(),
        _ if is_integer => format!("1_{wanted}"),
        _ => return None,
    };
    if given == ValueType::of::<i32>() {
        Some(format!("the literal `1` is an `i32`: write `{literal}`"))
    } else if given == ValueType::of::<f64>() && !is_integer {
        Some(format!("the literal `1.0` is an `f64`: write `{literal}`"))
    } else {
        None
    }
}
