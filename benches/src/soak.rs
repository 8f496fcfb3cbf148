//! Checks that resident memory does not grow over many runs.
//!
//! [`workload`] executes runs of every kind, and [`items`] streams many items in one run. This module samples resident memory and detects growth.

use std::fmt;

pub mod items;
pub mod workload;

/// Resident memory after a number of runs.
///
/// # Examples
/// ```
/// use icosian_benches::soak::Sample;
///
/// let sample = Sample { runs: 25_000, kib: 4_608 };
/// assert_eq!(sample.to_string(), "|      25000 |      4.50 |");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// The number of runs so far.
    pub runs: u64,
    /// Resident memory, in KiB.
    pub kib: u64,
}

impl Sample {
    /// The header of the Markdown table. A sample displays as a line of this table.
    pub const HEAD: &'static str = "|       runs |  RSS, MiB |\n|-----------:|----------:|";
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {:>10} | {:>9.2} |", self.runs, mebibytes(self.kib))
    }
}

/// The number of samples of a soak, at equal intervals.
pub const SAMPLES: u64 = 40;

/// The tolerated growth after warm-up, in KiB.
///
/// A leak of three bytes per run exceeds it within 1,000,000 runs. A smaller tolerance would also report fragmentation in
/// the allocator.
pub const TOLERANCE: u64 = 1_024;

/// The change of resident memory after warm-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The change in KiB. Negative if memory shrank.
    pub kib: i64,
    /// The number of runs between the two measurements.
    pub runs: u64,
}

impl Change {
    /// Returns whether memory grew by more than [`TOLERANCE`].
    #[must_use]
    pub fn is_growth(&self) -> bool {
        u64::try_from(self.kib).is_ok_and(|kib| kib > TOLERANCE)
    }

    /// Returns the change in MiB.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the value is printed with two digits")]
    pub fn mebibytes(&self) -> f64 {
        self.kib as f64 / 1024.0
    }
}

impl fmt::Display for Change {
    #[expect(clippy::cast_precision_loss, reason = "the value is printed with two digits")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.kib as f64 * 1024.0;
        write!(
            f,
            "{:+.2} MiB over {} runs after warm-up, {:+.2} bytes per run; {:.2} MiB are tolerated",
            bytes / 1024.0 / 1024.0,
            self.runs,
            bytes / self.runs.max(1) as f64,
            mebibytes(TOLERANCE),
        )
    }
}

/// Computes the change of resident memory after warm-up.
///
/// The first fifth of the samples is warm-up, in which pools fill. The change is the difference between the medians of the
/// first and the last third of the other samples. Returns `None` for fewer than five samples.
///
/// # Examples
/// ```
/// use icosian_benches::soak::{Sample, measure_change};
///
/// let leaking: Vec<_> = (1..=40).map(|i| Sample { runs: i * 25_000, kib: 4_000 + i * 100 }).collect();
/// assert!(measure_change(&leaking).unwrap().is_growth());
///
/// let flat: Vec<_> = (1..=40).map(|i| Sample { runs: i * 25_000, kib: 4_000 }).collect();
/// assert!(!measure_change(&flat).unwrap().is_growth());
/// ```
#[must_use]
pub fn measure_change(samples: &[Sample]) -> Option<Change> {
    let warm = &samples[samples.len() / 5..];
    if samples.len() < 5 {
        return None;
    }
    let third = warm.len().div_ceil(3);
    let (first, last) = (median(&warm[..third]), median(&warm[warm.len() - third..]));
    let kib = last.kib.cast_signed() - first.kib.cast_signed();
    Some(Change { kib, runs: last.runs - first.runs })
}

/// Returns the median of the runs and of the memory.
fn median(samples: &[Sample]) -> Sample {
    let middle = samples.len() / 2;
    let mut kib: Vec<_> = samples.iter().map(|sample| sample.kib).collect();
    kib.sort_unstable();
    Sample { runs: samples[middle].runs, kib: kib[middle] }
}

/// Returns the resident memory of this process in KiB.
///
/// Reads `VmRSS` in `/proc/self/status`. `/proc/self/statm` is in pages, whose size depends on the system.
///
/// # Errors
/// Returns [`Unmeasurable`] on systems other than Linux.
///
/// # Examples
/// ```
/// # #[cfg(target_os = "linux")]
/// assert!(icosian_benches::soak::resident_memory().unwrap() > 0);
/// ```
pub fn resident_memory() -> Result<u64, Unmeasurable> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|_| Unmeasurable)?;
    parse(&status).ok_or(Unmeasurable)
}

fn parse(status: &str) -> Option<u64> {
    let rest = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    rest.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The error if resident memory cannot be measured.
///
/// # Examples
/// ```
/// let message = icosian_benches::soak::Unmeasurable.to_string();
/// assert!(message.starts_with("resident memory cannot be measured"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmeasurable;

impl fmt::Display for Unmeasurable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("resident memory cannot be measured: `/proc/self/status` exists only on Linux")
    }
}

impl std::error::Error for Unmeasurable {}

#[expect(clippy::cast_precision_loss, reason = "the value is printed with two digits")]
fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::{Change, Sample, TOLERANCE, measure_change, parse};

    fn change(kib: impl Fn(u64) -> u64) -> Change {
        let samples: Vec<_> = (1..=40).map(|i| Sample { runs: i * 25_000, kib: kib(i) }).collect();
        measure_change(&samples).unwrap()
    }

    #[test]
    fn only_more_than_the_tolerance_is_growth() {
        let kib = TOLERANCE.cast_signed();
        assert!(!Change { kib, runs: 1_000 }.is_growth());
        assert!(Change { kib: kib + 1, runs: 1_000 }.is_growth());
    }

    #[test]
    fn leak_of_three_bytes_per_run_is_growth() {
        let leak = change(|i| 4_000 + i * 25_000 * 3 / 1024);
        assert!(leak.is_growth(), "{leak}");
        assert_eq!(
            leak.to_string(),
            "+1.50 MiB over 525000 runs after warm-up, +3.00 bytes per run; 1.00 MiB are tolerated"
        );
    }

    #[test]
    fn late_step_is_growth() {
        assert!(change(|i| if i < 25 { 4_000 } else { 6_000 }).is_growth());
    }

    #[test]
    fn growth_during_warm_up_is_ignored() {
        assert_eq!(change(|i| 4_000 + i.min(8) * 1_000).kib, 0);
    }

    #[test]
    fn noise_peaks_and_shrinking_are_not_growth() {
        assert!(!change(|i| 4_000 + i * 7_919 % 500).is_growth());
        assert!(!change(|i| if i == 39 { 90_000 } else { 4_000 }).is_growth());
        assert_eq!(change(|i| 90_000 - i * 100).to_string().split(' ').next(), Some("-2.05"));
    }

    #[test]
    fn too_few_samples_have_no_change() {
        assert_eq!(measure_change(&[Sample { runs: 1, kib: 1 }; 4]), None);
        assert_eq!(measure_change(&[]), None);
    }

    #[test]
    fn resident_memory_is_parsed() {
        assert_eq!(parse("VmHWM:\t    2300 kB\nVmRSS:\t    2228 kB\nRssAnon:\t148 kB\n"), Some(2228));
        assert_eq!(parse("VmHWM:\t    2300 kB\n"), None);
    }
}
