//! The cases: each decorator and its hand-written equivalents.

use std::sync::Arc;
use std::time::Duration;

use icosian::decorators::{
    CheckOutput, Checked, Condition, ConfigWhen, Does, ExtractOutputs, Fallback, Function, Importance,
    Inject, Limit, Mutate, Offload, Parameterization, Parameterize, PipeInput, PipeOutput, PipeStep, Retry,
    Spawn, Subdag, Tag, Timeout, Validation, list, source, value,
};
use icosian::{Asyncness, Dataflow, Node, NodeError, Output, Param};
use tokio::sync::Semaphore;

use super::{Case, Link, Variant, outline};

/// All decorators that do work during a run, and some that only change the graph.
pub const CASES: &[Case] = &[
    Case { name: "tag", build: tag },
    Case { name: "config_when", build: config_when },
    Case { name: "does", build: does },
    Case { name: "parameterize: value", build: parameterize },
    Case { name: "inject: list", build: inject },
    Case { name: "extract_outputs: struct", build: extract_outputs },
    Case { name: "unpack_fields: tuple", build: unpack_fields },
    Case { name: "check_output: range", build: check_output },
    Case { name: "pipe_input: a step", build: pipe_input },
    Case { name: "pipe_output: a step", build: pipe_output },
    Case { name: "mutate", build: mutate },
    Case { name: "subdag: a node", build: subdag },
    Case { name: "retry", build: retry },
    Case { name: "retry, with backoff", build: retry_with_backoff },
    Case { name: "fallback: value", build: fallback },
    Case { name: "fallback: function", build: fallback_function },
    Case { name: "timeout", build: timeout },
    Case { name: "limit", build: limit },
    Case { name: "offload", build: offload },
    Case { name: "spawn", build: spawn },
];

/// The functions of a link, or `None` if the case has no such variant or does not support the link's asyncness.
type Functions = Option<Vec<Function>>;

#[expect(clippy::unnecessary_wraps, reason = "not every variant exists, so all builders return an option")]
fn single(function: impl Into<Function>) -> Functions {
    Some(vec![function.into()])
}

fn tag(link: &Link) -> Functions {
    match link.variant {
        Variant::ByHand => single(link.plain()),
        Variant::AsNodes => None,
        Variant::Decorated => single(link.plain().with_decorator(Tag::new().with("owner", ["me"]))),
    }
}

fn config_when(link: &Link) -> Functions {
    match link.variant {
        Variant::ByHand => single(link.plain()),
        Variant::AsNodes => None,
        Variant::Decorated => {
            single(link.plain().with_decorator(ConfigWhen::new(Condition::when("env", "prod"))))
        }
    }
}

fn does(link: &Link) -> Functions {
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(link.plain()),
        Variant::AsNodes => None,
        Variant::Decorated => {
            let other =
                link.function("other".into(), ["read".into()], move |[read]| Ok(read.wrapping_add(number)));
            single(link.with_body(|_| Ok(0_u64)).with_decorator(Does::new(other).map("read", link.input())))
        }
    }
}

fn parameterize(link: &Link) -> Functions {
    match link.variant {
        Variant::ByHand => single(link.plain()),
        Variant::AsNodes => None,
        Variant::Decorated => {
            let sum = link.function("sum".into(), [link.input(), "more".into()], |[read, more]| {
                Ok(read.wrapping_add(more))
            });
            let bound = Parameterization::new(link.name()).bind("more", value(link.number));
            single(sum.with_decorator(Parameterize::new().with(bound)))
        }
    }
}

fn inject(link: &Link) -> Functions {
    let number = link.number;
    let sum = |parts: String| {
        link.borrowing_function(link.name(), parts, |parts: &Vec<u64>| {
            parts.iter().fold(0_u64, |sum, part| sum.wrapping_add(*part))
        })
    };
    match link.variant {
        Variant::ByHand => single(link.with_body(move |read| {
            let parts = std::hint::black_box(vec![read, number]);
            Ok(parts.iter().fold(0_u64, |sum, part| sum.wrapping_add(*part)))
        })),
        Variant::AsNodes => {
            let parts =
                link.function(link.inner_name("parts"), [link.input()], move |[read]| Ok(vec![read, number]));
            Some(vec![parts.into(), sum(link.inner_name("parts")).into()])
        }
        Variant::Decorated => {
            let parts = list::<u64>([source(link.input()), value(number)]);
            single(sum("parts".into()).with_decorator(Inject::new().bind("parts", parts)))
        }
    }
}

