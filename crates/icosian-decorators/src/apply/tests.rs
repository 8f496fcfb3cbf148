use icosian_core::Config;

use super::*;
use crate::{Condition, ConfigWhen, Exclude, Mutate, MutateTarget, Resolve, Tag, Timeout};

fn expanded(function: impl Into<Function>) -> Result<Vec<String>, String> {
    let flow = Dataflow::new("flow").with_node(function);
    let nodes =
        apply(vec![flow], &Config::new(), &AdapterSpec::new("plain")).map_err(|error| error.to_string())?;
    Ok(nodes.concat().iter().map(|node| node.outline().to_string()).collect())
}

fn f() -> Node {
    Node::sync(Outline::new("f"), |_| Ok(1_u64))
}

#[test]
fn function_without_decorators_is_unchanged() {
    assert_eq!(expanded(f()), Ok(vec!["f() -> u64".to_owned()]));
}

#[test]
fn decorator_that_resolves_to_itself_is_refused() {
    fn again() -> Resolve {
        Resolve::new(|_: &Config| Ok::<_, std::io::Error>(again()))
    }
    let endless = "`resolve` resolves to decorators without end";
    assert_eq!(expanded(f().with_decorator(again())), Err(endless.to_owned()));
}

#[test]
fn excluded_function_needs_no_capabilities() {
    let timeout = || Timeout::new(std::time::Duration::from_secs(1));
    assert!(expanded(f().with_decorator(timeout())).is_err());
    assert_eq!(expanded(f().with_decorator(timeout()).with_decorator(Exclude)), Ok(Vec::new()));
}

#[test]
fn errors_of_all_functions_are_reported() {
    let refused =
        |name| Node::sync(Outline::new(name), |_| Ok(1_u64)).with_decorator(Tag::new().with("", ["x"]));
    let flow = Dataflow::new("flow").with_node(refused("a")).with_node(f()).with_node(refused("b"));
    let problems = apply(vec![flow], &Config::new(), &AdapterSpec::new("plain")).unwrap_err();
    assert_eq!(problems.iter().len(), 2);
}

#[test]
fn mutator_needs_a_target_that_config_keeps() {
    let step = |target: MutateTarget| {
        let step = Outline::new("step").with_param(icosian_core::Param::borrowed::<u64>("given"));
        let mutate = Mutate::new().target(MutateTarget::of("f")).target(target);
        Node::sync(step, |args| Ok(*args.borrow::<u64>(0))).with_decorator(mutate)
    };
    let names = |step: Function, config: &Config| {
        let variant = Node::sync(Outline::new("g__prod"), |_| Ok(1_u64));
        let variant = variant.with_decorator(ConfigWhen::new(Condition::when("env", "prod")));
        let flow =
            Dataflow::new("flow").with_node(step).with_node(f().with_decorator(Exclude)).with_node(variant);
        match apply(vec![flow], config, &AdapterSpec::new("plain")) {
            Ok(nodes) => nodes.concat().iter().map(|node| node.name().to_string()).collect::<Vec<_>>(),
            Err(error) => vec![error.to_string()],
        }
    };
    let (dev, prod) = (Config::new(), Config::new().with("env", "prod"));
    let of = MutateTarget::of;
    // The variant is kept, and `f` is excluded.
    assert_eq!(names(step(of("g")), &prod), ["g.raw", "g.with_step", "g"]);
    assert_eq!(names(step(of("g__prod")), &prod), ["g.raw", "g.with_step", "g"]);
    // Config drops all targets.
    assert_eq!(names(step(of("g")), &dev), ["`step` targets only `g`, which config excludes"]);
    assert_eq!(
        names(step(of("g")).with_decorator(ConfigWhen::new(Condition::when("env", "prod"))), &dev),
        Vec::<String>::new()
    );
}

#[test]
fn mutator_of_dropped_functions_is_refused() {
    let step = |mutate| {
        let step = Outline::new("step").with_param(icosian_core::Param::borrowed::<u64>("given"));
        Node::sync(step, |args| Ok(*args.borrow::<u64>(0))).with_decorator(mutate)
    };
    let told = |mutate: Mutate| {
        let variant = f().with_decorator(ConfigWhen::new(Condition::when("env", "prod")).named("g"));
        let flow = Dataflow::new("flow").with_node(step(mutate)).with_node(variant);
        apply(vec![flow], &Config::new(), &AdapterSpec::new("plain")).map(|_| ()).map_err(|it| it.to_string())
    };
    let with_none = expanded(step(Mutate::of(["step"])));
    assert_eq!(with_none, Err("`step` targets only `step`, which is not a node".to_owned()));
    assert_eq!(told(Mutate::of(["g"])), Err("`step` targets only `g`, which config excludes".to_owned()));
    // A step that is left out itself is missed nowhere.
    let also_prod = MutateTarget::of("g").when(Condition::when("env", "prod"));
    assert_eq!(told(Mutate::new().target(also_prod)), Ok(()));
}
