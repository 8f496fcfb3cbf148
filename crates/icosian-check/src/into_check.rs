use icosian_adapter::{AsyncGraphAdapter, GraphAdapter};
use icosian_core::Dataflow;
use icosian_driver::{AsyncDriver, Builder};

use crate::{Candidate, Check};

/// The argument of [`assert_lint_clean!`](crate::assert_lint_clean!): a dataflow, which is checked under tokio, the builder of a
/// driver, or a [`Check`].
pub trait IntoCheck {
    /// The builder that is checked.
    type Candidate: Candidate;

    /// Converts the value to a check.
    fn into_check(self) -> Check<Self::Candidate>;
}

impl IntoCheck for Dataflow {
    type Candidate = Builder<dyn AsyncGraphAdapter>;

    fn into_check(self) -> Check<Self::Candidate> {
        Check::new(AsyncDriver::builder().with_dataflow(self))
    }
}

impl IntoCheck for Builder<dyn GraphAdapter> {
    type Candidate = Self;

    fn into_check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl IntoCheck for Builder<dyn AsyncGraphAdapter> {
    type Candidate = Self;

    fn into_check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl<C: Candidate> IntoCheck for Check<C> {
    type Candidate = C;

    fn into_check(self) -> Self {
        self
    }
}
