//! Points in time as text.

use std::time::{Duration, UNIX_EPOCH};

/// The last second of the year 9999, the end of RFC 3339.
const LAST_SECOND: u64 = 253_402_300_799;

/// Returns a time in UTC, such as `2026-11-29T22:15:03Z`. Times after the year 9999 are shown as its end.
pub(crate) fn format_rfc3339(microseconds: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_secs((microseconds / 1_000_000).min(LAST_SECOND));
    humantime::format_rfc3339_seconds(time).to_string()
}

/// Returns a time in UTC for people, such as `2026-11-29 22:15:03`.
pub(crate) fn format_utc(microseconds: u64) -> String {
    format_rfc3339(microseconds).trim_end_matches('Z').replacen('T', " ", 1)
}

#[cfg(test)]
mod tests {
    use super::{format_rfc3339, format_utc};

    #[test]
    fn times_are_in_utc() {
        assert_eq!(format_rfc3339(1_790_000_000_000_000), "2026-09-21T14:13:20Z");
        assert_eq!(format_utc(1_790_000_000_000_000), "2026-09-21 14:13:20");
    }

    #[test]
    fn odd_clocks_do_not_panic() {
        assert_eq!(format_utc(0), "1970-01-01 00:00:00");
        assert_eq!(format_utc(u64::MAX), "9999-12-31 23:59:59");
    }
}
