//! The position of a call among the attempts.

/// The position of a call among the attempts.
///
/// A repeatable call leaves the arguments for the next one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Another call may follow.
    Repeatable,
    /// No other call follows.
    Last,
}
