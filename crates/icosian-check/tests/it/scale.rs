//! Large graphs are checked in linear time.

use std::time::{Duration, Instant};

use icosian_check::{Check, check};
use icosian_core::{Dataflow, Node, Outline, Param};
use icosian_driver::Driver;

const NODES: usize = 10_000;

/// A generous limit, far below the time of one walk per output.
const LIMIT: Duration = Duration::from_secs(10);

fn node(name: String, reads: impl IntoIterator<Item = String>) -> Node {
    let outline =
        reads.into_iter().fold(Outline::new(name), |it, read| it.with_param(Param::borrowed::<u64>(read)));
    Node::sync(outline, |_| Ok(1_u64))
}

/// A long chain with many outputs that all need the whole chain.
fn broom() -> Dataflow {
    let chain = (0..NODES / 2).map(|at| node(format!("c{at}"), at.checked_sub(1).map(|at| format!("c{at}"))));
    let last = format!("c{}", NODES / 2 - 1);
    let ends = (0..NODES / 2).map(|at| node(format!("e{at}"), [last.clone()]));
    chain.chain(ends).fold(Dataflow::new("broom"), Dataflow::with_node)
}

#[test]
fn shared_steps_are_checked_once() {
    let begun = Instant::now();
    assert!(check(Driver::builder().with_dataflow(broom())).is_empty());
    let outputs = (0..NODES / 2).map(|at| format!("e{at}"));
    let all = Check::new(Driver::builder().with_dataflow(broom())).with_outputs(outputs).with_inputs([""; 0]);
    assert!(all.findings().is_empty());
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
}

#[test]
fn consumed_value_is_checked_for_each_output() {
    struct Lease;
    let lease = Node::sync(Outline::new("lease"), |_| Ok(Lease));
    let taking = |at| {
        let outline = Outline::new(format!("t{at}")).with_param(Param::taken::<Lease>("lease"));
        Node::sync(outline, |_| Ok(1_u64))
    };
    let flow = (0..NODES / 4).map(taking).fold(Dataflow::new("leases").with_node(lease), Dataflow::with_node);
    let begun = Instant::now();
    assert!(check(Driver::builder().with_dataflow(flow)).is_empty());
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
}
