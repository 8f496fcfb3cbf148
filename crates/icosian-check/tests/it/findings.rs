//! Findings of `check`, one fault a test.

use icosian_check::{Check, check, format_findings};
use icosian_core::decorator::DecorateContext;
use icosian_core::decorator::{DecorateError, DecoratorSpec, Phase};
use icosian_core::node::Function;
use icosian_core::{Dataflow, Decorator, Node, Outline, Param};
use icosian_decorators::{Condition, ConfigWhen, Mutate, Offload, Resolve, Retry};
use icosian_diagnostics::Diagnostics;
use icosian_diagnostics::Location;
use icosian_driver::{AsyncDriver, Driver, config};
use icosian_rules::RemoteFinding;

fn flow(name: &'static str) -> Dataflow {
    Dataflow::new(name)
}

fn at(line: u32) -> Location {
    Location::new("src/lib.rs", line, 8, 4)
}

fn reading(name: &'static str, reads: &[&'static str]) -> Node {
    let outline =
        reads.iter().fold(Outline::new(name), |it, read| it.with_param(Param::borrowed::<f64>(*read)));
    Node::sync(outline, |_| Ok(1.0))
}

fn codes(told: &[RemoteFinding]) -> Vec<&str> {
    told.iter().map(|told| told.code.as_str()).collect()
}

/// A value that is not `Clone`.
struct Lease;

fn lease() -> Node {
    Node::sync(Outline::new("lease").with_output_type::<Lease>(), |_| Ok(Lease))
}

fn taking(name: &'static str) -> Node {
    Node::sync(Outline::new(name).with_param(Param::taken::<Lease>("lease")), |_| Ok(1.0))
}

