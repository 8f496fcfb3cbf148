//! Durations as text.

/// Formats a duration in microseconds with about three digits, such as `12.3 ms`.
///
/// The text has at most eight characters. `micro` is the sign for micro: `µ` or `u`.
pub(crate) fn format_duration(microseconds: u64, micro: char) -> String {
    const MILLISECOND: u64 = 1_000;
    const SECOND: u64 = 1_000_000;
    const MINUTE: u64 = 60 * SECOND;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    // Values that would be rounded to 1000 ms, 60 s or 60 minutes belong to the next unit.
    let limits = [1, MILLISECOND, 999_500, 59_950_000, HOUR - SECOND / 2, DAY, 1_000 * DAY];
    match limits.iter().filter(|limit| microseconds >= **limit).count() {
        0 => "0 ms".to_owned(),
        1 => format!("{microseconds} {micro}s"),
        2 => three_digits(microseconds, MILLISECOND, "ms"),
        3 => three_digits(microseconds, SECOND, "s"),
        4 => {
            let seconds = (microseconds + SECOND / 2) / SECOND;
            format!("{}m {:02}s", seconds / 60, seconds % 60)
        }
        5 => {
            let minutes = (microseconds + MINUTE / 2) / MINUTE;
            format!("{}h {:02}m", minutes / 60, minutes % 60)
        }
        6 => format!("{}d {:02}h", microseconds / DAY, microseconds % DAY / HOUR),
        _ => "> 999 d".to_owned(),
    }
}

/// Formats `value / unit` with three significant digits, in integers.
fn three_digits(value: u64, unit: u64, name: &str) -> String {
    let hundredths = (value * 100 + unit / 2) / unit;
    if hundredths < 1_000 {
        return format!("{}.{:02} {name}", hundredths / 100, hundredths % 100);
    }
    if hundredths < 9_995 {
        let tenths = (value * 10 + unit / 2) / unit;
        return format!("{}.{} {name}", tenths / 10, tenths % 10);
    }
    format!("{} {name}", (value + unit / 2) / unit)
}

#[cfg(test)]
mod tests {
    use super::format_duration;

    #[test]
    fn durations_have_three_digits() {
        let shown = [
            0,
            7,
            999,
            1_000,
            1_234,
            12_345,
            99_960,
            999_499,
            999_500,
            1_500_000,
            59_949_999,
            59_950_000,
            125_400_000,
            3_599_999_999,
            3_600_000_000,
            90_061_000_000,
            u64::MAX,
        ];
        let shown = shown.map(|it| format_duration(it, 'µ')).join(", ");
        assert_eq!(
            shown,
            "0 ms, 7 µs, 999 µs, 1.00 ms, 1.23 ms, 12.3 ms, 100 ms, 999 ms, 1.00 s, 1.50 s, 59.9 s, 1m 00s, 2m 05s, 1h 00m, \
             1h 00m, 1d 01h, > 999 d"
        );
    }

    #[test]
    fn ascii_has_no_micro_sign() {
        assert_eq!(format_duration(12, 'u'), "12 us");
    }
}
