use std::any::Any;
use std::marker::PhantomData;

use crate::Handle;
use crate::expand::Collect;

/// The request for the results of the node `H`, which runs once for each item.
///
/// # Examples
/// ```
/// use icosian_core::Handle;
/// use icosian_core::expand::{Collect, Collected};
///
/// # #[allow(non_camel_case_types)] struct score {}
/// # impl Handle for score { const NAME: &'static str = "score"; type Output = f64; }
/// // `score` is a handle, as `#[dataflow]` generates it: `driver.execute::<Collected<score>>(inputs)`.
/// fn given<H: Handle<Output = Collect<f64>>>() {}
/// given::<Collected<score>>();
/// ```
#[derive(Debug)]
pub struct Collected<H>(PhantomData<fn() -> H>);

impl<H: Handle> Handle for Collected<H>
where
    H::Output: Any + Send + Sync,
{
    const NAME: &'static str = H::NAME;
    type Output = Collect<H::Output>;
}
