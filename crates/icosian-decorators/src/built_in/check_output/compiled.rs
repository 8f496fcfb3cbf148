//! The checks of a compiled dataflow.

use icosian_core::NodeError;

pub use super::checks::*;
use super::{Checked, report_failures};
use crate::{Importance, Validator};

/// The checks of one output of a compiled dataflow.
#[derive(Debug)]
pub struct Checking<'a, T> {
    node: &'static str,
    value: &'a T,
    importance: Importance,
    failures: Vec<Checked>,
}

impl<'a, T> Checking<'a, T> {
    /// Begins the checks of `value`, the output of `node`.
    #[must_use]
    #[inline]
    pub fn new(node: &'static str, value: &'a T) -> Self {
        Self { node, value, importance: Importance::default(), failures: Vec::new() }
    }

    /// Sets the importance of the checks that follow.
    #[must_use]
    #[inline]
    pub fn importance(self, importance: Importance) -> Self {
        Self { importance, ..self }
    }

    /// Validates the value.
    #[must_use]
    #[inline]
    #[expect(clippy::needless_pass_by_value, reason = "generated code passes a new validator")]
    pub fn check(mut self, validator: impl Validator<T>) -> Self {
        let validation = validator.validate(self.value);
        if !validation.passed() {
            self.failures.push(Checked::new(validator.name(), self.importance, validation));
        }
        self
    }

    /// Returns the failed checks as an error, and logs failures of importance `Warn`.
    ///
    /// # Errors
    /// Checks whose importance is [`Importance::Fail`] have failed.
    #[inline]
    pub fn finish(self) -> Result<(), NodeError> {
        if self.failures.is_empty() { Ok(()) } else { report_failures(self.node, self.failures.iter()) }
    }
}
