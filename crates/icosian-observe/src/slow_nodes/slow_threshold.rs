use std::time::Duration;

/// The time after which a node is slow.
///
/// # Examples
/// ```
/// use icosian_observe::SlowThreshold;
/// use std::time::Duration;
///
/// let one_second = SlowThreshold::Fixed(Duration::from_secs(1));
/// // Three times as long as usual, but never less than 100 ms.
/// let unusual = SlowThreshold::Median { factor: 3.0, minimum: Duration::from_millis(100) };
/// # let _ = (one_second, unusual);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SlowThreshold {
    /// A fixed time.
    Fixed(Duration),
    /// A multiple of the median of the node's last 32 durations. No node is slow before the node has succeeded five times.
    Median {
        /// The factor.
        factor: f64,
        /// The lower limit of the threshold.
        minimum: Duration,
    },
}
