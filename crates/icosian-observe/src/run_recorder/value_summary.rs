use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_adapter::RunInput;
use icosian_core::Output;
use icosian_core::value::ErasedRef;
use icosian_schema::run::ValueSummary;

use super::limited_json::to_limited_json;
use super::redaction::{REDACTED, Redaction};
use super::value_capture::Capture;
use super::value_length::length_of;

/// Summarizes a value. A panic of its `Serialize` implementation is ignored, because the node itself succeeded.
pub(crate) fn summarize_value(
    output: &Output,
    value: Option<ErasedRef<'_>>,
    capture: Capture,
    max_length: usize,
    redaction: &Redaction,
) -> ValueSummary {
    let value_type = output.value_type().to_string();
    let serialize = || value.and_then(|value| output.serialize(value));
    summarize(value_type, serialize, capture, max_length, redaction)
}

/// Summarizes an input. Only texts, numbers, booleans and lists of them have values, because a run does not know how to serialize others.
pub(crate) fn summarize_input(
    value_type: String,
    input: &RunInput<'_>,
    capture: Capture,
    max_length: usize,
    redaction: &Redaction,
) -> ValueSummary {
    summarize(value_type, || as_plain(input), capture, max_length, redaction)
}

fn summarize<'a>(
    value_type: String,
    serialize: impl Fn() -> Option<&'a dyn erased_serde::Serialize>,
    capture: Capture,
    max_length: usize,
    redaction: &Redaction,
) -> ValueSummary {
    let mut summary = ValueSummary { value_type, ..ValueSummary::default() };
    match capture {
        Capture::Redacted => summary.value = Some(REDACTED.to_owned()),
        Capture::Length => summary.length = guarded(|| length_of(serialize()?)),
        Capture::Value => {
            summary.length = guarded(|| length_of(serialize()?));
            summary.value = guarded(|| to_limited_json(serialize()?, max_length, redaction));
        }
    }
    summary
}

/// Returns the value of an input, if it has one of the plain types.
fn as_plain<'a>(input: &RunInput<'a>) -> Option<&'a dyn erased_serde::Serialize> {
    macro_rules! first_of {
        ($($plain:ty),*) => {
            None$(
                .or_else(|| input.value::<$plain>().map(|value| value as &'a dyn erased_serde::Serialize))
                .or_else(|| input.value::<Vec<$plain>>().map(|value| value as &'a dyn erased_serde::Serialize))
            )*
        };
    }
    first_of!(String, &'static str, bool, char, u64, i64, f64, u32, i32, f32, usize, isize, u16, i16, u8, i8)
}

fn guarded<T>(call: impl FnOnce() -> Option<T>) -> Option<T> {
    let called = catch_unwind(AssertUnwindSafe(call));
    // The drop of a payload may panic itself.
    called.map_err(std::mem::forget).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Capture, Redaction, summarize_value};
    use icosian_core::output_of;
    use icosian_core::value::Cell;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Login {
        user: String,
        password: Option<Vec<String>>,
        tries: u8,
    }

    struct Faulty;

    impl Serialize for Faulty {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("not today")
        }
    }

    fn summary<T: Serialize + Send + Sync + 'static>(
        value: T,
        capture: Capture,
        max_length: usize,
    ) -> String {
        let output = output_of!(T).serializable::<T>();
        let cell = Cell::new(value);
        let summary = summarize_value(&output, cell.value(), capture, max_length, &Redaction::default());
        format!("{} {:?} {:?}", summary.value_type, summary.length, summary.value)
    }

    #[test]
    fn summaries_are_limited_and_redacted() {
        let login = || Login { user: "ada".to_owned(), password: Some(vec!["one".to_owned()]), tries: 2 };
        let lines = [
            summary(login(), Capture::Value, 1000),
            summary(login(), Capture::Length, 1000),
            summary(login(), Capture::Redacted, 1000),
            summary(vec![0_u8; 1_000_000], Capture::Value, 10),
            summary("äöü".repeat(3), Capture::Value, 6),
            summary(vec![login()], Capture::Value, 1000),
            summary(Some(vec![1, 2]), Capture::Length, 1000),
            summary(7_u64, Capture::Value, 1000),
            summary(Faulty, Capture::Value, 1000),
        ];
        insta::assert_snapshot!(lines.join("\n"));
    }
}