#[derive(Clone)]
struct Summary {
    mean: u64,
    max: u64,
}

fn extract_outputs(link: &Link) -> Functions {
    let number = link.number;
    let summary = |name| {
        link.function(name, [link.input()], move |[read]| {
            Ok(Summary { mean: read.wrapping_add(number), max: number })
        })
    };
    let part = || Output::of::<u64>().cloneable::<u64>();
    match link.variant {
        // The caller extracts the field.
        Variant::ByHand => single(link.with_body(move |read| {
            let summary = std::hint::black_box(Summary { mean: read.wrapping_add(number), max: number });
            Ok(summary.mean)
        })),
        Variant::AsNodes => {
            let mean =
                link.borrowing_function(link.name(), link.inner_name("summary"), |summary: &Summary| {
                    summary.mean
                });
            Some(vec![summary(link.inner_name("summary")).into(), mean.into()])
        }
        Variant::Decorated => single(summary(link.inner_name("summary")).with_decorator(
            ExtractOutputs::<Summary>::new().field(link.name(), |summary| &summary.mean, part()).field(
                link.inner_name("max"),
                |summary| &summary.max,
                part(),
            ),
        )),
    }
}

fn unpack_fields(link: &Link) -> Functions {
    let number = link.number;
    let pair =
        |name| link.function(name, [link.input()], move |[read]| Ok((number, read.wrapping_add(number))));
    match link.variant {
        Variant::ByHand => single(
            link.with_body(move |read| Ok(std::hint::black_box((number, read.wrapping_add(number))).1)),
        ),
        Variant::AsNodes => {
            let second =
                link.borrowing_function(link.name(), link.inner_name("pair"), |pair: &(u64, u64)| pair.1);
            Some(vec![pair(link.inner_name("pair")).into(), second.into()])
        }
        Variant::Decorated => single(pair(link.inner_name("pair")).with_decorator(
            ExtractOutputs::<(u64, u64)>::positions().field(
                link.name(),
                |pair| &pair.1,
                Output::of::<u64>().cloneable::<u64>(),
            ),
        )),
    }
}

/// An upper limit that no value in a chain reaches.
const LIMIT: u64 = 1 << 40;

fn check_output(link: &Link) -> Functions {
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(link.with_body(move |read| {
            let sum = read.wrapping_add(number);
            if sum < LIMIT { Ok(sum) } else { Err(NodeError::failed("the sum is too large")) }
        })),
        Variant::AsNodes => {
            let raw = link.function(link.inner_name("raw"), [link.input()], move |[read]| {
                Ok(read.wrapping_add(number))
            });
            let check =
                link.borrowing_function(link.inner_name("check"), link.inner_name("raw"), |sum: &u64| {
                    let validation = Validation::of(*sum < LIMIT, "the sum is too large");
                    Checked::new("range_validator", Importance::Fail, validation)
                });
            Some(vec![raw.into(), check.into(), checked_output(link).into()])
        }
        Variant::Decorated => {
            let check = CheckOutput::<u64>::new().range(..LIMIT).importance(Importance::Fail);
            single(link.plain().with_decorator(check))
        }
    }
}

/// Returns the node that passes on the raw value if the check succeeded.
fn checked_output(link: &Link) -> Node {
    let outline = outline::<u64>(link.name())
        .with_param(Param::taken::<u64>(link.inner_name("raw")).with_clone())
        .with_param(Param::borrowed::<Checked>(link.inner_name("check")));
    let pass = |raw: u64, checked: &Checked| {
        if checked.validation().passed() { Ok(raw) } else { Err(NodeError::failed(checked.to_string())) }
    };
    match link.asyncness {
        Asyncness::Sync => Node::sync(outline, move |args| pass(args.take(0), args.borrow::<Checked>(1))),
        Asyncness::Async => Node::future(outline, move |args| {
            let (raw, checked) = (args.take(0), args.lease::<Checked>(1));
            async move { pass(raw, &checked) }
        }),
    }
}

