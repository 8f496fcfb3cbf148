//! Functions that are spread over modules.

use icosian::__private::nodes;
use icosian::node;

use crate::call::{given, shared};

mod other {
    use icosian::node;

    #[node(crate = ::icosian)]
    pub(super) fn twice(number: &u64) -> u64 {
        number * 2
    }
}

/// A number.
#[node]
async fn number(seed: u64) -> u64 {
    seed + 1
}

#[test]
fn functions_anywhere_make_a_dataflow() {
    let dataflow = nodes![number, other::twice];
    assert_eq!(dataflow.name(), &module_path!());
    let outlines: Vec<_> = dataflow.nodes().iter().map(|node| node.outline().to_string()).collect();
    assert_eq!(outlines, ["async number(seed: u64) -> u64", "twice(number: &u64) -> u64"]);
    assert_eq!(shared::<number>(vec![given(1_u64)]).unwrap(), 2);
    assert_eq!(shared::<other::twice>(vec![given(2_u64)]).unwrap(), 4);
}
