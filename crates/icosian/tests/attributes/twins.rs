//! Runs the sync and the async form of a dataflow.

use std::fmt::Debug;

use icosian::prelude::*;
use icosian::{BuildError, Outputs};

/// Builds the async driver of both forms.
pub(crate) fn build(dataflow: Dataflow, config: &Config) -> Result<AsyncDriver, BuildError> {
    AsyncDriver::builder().with_dataflow(dataflow).with_config(config.clone()).build()
}

/// Checks the output of a dataflow under an async adapter.
#[track_caller]
pub(crate) fn check<O>(dataflow: Dataflow, config: &Config, inputs: Inputs, expect: &O::Values)
where
    O: Outputs,
    O::Values: Debug + PartialEq,
{
    let driver = build(dataflow, config).unwrap_or_else(|error| panic!("{error:?}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let given = runtime.block_on(driver.execute::<O>(inputs)).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(given, *expect);
}

/// Checks the output of a dataflow of sync functions under a sync adapter.
#[track_caller]
pub(crate) fn check_sync<O>(dataflow: Dataflow, config: &Config, inputs: Inputs, expect: &O::Values)
where
    O: Outputs,
    O::Values: Debug + PartialEq,
{
    let driver = Driver::builder().with_dataflow(dataflow).with_config(config.clone()).build();
    let driver = driver.unwrap_or_else(|error| panic!("{error:?}"));
    let given = driver.execute::<O>(inputs).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(given, *expect);
}

/// Defines a module twice: with sync and with async functions.
macro_rules! twins {
    ($flow:ident!) => {
        $flow!(sync_flow);
        $flow!(async_flow async);
    };
}
pub(crate) use twins;

/// Checks both forms: the sync form under both adapters, the async form under the async adapter.
macro_rules! check_twins {
    ($([$config:expr])? $($node:ident),+ of { $($inputs:tt)* } == $expect:expr) => {{
        let config: Option<icosian::Config> = None;
        $(let config = config.or(Some($config));)?
        let config = config.unwrap_or_default();
        crate::twins::check_sync::<($(sync_flow::$node),+)>(
            sync_flow::dataflow(), &config, icosian::inputs! { $($inputs)* }, &$expect,
        );
        crate::twins::check::<($(sync_flow::$node),+)>(
            sync_flow::dataflow(), &config, icosian::inputs! { $($inputs)* }, &$expect,
        );
        crate::twins::check::<($(async_flow::$node),+)>(
            async_flow::dataflow(), &config, icosian::inputs! { $($inputs)* }, &$expect,
        );
    }};
}
pub(crate) use check_twins;