/// Returns a step that does not change its input, so that all chains have the same result.
fn step(link: &Link, name: String, param: String) -> Node {
    link.function(name, [param], |[input]| Ok(std::hint::black_box(input)))
}

/// Returns the function of the link with a step in its body.
fn with_step(link: &Link) -> Node {
    let number = link.number;
    link.with_body(move |read| Ok(std::hint::black_box(read.wrapping_add(number))))
}

fn pipe_input(link: &Link) -> Functions {
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(with_step(link)),
        Variant::AsNodes => {
            let step = step(link, link.inner_name("step"), link.input());
            let sum = link.function(link.name(), [link.inner_name("step")], move |[read]| {
                Ok(read.wrapping_add(number))
            });
            Some(vec![step.into(), sum.into()])
        }
        Variant::Decorated => {
            let step = PipeStep::of(step(link, "step".into(), "given".into()));
            single(link.plain().with_decorator(PipeInput::new().step(step)))
        }
    }
}

fn pipe_output(link: &Link) -> Functions {
    match link.variant {
        Variant::ByHand => single(with_step(link)),
        Variant::AsNodes => function_and_step(link),
        Variant::Decorated => {
            let step = PipeStep::of(step(link, "step".into(), "given".into()));
            single(link.plain().with_decorator(PipeOutput::new().step(step)))
        }
    }
}

/// Returns a function and a step as two nodes. Hand-written code needs no third node that only renames the output.
#[expect(clippy::unnecessary_wraps, reason = "not every variant exists, so all builders return an option")]
fn function_and_step(link: &Link) -> Functions {
    let number = link.number;
    let raw =
        link.function(link.inner_name("raw"), [link.input()], move |[read]| Ok(read.wrapping_add(number)));
    Some(vec![raw.into(), step(link, link.name(), link.inner_name("raw")).into()])
}

fn mutate(link: &Link) -> Functions {
    match link.variant {
        Variant::ByHand => single(with_step(link)),
        Variant::AsNodes => function_and_step(link),
        Variant::Decorated => {
            let mutator = step(link, link.inner_name("mutator"), "given".into());
            Some(vec![link.plain().into(), mutator.with_decorator(Mutate::of([link.name()]))])
        }
    }
}

fn subdag(link: &Link) -> Functions {
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(with_step(link)),
        Variant::AsNodes => {
            let inner = step(link, link.inner_name("inner"), link.input());
            let sum = link.function(link.name(), [link.inner_name("inner")], move |[read]| {
                Ok(read.wrapping_add(number))
            });
            Some(vec![inner.into(), sum.into()])
        }
        Variant::Decorated => {
            let inner = Dataflow::new("inner").with_node(step(link, "inner".into(), "given".into()));
            let subdag = Subdag::new(inner).input("given", source(link.input()));
            let sum =
                link.function(link.name(), ["inner".into()], move |[read]| Ok(read.wrapping_add(number)));
            single(sum.with_decorator(subdag))
        }
    }
}

/// Adds both numbers. Fails if the sum reaches [`LIMIT`].
fn sum(read: u64, number: u64) -> Result<u64, NodeError> {
    let sum = read.wrapping_add(number);
    if sum < LIMIT { Ok(sum) } else { Err(NodeError::failed("the sum is too large")) }
}

/// Returns the function of the link with a `Result` as its return type.
fn fallible(link: &Link) -> Node {
    let number = link.number;
    link.with_body(move |read| sum(read, number))
}

/// Returns the function of the link with three attempts in its body.
fn hand_written_retry(link: &Link) -> Node {
    let number = link.number;
    match link.asyncness {
        Asyncness::Sync => link.with_body(move |read| {
            (1..3).find_map(|_| sum(read, number).ok()).map_or_else(|| sum(read, number), Ok)
        }),
        Asyncness::Async => link.with_async_body(move |read| async move {
            let attempt = || async { sum(read, number) };
            for _ in 1..3 {
                if let Ok(sum) = attempt().await {
                    return Ok(sum);
                }
            }
            attempt().await
        }),
    }
}