#[test]
fn locations_and_help_match_the_driver() {
    let one = |line| Node::sync(Outline::new("one").with_location(at(line)), |_| Ok(1.0));
    let told = check(Driver::builder().with_dataflow(flow("f").with_node(one(3)).with_node(one(7))));
    insta::assert_snapshot!(format_findings(&told), @r"
    ICO0002 duplicate-node: node `one` is defined twice
      at src/lib.rs:7:8: defined again here
      at src/lib.rs:3:8: defined here
      help: rename one of the two nodes, or let later dataflows replace earlier ones with `allow_module_overrides()`
    ");
}

#[test]
fn outputs_are_checked_one_by_one() {
    // Both nodes consume the lease; a request for one of them is valid.
    let two = flow("f").with_node(lease()).with_node(taking("first")).with_node(taking("second"));
    assert!(check(Driver::builder().with_dataflow(two.clone())).is_empty());
    let both = Check::new(Driver::builder().with_dataflow(two.clone())).with_outputs(["first", "second"]);
    assert_eq!(codes(&both.findings()), ["ICO0016"]);
    // A node that reads both can never run. Independent faults are reported in the same pass.
    let elsewhere = Node::future(Outline::new("elsewhere"), |_| async { Ok(1.0) });
    let three = two.with_node(reading("both", &["first", "second"])).with_node(elsewhere);
    assert_eq!(codes(&check(Driver::builder().with_dataflow(three))), ["ICO0016", "ICO0101"]);
}

#[test]
fn shared_fault_of_outputs_is_reported_once() {
    let rate = Node::future(Outline::new("rate"), |_| async { Ok(1.0) });
    let nodes =
        flow("f").with_node(rate).with_node(reading("a", &["rate"])).with_node(reading("b", &["rate"]));
    assert_eq!(codes(&check(Driver::builder().with_dataflow(nodes))), ["ICO0101"]);
}

#[test]
fn unknown_inputs_are_no_fault() {
    let price = || Driver::builder().with_dataflow(flow("f").with_node(reading("price", &["rate"])));
    assert!(check(price()).is_empty());
    assert_eq!(codes(&Check::new(price()).with_inputs([""; 0]).findings()), ["ICO0001"]);
    let told = Check::new(price()).with_outputs(["prise"]).with_inputs(["rate"]).findings();
    assert_eq!(codes(&told), ["ICO0006"]);
    assert_eq!(told[0].help.as_deref(), Some("did you mean `price`?"));
}

#[test]
fn third_party_decorators_keep_their_codes() {
    #[derive(Debug)]
    struct Grumpy;
    impl Decorator for Grumpy {
        fn spec(&self) -> DecoratorSpec {
            DecoratorSpec::new("grumpy", Phase::Mark)
        }
        fn decorate(
            &self,
            _: Vec<Node>,
            _: &DecorateContext<'_>,
        ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
            Err(DecorateError::new("acme::grumpy", "nothing is good").into())
        }
    }
    let told =
        check(Driver::builder().with_dataflow(flow("f").with_node(reading("a", &[]).with_decorator(Grumpy))));
    assert_eq!(codes(&told), ["acme::grumpy"]);
}

#[test]
fn resolved_decorators_and_mutated_nodes_are_checked() {
    let resolved = Function::new(reading("a", &[]))
        .with_decorator_at(Resolve::new(|_: &icosian_core::Config| Ok::<_, std::io::Error>(Offload)), at(2));
    let told = check(Driver::builder().with_dataflow(flow("f").with_node(resolved)));
    assert_eq!((codes(&told), told[0].spots[0].line), (vec!["ICO0103"], 2));
    let step =
        Node::sync(Outline::new("step").with_param(Param::taken::<f64>("given").with_clone()), |args| {
            Ok(args.take_with::<f64>(0, Some(f64::clone)))
        });
    let sent = flow("f").with_node(reading("a", &[])).with_node(step.with_decorator(Mutate::of(["a"])));
    assert!(check(Driver::builder().with_dataflow(sent)).is_empty());
}

#[test]
fn degraded_decorators_are_reported() {
    let wait = std::time::Duration::from_secs(1);
    let both = || reading("a", &[]).with_decorator(Offload).with_decorator(Retry::new(2).backoff(wait, wait));
    let told = check(Driver::builder().with_dataflow(flow("f").with_node(both())));
    let messages: Vec<_> = told.iter().map(|told| told.message.as_str()).collect();
    let expect = [
        "`offload` on `a` has partial support under the `sync` adapter: it runs on the thread of the caller",
        "`retry` on `a` has partial support under the `sync` adapter: it blocks its thread while it waits",
    ];
    assert_eq!(messages, expect);
    assert!(check(AsyncDriver::builder().with_dataflow(flow("f").with_node(both()))).is_empty());
}

#[test]
fn config_is_used_by_nodes_conditions_and_replacements() {
    let live = reading("rate__live", &[]).with_decorator(ConfigWhen::new(Condition::when("env", "prod")));
    let nodes = || flow("f").with_node(live.clone()).with_node(reading("price", &["rate", "amount"]));
    let told = |config| check(Driver::builder().with_dataflow(nodes()).with_config(config));
    assert!(told(config! { "env": "prod", amount: 1.0 }).is_empty());
    let wrong = told(config! { "env": "prod", amuont: 1.0 });
    assert_eq!((codes(&wrong), wrong[0].help.as_deref()), (vec!["ICO0504"], Some("write `amount`")));
    assert_eq!(codes(&told(config! { "env": "prod", price: 1.0 })), ["ICO0007"]);
}

#[test]
fn large_future_of_a_node_is_reported() {
    let node = |bytes: bool| {
        Node::future(Outline::new("page").with_location(at(3)), move |_| async move {
            #[expect(clippy::large_stack_arrays, reason = "the array makes the future large")]
            let page = [u8::from(bytes); 20_000];
            std::future::ready(()).await;
            Ok(page.len())
        })
    };
    let told = check(AsyncDriver::builder().with_dataflow(flow("f").with_node(node(true))));
    assert_eq!(codes(&told), ["ICO0207"]);
    assert!(told[0].message.starts_with("the future of node `page` has 2"), "{}", told[0].message);

    let small = Node::future(Outline::new("page"), |_| async { Ok(1_u64) });
    assert!(check(AsyncDriver::builder().with_dataflow(flow("f").with_node(small))).is_empty());
}
