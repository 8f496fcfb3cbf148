use icosian_adapter::{AsyncGraphAdapter, GraphAdapter};
use icosian_driver::{AsyncDriver, BuildError, Builder, Driver};

/// What can be judged: the builder of a driver, sync or async.
///
/// # Examples
/// See [`check`](crate::check()).
pub trait Candidate: sealed::Sealed {
    /// What it builds.
    type Driver;

    /// Builds it.
    ///
    /// # Errors
    /// What its driver would not be built for.
    fn built(self) -> Result<Self::Driver, BuildError>;
}

impl Candidate for Builder<dyn GraphAdapter> {
    type Driver = Driver;

    fn built(self) -> Result<Driver, BuildError> {
        self.build()
    }
}

impl Candidate for Builder<dyn AsyncGraphAdapter> {
    type Driver = AsyncDriver;

    fn built(self) -> Result<AsyncDriver, BuildError> {
        self.build()
    }
}

mod sealed {
    use icosian_driver::Builder;

    pub trait Sealed {}
    impl<A: ?Sized> Sealed for Builder<A> {}
}
