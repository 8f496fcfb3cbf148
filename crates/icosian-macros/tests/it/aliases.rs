//! Decorators that are imported under other names.

use std::sync::atomic::{AtomicU64, Ordering};

use icosian::prelude::*;

use crate::call::block_on;

static CALLS: AtomicU64 = AtomicU64::new(0);

#[dataflow]
mod aliased {
    use std::io;

    use icosian::decorators as deco;
    use icosian::decorators::{retry as again, tag};

    use super::{CALLS, Ordering};

    #[node(allow(global_state_in_node, reason = "counts calls"))]
    #[again(attempts = 2)]
    #[tag(owner = "x")]
    pub fn called_twice() -> io::Result<u64> {
        if CALLS.fetch_add(1, Ordering::SeqCst) == 0 { Err(io::Error::other("no route")) } else { Ok(7) }
    }

    #[deco::fallback(value = 3)]
    pub async fn fallen() -> io::Result<u64> {
        Err(io::Error::other("no route"))
    }
}

#[test]
fn renamed_decorators_apply() {
    let driver = AsyncDriver::builder().with_dataflow(aliased::dataflow()).build().unwrap();
    let outputs = driver.execute::<(aliased::called_twice, aliased::fallen)>(inputs! {});
    assert_eq!(block_on(outputs).unwrap(), (7, 3));
    assert_eq!(CALLS.load(Ordering::SeqCst), 2);
}
