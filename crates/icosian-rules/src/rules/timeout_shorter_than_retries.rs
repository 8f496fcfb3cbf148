use std::time::Duration;

use crate::{DecoratorFacts, Facts, Finding, FunctionFacts, Meaning, rule};

rule! {
    /// ## Check
    /// Finds a `timeout` that expires before the `retry` below it can start its last attempts.
    ///
    /// The rule adds up the waits between attempts and ignores the duration of the attempts. It only compares literal
    /// durations and literal numbers of attempts. With `jitter`, a wait can be half as long, so the rule adds up half
    /// of each wait. The driver also reports a `timeout` of zero.
    ///
    /// ## Rationale
    /// The last attempts can never start. The waits are meant for a service that recovers after a while, and the
    /// timeout expires before that.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[timeout("2s")]
    ///     #[retry(attempts = 4, backoff = "1s..10s")]
    ///     pub async fn rate(url: &str) -> Result<f64, Unreachable> { fetch(url).await }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate, with two seconds for each attempt.
    ///     #[retry(attempts = 4, backoff = "1s..10s")]
    ///     #[timeout("2s")]
    ///     pub async fn rate(url: &str) -> Result<f64, Unreachable> { fetch(url).await }
    /// }
    /// ```
    pub(crate) struct TimeoutShorterThanRetries {
        code: "ICO0704",
        name: "timeout-shorter-than-retries",
        level: Warn,
        stage: Source,
    }
    |facts: &Facts| facts.functions().flat_map(too_short).collect()
}

fn too_short(function: &FunctionFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, timeout) in function.decorators.iter().enumerate() {
        let Some(Meaning::Within(time)) = timeout.meaning.known() else { continue };
        let mut below = function.decorators[at + 1..].iter();
        let first = below.find_map(|retry| Some((retry, too_late(retry, *time)?)));
        if let Some((retry, (attempt, waits))) = first {
            let message =
                format!("`timeout` on `{}` expires before attempt {attempt} can start", function.name);
            let finding = Finding::new(timeout.span, message).labelled(format!("expires after {time:?}"));
            let finding =
                finding.also(retry.span, format!("waits at least {waits:?} before attempt {attempt}"));
            findings
                .push(finding.help("raise the limit, or move `timeout` below `retry` to limit each attempt"));
        }
    }
    findings
}

/// Returns the first attempt of `retry` that cannot begin within `time`, and the sum of the waits before it.
fn too_late(retry: &DecoratorFacts, time: Duration) -> Option<(u64, Duration)> {
    let Some(Meaning::Attempts { count, shortest, longest, jitter }) = retry.meaning.known() else {
        return None;
    };
    if *jitter {
        // Each wait can be half as long. Half of the waits reach `time` exactly if the full waits reach twice the time.
        let (attempt, waited) = first_late(*count, *shortest, *longest, time.checked_mul(2)?)?;
        return Some((attempt, waited / 2));
    }
    first_late(*count, *shortest, *longest, time)
}

/// Returns the first of `count` attempts that cannot begin within `time`, and the sum of the waits before it.
fn first_late(count: u64, shortest: Duration, longest: Duration, time: Duration) -> Option<(u64, Duration)> {
    if time.is_zero() || shortest.is_zero() || shortest > longest {
        return None;
    }
    let (mut wait, mut waited) = (shortest.min(longest), Duration::ZERO);
    for attempt in 2..=count {
        waited = waited.checked_add(wait)?;
        if waited >= time {
            return Some((attempt, waited));
        }
        // All further waits have this length. Their number is computed, because there may be many.
        if wait == longest {
            let left = time.saturating_sub(waited).as_nanos().div_ceil(wait.as_nanos().max(1));
            let left = u64::try_from(left).ok()?;
            let last = attempt.checked_add(left).filter(|last| *last <= count && !wait.is_zero())?;
            return Some((last, wait.checked_mul(u32::try_from(left).ok()?)?.checked_add(waited)?));
        }
        wait = wait.saturating_mul(2).min(longest);
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::too_late;
    use crate::{DecoratorFacts, Fact, Meaning};

    fn late(count: u64, waits: [u64; 2], time: u64) -> Option<(u64, u64)> {
        late_with(false, count, waits, time)
    }

    fn late_with(jitter: bool, count: u64, waits: [u64; 2], time: u64) -> Option<(u64, u64)> {
        let [shortest, longest] = waits.map(Duration::from_secs);
        let meaning = Fact::Known(Meaning::Attempts { count, shortest, longest, jitter });
        let retry = DecoratorFacts { meaning, ..DecoratorFacts::default() };
        too_late(&retry, Duration::from_secs(time)).map(|(attempt, waited)| (attempt, waited.as_secs()))
    }

    #[test]
    fn waits_add_up() {
        assert_eq!(late(1, [1, 1], 1), None, "a single attempt does not wait");
        assert_eq!(late(2, [1, 1], 1), Some((2, 1)));
        assert_eq!(late(4, [1, 10], 7), Some((4, 7)), "1 + 2 + 4");
        assert_eq!(late(4, [1, 10], 8), None);
        assert_eq!(late(9, [1, 2], 6), Some((5, 7)), "1 + 2 + 2 + 2");
        assert_eq!(late(4, [1, 2], 6), None);
        assert_eq!(late(u64::MAX, [0, 0], 1), None, "it never waits");
        assert_eq!(late(u64::MAX, [0, 9], 1), None, "twice zero is zero");
        assert_eq!(late(9, [1, 1], 0), None, "another rule reports a zero timeout");
        assert_eq!(late(9, [9, 1], 1), None, "another rule reports these waits");
        assert_eq!(late(u64::MAX, [1, 1], 1_000), Some((1_001, 1_000)));
        assert_eq!(late(u64::MAX, [u64::MAX, u64::MAX], 1), Some((2, u64::MAX)));
    }

    #[test]
    fn jitter_halves_the_shortest_waits() {
        let late = |count, waits, time| late_with(true, count, waits, time);
        assert_eq!(late(4, [2, 20], 7), Some((4, 7)), "(2 + 4 + 8) / 2");
        assert_eq!(late(4, [2, 20], 8), None);
        assert_eq!(late(2, [2, 2], 1), Some((2, 1)));
        assert_eq!(late(u64::MAX, [2, 2], 1_000), Some((1_001, 1_000)));
    }
}