fn retry(link: &Link) -> Functions {
    match link.variant {
        Variant::ByHand => single(hand_written_retry(link)),
        Variant::AsNodes => None,
        Variant::Decorated => single(fallible(link).with_decorator(Retry::new(3))),
    }
}

fn retry_with_backoff(link: &Link) -> Functions {
    let (shortest, longest) = (Duration::from_millis(1), Duration::from_millis(8));
    let number = link.number;
    match link.variant {
        Variant::ByHand if link.asyncness == Asyncness::Async => {
            single(link.with_async_body(move |read| async move {
                let attempt = || async { sum(read, number) };
                let mut wait = shortest;
                for _ in 1..3 {
                    if let Ok(sum) = attempt().await {
                        return Ok(sum);
                    }
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(longest);
                }
                attempt().await
            }))
        }
        Variant::ByHand => single(link.with_body(move |read| {
            let mut wait = shortest;
            for _ in 1..3 {
                if let Ok(sum) = sum(read, number) {
                    return Ok(sum);
                }
                std::thread::sleep(wait);
                wait = (wait * 2).min(longest);
            }
            sum(read, number)
        })),
        Variant::AsNodes => None,
        Variant::Decorated => single(fallible(link).with_decorator(Retry::new(3).backoff(shortest, longest))),
    }
}

fn fallback(link: &Link) -> Functions {
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(link.with_body(move |read| Ok(sum(read, number).unwrap_or(7)))),
        Variant::AsNodes => None,
        Variant::Decorated => single(fallible(link).with_decorator(Fallback::value(7_u64))),
    }
}

fn fallback_function(link: &Link) -> Functions {
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(link.with_body(move |read| sum(read, number).or_else(|_| sum(0, number)))),
        Variant::AsNodes => None,
        Variant::Decorated => {
            let other = link.function("other".into(), [link.input()], move |[_]| sum(0, number));
            single(fallible(link).with_decorator(Fallback::function(other)))
        }
    }
}

/// Returns `None` for sync links. Used for decorators that only async functions support.
fn require_async(link: &Link) -> Option<()> {
    (link.asyncness == Asyncness::Async).then_some(())
}

fn timeout(link: &Link) -> Functions {
    require_async(link)?;
    let (number, limit) = (link.number, Duration::from_mins(1));
    match link.variant {
        Variant::ByHand => single(link.with_async_body(move |read| async move {
            match tokio::time::timeout(limit, async { sum(read, number) }).await {
                Ok(outcome) => outcome,
                Err(elapsed) => Err(NodeError::failed(elapsed)),
            }
        })),
        Variant::AsNodes => None,
        Variant::Decorated => single(fallible(link).with_decorator(Timeout::new(limit))),
    }
}

fn limit(link: &Link) -> Functions {
    require_async(link)?;
    let number = link.number;
    match link.variant {
        Variant::ByHand => {
            let permits = Arc::new(Semaphore::new(4));
            single(link.with_async_body(move |read| {
                let permits = Arc::clone(&permits);
                async move {
                    let _permit = permits.acquire().await?;
                    sum(read, number)
                }
            }))
        }
        Variant::AsNodes => None,
        Variant::Decorated => single(fallible(link).with_decorator(Limit::new("few").max_concurrency(4))),
    }
}

fn offload(link: &Link) -> Functions {
    require_async(link)?;
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(link.with_async_body(move |read| async move {
            tokio::task::spawn_blocking(move || sum(read, number)).await?
        })),
        Variant::AsNodes => None,
        Variant::Decorated => {
            single(fallible(&Link { asyncness: Asyncness::Sync, ..*link }).with_decorator(Offload))
        }
    }
}

fn spawn(link: &Link) -> Functions {
    require_async(link)?;
    let number = link.number;
    match link.variant {
        Variant::ByHand => single(link.with_async_body(move |read| async move {
            tokio::task::spawn(async move { sum(read, number) }).await?
        })),
        Variant::AsNodes => None,
        Variant::Decorated => {
            single(fallible(&Link { asyncness: Asyncness::Async, ..*link }).with_decorator(Spawn))
        }
    }
}
