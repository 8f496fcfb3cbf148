//! Whether memory stays flat over very many runs.
//!
//! [`mix`] executes runs of every kind; this module reads how much memory is resident meanwhile, and judges it.

use std::fmt;

pub mod mix;

/// How much memory was resident after some runs.
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
    /// Runs so far.
    pub runs: u64,
    /// Resident memory, in KiB.
    pub kib: u64,
}

impl Sample {
    /// The head of the table whose lines samples display as.
    pub const HEAD: &'static str = "|       runs |  RSS, MiB |\n|-----------:|----------:|";
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {:>10} | {:>9.2} |", self.runs, mebibytes(self.kib))
    }
}

/// How many samples a soak takes, at equal distances.
pub const SAMPLES: u64 = 40;

/// By how many KiB memory may grow after warm-up before it counts as growth.
///
/// Over 1,000,000 runs a leak of three bytes a run is more. Less would also be reached by an allocator that finds no place for
/// something in the pages that it has.
pub const TOLERANCE: u64 = 1_024;

/// How memory changed after warm-up.
///
/// # Examples
/// See [`judge`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// By how many KiB, negative when it became less.
    pub kib: i64,
    /// Over how many runs.
    pub runs: u64,
}

impl Change {
    /// Returns whether this is growth, more than [`TOLERANCE`].
    ///
    /// # Examples
    /// ```
    /// use icosian_benches::soak::{Change, TOLERANCE};
    ///
    /// assert!(!Change { kib: TOLERANCE as i64, runs: 1_000 }.is_growth());
    /// assert!(Change { kib: TOLERANCE as i64 + 1, runs: 1_000 }.is_growth());
    /// ```
    #[must_use]
    pub fn is_growth(&self) -> bool {
        u64::try_from(self.kib).is_ok_and(|kib| kib > TOLERANCE)
    }
}

impl fmt::Display for Change {
    #[expect(clippy::cast_precision_loss, reason = "it is shown with two digits")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.kib as f64 * 1024.0;
        write!(
            f,
            "{:+.2} MiB over {} runs after warm-up, {:+.2} bytes a run; {:.2} MiB are tolerated",
            bytes / 1024.0 / 1024.0,
            self.runs,
            bytes / self.runs.max(1) as f64,
            mebibytes(TOLERANCE),
        )
    }
}

/// Returns how memory changed after warm-up: from the first third of the samples to the last, of each the median.
///
/// The first fifth is warm-up, in which pools fill. `None`: there are too few samples to tell, less than five.
///
/// # Examples
/// ```
/// use icosian_benches::soak::{Sample, judge};
///
/// let leaking: Vec<_> = (1..=40).map(|at| Sample { runs: at * 25_000, kib: 4_000 + at * 100 }).collect();
/// assert!(judge(&leaking).unwrap().is_growth());
///
/// let flat: Vec<_> = (1..=40).map(|at| Sample { runs: at * 25_000, kib: 4_000 }).collect();
/// assert!(!judge(&flat).unwrap().is_growth());
/// ```
#[must_use]
pub fn judge(samples: &[Sample]) -> Option<Change> {
    let warm = &samples[samples.len() / 5..];
    if samples.len() < 5 {
        return None;
    }
    let third = warm.len().div_ceil(3);
    let (first, last) = (middle(&warm[..third]), middle(&warm[warm.len() - third..]));
    let kib = last.kib.cast_signed() - first.kib.cast_signed();
    Some(Change { kib, runs: last.runs - first.runs })
}

/// Returns the middle of the runs and of the memory.
fn middle(samples: &[Sample]) -> Sample {
    let at = samples.len() / 2;
    let mut kib: Vec<_> = samples.iter().map(|sample| sample.kib).collect();
    kib.sort_unstable();
    Sample { runs: samples[at].runs, kib: kib[at] }
}

/// Returns how much memory of this process is resident, in KiB.
///
/// It is `VmRSS` of `/proc/self/status`: the number of `/proc/self/statm`, but not in pages, whose size would have to be known.
///
/// # Errors
/// The system does not tell, because it is not Linux.
///
/// # Examples
/// ```
/// # #[cfg(target_os = "linux")]
/// assert!(icosian_benches::soak::resident().unwrap() > 0);
/// ```
pub fn resident() -> Result<u64, Unmeasurable> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|_| Unmeasurable)?;
    read(&status).ok_or(Unmeasurable)
}

fn read(status: &str) -> Option<u64> {
    let rest = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    rest.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Resident memory cannot be measured.
///
/// # Examples
/// ```
/// let said = icosian_benches::soak::Unmeasurable.to_string();
/// assert!(said.starts_with("resident memory cannot be measured"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmeasurable;

impl fmt::Display for Unmeasurable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "resident memory cannot be measured here: it is read from /proc/self/status, which Linux has",
        )
    }
}

impl std::error::Error for Unmeasurable {}

#[expect(clippy::cast_precision_loss, reason = "it is shown with two digits")]
fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::{Change, Sample, judge, read};

    fn change(kib: impl Fn(u64) -> u64) -> Change {
        let samples: Vec<_> = (1..=40).map(|at| Sample { runs: at * 25_000, kib: kib(at) }).collect();
        judge(&samples).unwrap()
    }

    #[test]
    fn a_leak_of_three_bytes_a_run_is_growth() {
        let leak = change(|at| 4_000 + at * 25_000 * 3 / 1024);
        assert!(leak.is_growth(), "{leak}");
        assert_eq!(
            leak.to_string(),
            "+1.50 MiB over 525000 runs after warm-up, +3.00 bytes a run; 1.00 MiB are tolerated"
        );
    }

    #[test]
    fn a_step_that_comes_late_is_growth() {
        assert!(change(|at| if at < 25 { 4_000 } else { 6_000 }).is_growth());
    }

    #[test]
    fn what_the_warm_up_takes_is_not() {
        assert_eq!(change(|at| 4_000 + at.min(8) * 1_000).kib, 0);
    }

    #[test]
    fn neither_is_noise_nor_a_peak_nor_less_memory() {
        assert!(!change(|at| 4_000 + at * 7_919 % 500).is_growth());
        assert!(!change(|at| if at == 39 { 90_000 } else { 4_000 }).is_growth());
        assert_eq!(change(|at| 90_000 - at * 100).to_string().split(' ').next(), Some("-2.05"));
    }

    #[test]
    fn few_samples_say_nothing() {
        assert_eq!(judge(&[Sample { runs: 1, kib: 1 }; 4]), None);
        assert_eq!(judge(&[]), None);
    }

    #[test]
    fn resident_memory_is_found_among_the_rest() {
        assert_eq!(read("VmHWM:\t    2300 kB\nVmRSS:\t    2228 kB\nRssAnon:\t148 kB\n"), Some(2228));
        assert_eq!(read("VmHWM:\t    2300 kB\n"), None);
    }
}
