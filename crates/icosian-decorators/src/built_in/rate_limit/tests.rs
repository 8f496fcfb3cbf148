use icosian_core::node::Function;
use icosian_core::{AdapterSpec, Caps, Config, Dataflow};

use super::*;
use crate::{Limit, Retry, apply};

fn ask() -> Function {
    Function::from(Node::future(Outline::new("ask"), |_| async { Ok(1_u64) }))
}

fn decorate(function: Function, caps: Caps) -> Result<Outline, String> {
    let adapter = AdapterSpec::new("test").polls_futures().with_caps(caps);
    let nodes = apply(vec![Dataflow::new("flow").with_node(function)], &Config::new(), &adapter);
    nodes.map(|nodes| nodes[0][0].outline().clone()).map_err(|error| error.to_string())
}

fn quota(decorator: LimitRate) -> Result<String, String> {
    let outline = decorate(ask().with_decorator(decorator), Caps::ALL)?;
    Ok(outline.rate_limit().and_then(RateLimit::quota).unwrap().to_string())
}

#[test]
fn rate_is_set_on_the_node() {
    let llm = || LimitRate::new("llm");
    assert_eq!(quota(llm().per_second(5)).unwrap(), "5 per second");
    assert_eq!(quota(llm().per_minute(300).burst(9)).unwrap(), "300 per minute in bursts of 9");
}

#[test]
fn zero_missing_and_second_rates_are_refused() {
    let llm = || LimitRate::new("llm");
    let error = |decorator| quota(decorator).unwrap_err();
    assert_eq!(error(llm()), "`rate_limit` on `ask` sets no rate");
    assert_eq!(error(llm().per_second(1).per_minute(1)), "`rate_limit` on `ask` sets two rates");
    assert_eq!(error(llm().per_second(0)), "`rate_limit` on `ask` never starts the function");
    assert_eq!(error(llm().per_minute(1).burst(0)), "`rate_limit` on `ask` never starts the function");
}

#[test]
fn second_rate_limit_is_refused() {
    for retry in [None, Some(Retry::new(2))] {
        let inner = ask().with_decorator(LimitRate::new("llm").per_second(1));
        let inner = retry.into_iter().fold(inner, Function::with_decorator);
        let error =
            decorate(inner.with_decorator(LimitRate::new("web").per_second(1)), Caps::ALL).unwrap_err();
        assert_eq!(error, "`ask` has two rate limits, `llm` and `web`");
    }
}

#[test]
fn adapter_without_timer_or_rate_limits_is_refused() {
    for (missing, name) in [(Caps::TIMER, "a timer"), (Caps::RATE_LIMITS, "rate limits")] {
        let error = decorate(ask().with_decorator(example()), Caps::ALL.without(missing)).unwrap_err();
        let expect =
            format!("`rate_limit` on `ask` requires {name}, which the `test` adapter does not support");
        assert_eq!(error, expect);
    }
}

#[test]
fn retry_above_counts_each_attempt() {
    let above = decorate(ask().with_decorator(example()).with_decorator(Retry::new(3)), Caps::ALL).unwrap();
    assert!(above.rate_limit().is_none());
    assert!(above.attempt_limits().is_some_and(|limits| limits.rate_limit().is_some()));
    let below = decorate(ask().with_decorator(Retry::new(3)).with_decorator(example()), Caps::ALL).unwrap();
    assert!(below.rate_limit().is_some() && below.attempt_limits().is_none());
}

#[test]
fn order_of_limit_and_rate_limit_decides_what_is_held() {
    let outer = decorate(
        ask().with_decorator(example()).with_decorator(Limit::new("http").max_concurrency(1)),
        Caps::ALL,
    );
    assert!(outer.unwrap().start_limits().unwrap().waits_with_permit());
    let inner = decorate(
        ask().with_decorator(Limit::new("http").max_concurrency(1)).with_decorator(example()),
        Caps::ALL,
    );
    assert!(!inner.unwrap().start_limits().unwrap().waits_with_permit());
}

#[test]
fn attempts_of_nested_retries_keep_all_limits() {
    let inner = ask().with_decorator(Limit::new("http").max_concurrency(1)).with_decorator(Retry::new(2));
    let between = decorate(inner.with_decorator(example()), Caps::ALL).unwrap();
    assert!(between.start_limits().is_some_and(|limits| limits.rate_limit().is_some()));
    assert!(between.attempt_limits().is_some_and(|limits| limits.group().is_some()));

    let inner = ask().with_decorator(Limit::new("http").max_concurrency(1)).with_decorator(Retry::new(2));
    let outer = decorate(inner.with_decorator(example()).with_decorator(Retry::new(2)), Caps::ALL).unwrap();
    assert!(outer.start_limits().is_none(), "the attempts of the outer `retry` count as starts");
    let limits = outer.attempt_limits().unwrap();
    assert!(limits.group().is_some() && limits.rate_limit().is_some());
}
