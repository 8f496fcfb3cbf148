use icosian_adapter::{AsyncGraphAdapter, GraphAdapter};
use icosian_core::{Asked, Config, Dataflow};
use icosian_driver::{AsyncDriver, BuildError, Builder, Driver, Preflight};

/// What can be judged: the builder of a driver, sync or async.
///
/// # Examples
/// See [`check`](crate::check()).
pub trait Candidate: sealed::Sealed + Sized {
    /// What it builds.
    type Driver;

    /// Builds it.
    ///
    /// # Errors
    /// What its driver would not be built for.
    fn built(self) -> Result<Self::Driver, BuildError>;

    /// Returns what is known of what was built.
    #[doc(hidden)]
    fn preflight(driver: &Self::Driver) -> Preflight<'_>;

    /// Changes the dataflows, passes the config to `see`, and records the config values that are read.
    #[doc(hidden)]
    #[must_use]
    fn watched(
        self,
        change: impl FnMut(Dataflow) -> Dataflow,
        see: impl FnOnce(&Config),
        asked: &Asked,
    ) -> Self;
}

impl Candidate for Builder<dyn GraphAdapter> {
    type Driver = Driver;

    fn built(self) -> Result<Driver, BuildError> {
        self.build()
    }

    fn preflight(driver: &Driver) -> Preflight<'_> {
        driver.preflight()
    }

    fn watched(
        self,
        change: impl FnMut(Dataflow) -> Dataflow,
        see: impl FnOnce(&Config),
        asked: &Asked,
    ) -> Self {
        self.map_dataflows(change).map_config(|config| {
            see(&config);
            config.noting(asked)
        })
    }
}

impl Candidate for Builder<dyn AsyncGraphAdapter> {
    type Driver = AsyncDriver;

    fn built(self) -> Result<AsyncDriver, BuildError> {
        self.build()
    }

    fn preflight(driver: &AsyncDriver) -> Preflight<'_> {
        driver.preflight()
    }

    fn watched(
        self,
        change: impl FnMut(Dataflow) -> Dataflow,
        see: impl FnOnce(&Config),
        asked: &Asked,
    ) -> Self {
        self.map_dataflows(change).map_config(|config| {
            see(&config);
            config.noting(asked)
        })
    }
}

mod sealed {
    use icosian_driver::Builder;

    pub trait Sealed {}
    impl<A: ?Sized> Sealed for Builder<A> {}
}
