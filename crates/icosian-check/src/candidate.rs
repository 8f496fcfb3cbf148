use icosian_adapter::{AsyncGraphAdapter, GraphAdapter};
use icosian_core::decorator::ConfigReads;
use icosian_core::{Config, Dataflow};
use icosian_driver::{AsyncDriver, BuildError, Builder, Driver, Preflight};

/// The builder of a sync or an async driver.
pub trait Candidate: sealed::Sealed + Sized {
    /// The driver that it builds.
    type Driver;

    /// Builds the driver.
    ///
    /// # Errors
    /// All errors of the dataflows, the config and the shared inputs.
    fn build_driver(self) -> Result<Self::Driver, BuildError>;

    /// Returns the view of the driver that validates requests.
    #[doc(hidden)]
    fn preflight(driver: &Self::Driver) -> Preflight<'_>;

    /// Changes the dataflows, passes the config to `see`, and records the config values that are read.
    #[doc(hidden)]
    #[must_use]
    fn observe(
        self,
        change: impl FnMut(Dataflow) -> Dataflow,
        see: impl FnOnce(&Config),
        reads: &ConfigReads,
    ) -> Self;
}

macro_rules! candidate {
    ($driver:ty, $adapter:ty) => {
        impl Candidate for Builder<$adapter> {
            type Driver = $driver;

            fn build_driver(self) -> Result<$driver, BuildError> {
                self.build()
            }

            fn preflight(driver: &$driver) -> Preflight<'_> {
                driver.preflight()
            }

            fn observe(
                self,
                change: impl FnMut(Dataflow) -> Dataflow,
                see: impl FnOnce(&Config),
                reads: &ConfigReads,
            ) -> Self {
                self.map_dataflows(change).map_config(|config| {
                    see(&config);
                    config.with_reads(reads)
                })
            }
        }
    };
}

candidate!(Driver, dyn GraphAdapter);
candidate!(AsyncDriver, dyn AsyncGraphAdapter);

mod sealed {
    use icosian_driver::Builder;

    pub trait Sealed {}
    impl<A: ?Sized> Sealed for Builder<A> {}
}
