//! Nodes in several modules.

use icosian::__private::nodes;
use icosian::node;

use crate::call::{given, shared};

mod facade {
    pub(crate) use icosian::__private;
}

mod other {
    use icosian::node;

    #[node(crate = crate::spread::facade)]
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
fn nodes_of_several_modules_form_a_dataflow() {
    let dataflow = nodes![number, other::twice];
    assert_eq!(dataflow.name(), &module_path!());
    let outlines: Vec<_> = dataflow.nodes().map(|node| node.outline().to_string()).collect();
    assert_eq!(outlines, ["async number(seed: u64) -> u64", "twice(number: &u64) -> u64"]);
    assert_eq!(shared::<number>(vec![given(1_u64)]).unwrap(), 2);
    assert_eq!(shared::<other::twice>(vec![given(2_u64)]).unwrap(), 4);
}

#[test]
fn node_can_have_the_name_of_a_primitive_type() {
    /// Shadows the primitive type in this test.
    #[node]
    fn str() -> u64 {
        1
    }

    assert_eq!(shared::<str>(vec![]).unwrap(), 1);
}

macro_rules! rates {
    ($($name:ident: $given:ty),+) => {$(
        #[icosian::dataflow]
        mod $name {
            pub fn rate(base: &$given, offset: Option<$given>) -> $given {
                base + offset.unwrap_or_default()
            }

            pub fn twice(rate: $given) -> $given {
                rate + rate
            }
        }
    )+};
}

rates!(whole: u64, real: f64);

#[test]
fn macro_can_expand_to_a_dataflow() {
    assert_eq!(whole::dataflow().nodes().len(), 2);
    assert_eq!(shared::<whole::rate>(vec![given(1_u64), given(2_u64)]).unwrap(), 3);
    assert_eq!(shared::<real::twice>(vec![given(1.5)]).unwrap().to_string(), "3");
}
