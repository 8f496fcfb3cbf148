//! Each decorator, with what it is written as by hand.

use std::sync::Arc;
use std::time::Duration;

use icosian::decorators::{
    CheckOutput, Checked, Condition, ConfigWhen, Does, ExtractOutputs, Fallback, Function, Importance,
    Inject, Limit, Mutate, Offload, Parameterization, Parameterize, PipeInput, PipeOutput, Retry, Spawn,
    Step, Subdag, Tag, Timeout, Validation, list, source, value,
};
use icosian::{Colour, Dataflow, Node, NodeError, Output, Param};
use tokio::sync::Semaphore;

use super::{Kind, Link, Way, outline};

/// All decorators that leave something to do when the graph runs, and some that do not.
pub const KINDS: &[Kind] = &[
    Kind { name: "tag", make: tag },
    Kind { name: "config_when", make: config_when },
    Kind { name: "does", make: does },
    Kind { name: "parameterize: value", make: parameterize },
    Kind { name: "inject: list", make: inject },
    Kind { name: "extract_outputs: struct", make: extract_outputs },
    Kind { name: "unpack_fields: tuple", make: unpack_fields },
    Kind { name: "check_output: range", make: check_output },
    Kind { name: "pipe_input: a step", make: pipe_input },
    Kind { name: "pipe_output: a step", make: pipe_output },
    Kind { name: "mutate", make: mutate },
    Kind { name: "subdag: a node", make: subdag },
    Kind { name: "retry", make: retry },
    Kind { name: "retry, with backoff", make: retry_later },
    Kind { name: "fallback: value", make: fallback },
    Kind { name: "fallback: function", make: fallback_function },
    Kind { name: "timeout", make: timeout },
    Kind { name: "limit", make: limit },
    Kind { name: "offload", make: offload },
    Kind { name: "spawn", make: spawn },
];

type Written = Option<Vec<Function>>;

#[expect(clippy::unnecessary_wraps, reason = "not every way is written, and this is how one says which")]
fn one(function: impl Into<Function>) -> Written {
    Some(vec![function.into()])
}

fn tag(link: &Link) -> Written {
    match link.way {
        Way::ByHand => one(link.plain()),
        Way::AsNodes => None,
        Way::Decorated => one(link.plain().decorated(Tag::new().with("owner", ["me"]))),
    }
}

fn config_when(link: &Link) -> Written {
    match link.way {
        Way::ByHand => one(link.plain()),
        Way::AsNodes => None,
        Way::Decorated => one(link.plain().decorated(ConfigWhen::new(Condition::when("env", "prod")))),
    }
}

fn does(link: &Link) -> Written {
    let at = link.at;
    match link.way {
        Way::ByHand => one(link.plain()),
        Way::AsNodes => None,
        Way::Decorated => {
            let other =
                link.function("other".into(), ["read".into()], move |[read]| Ok(read.wrapping_add(at)));
            one(link.link(|_| Ok(0_u64)).decorated(Does::new(other).map("read", link.before())))
        }
    }
}

fn parameterize(link: &Link) -> Written {
    match link.way {
        Way::ByHand => one(link.plain()),
        Way::AsNodes => None,
        Way::Decorated => {
            let sum = link.function("sum".into(), [link.before(), "more".into()], |[read, more]| {
                Ok(read.wrapping_add(more))
            });
            let bound = Parameterization::new(link.name()).bind("more", value(link.at));
            one(sum.decorated(Parameterize::new().with(bound)))
        }
    }
}

fn inject(link: &Link) -> Written {
    let at = link.at;
    let sum = |parts: String| {
        link.borrowing(link.name(), parts, |parts: &Vec<u64>| {
            parts.iter().fold(0_u64, |sum, part| sum.wrapping_add(*part))
        })
    };
    match link.way {
        Way::ByHand => one(link.link(move |read| {
            let parts = std::hint::black_box(vec![read, at]);
            Ok(parts.iter().fold(0_u64, |sum, part| sum.wrapping_add(*part)))
        })),
        Way::AsNodes => {
            let parts =
                link.function(link.beside("parts"), [link.before()], move |[read]| Ok(vec![read, at]));
            Some(vec![parts.into(), sum(link.beside("parts")).into()])
        }
        Way::Decorated => {
            let parts = list::<u64>([source(link.before()), value(at)]);
            one(sum("parts".into()).decorated(Inject::new().bind("parts", parts)))
        }
    }
}

#[derive(Clone)]
struct Moments {
    mean: u64,
    most: u64,
}

fn extract_outputs(link: &Link) -> Written {
    let at = link.at;
    let moments = |name| {
        link.function(name, [link.before()], move |[read]| {
            Ok(Moments { mean: read.wrapping_add(at), most: at })
        })
    };
    let part = || Output::of::<u64>().cloneable::<u64>();
    match link.way {
        // Who reads it takes it apart.
        Way::ByHand => one(link.link(move |read| {
            let moments = std::hint::black_box(Moments { mean: read.wrapping_add(at), most: at });
            Ok(moments.mean)
        })),
        Way::AsNodes => {
            let mean = link.borrowing(link.name(), link.beside("moments"), |moments: &Moments| moments.mean);
            Some(vec![moments(link.beside("moments")).into(), mean.into()])
        }
        Way::Decorated => one(moments(link.beside("moments")).decorated(
            ExtractOutputs::<Moments>::new().field(link.name(), |moments| &moments.mean, part()).field(
                link.beside("most"),
                |moments| &moments.most,
                part(),
            ),
        )),
    }
}

fn unpack_fields(link: &Link) -> Written {
    let at = link.at;
    let pair = |name| link.function(name, [link.before()], move |[read]| Ok((at, read.wrapping_add(at))));
    match link.way {
        Way::ByHand => one(link.link(move |read| Ok(std::hint::black_box((at, read.wrapping_add(at))).1))),
        Way::AsNodes => {
            let second = link.borrowing(link.name(), link.beside("pair"), |pair: &(u64, u64)| pair.1);
            Some(vec![pair(link.beside("pair")).into(), second.into()])
        }
        Way::Decorated => {
            one(pair(link.beside("pair")).decorated(ExtractOutputs::<(u64, u64)>::positions().field(
                link.name(),
                |pair| &pair.1,
                Output::of::<u64>().cloneable::<u64>(),
            )))
        }
    }
}

/// More than a chain gives.
const MOST: u64 = 1 << 40;

fn check_output(link: &Link) -> Written {
    let at = link.at;
    match link.way {
        Way::ByHand => one(link.link(move |read| {
            let sum = read.wrapping_add(at);
            if sum < MOST { Ok(sum) } else { Err(NodeError::failed("it is too much")) }
        })),
        Way::AsNodes => {
            let raw =
                link.function(link.beside("raw"), [link.before()], move |[read]| Ok(read.wrapping_add(at)));
            let check = link.borrowing(link.beside("check"), link.beside("raw"), |sum: &u64| {
                let validation = Validation::of(*sum < MOST, "it is too much");
                Checked::new("range_validator", Importance::Fail, validation)
            });
            Some(vec![raw.into(), check.into(), passed(link).into()])
        }
        Way::Decorated => {
            let check = CheckOutput::<u64>::new().range(..MOST).importance(Importance::Fail);
            one(link.plain().decorated(check))
        }
    }
}

/// Gives the raw value when the check has passed.
fn passed(link: &Link) -> Node {
    let outline = outline::<u64>(link.name())
        .param(Param::taken::<u64>(link.beside("raw")).cloneable(true))
        .param(Param::borrowed::<Checked>(link.beside("check")));
    let passed = |raw: u64, checked: &Checked| {
        if checked.validation().passed() { Ok(raw) } else { Err(NodeError::failed(checked.to_string())) }
    };
    match link.colour {
        Colour::Sync => Node::sync(outline, move |args| passed(args.take(0), args.borrow::<Checked>(1))),
        Colour::Async => Node::future(outline, move |args| {
            let (raw, checked) = (args.take(0), args.lease::<Checked>(1));
            async move { passed(raw, &checked) }
        }),
    }
}

/// A step that changes nothing, so that all chains come to the same.
fn step(link: &Link, name: String, param: String) -> Node {
    link.function(name, [param], |[given]| Ok(std::hint::black_box(given)))
}

fn by_hand_with_step(link: &Link) -> Node {
    let at = link.at;
    link.link(move |read| Ok(std::hint::black_box(read.wrapping_add(at))))
}

fn pipe_input(link: &Link) -> Written {
    let at = link.at;
    match link.way {
        Way::ByHand => one(by_hand_with_step(link)),
        Way::AsNodes => {
            let step = step(link, link.beside("step"), link.before());
            let sum =
                link.function(link.name(), [link.beside("step")], move |[read]| Ok(read.wrapping_add(at)));
            Some(vec![step.into(), sum.into()])
        }
        Way::Decorated => {
            let step = Step::of(step(link, "step".into(), "given".into()));
            one(link.plain().decorated(PipeInput::new().step(step)))
        }
    }
}

fn pipe_output(link: &Link) -> Written {
    match link.way {
        Way::ByHand => one(by_hand_with_step(link)),
        Way::AsNodes => stepped(link),
        Way::Decorated => {
            let step = Step::of(step(link, "step".into(), "given".into()));
            one(link.plain().decorated(PipeOutput::new().step(step)))
        }
    }
}

/// A function, its step, and nothing else: what is told apart by name needs no third node by hand.
#[expect(clippy::unnecessary_wraps, reason = "not every way is written, and this is how one says which")]
fn stepped(link: &Link) -> Written {
    let at = link.at;
    let raw = link.function(link.beside("raw"), [link.before()], move |[read]| Ok(read.wrapping_add(at)));
    Some(vec![raw.into(), step(link, link.name(), link.beside("raw")).into()])
}

fn mutate(link: &Link) -> Written {
    match link.way {
        Way::ByHand => one(by_hand_with_step(link)),
        Way::AsNodes => stepped(link),
        Way::Decorated => {
            let mutator = step(link, link.beside("mutator"), "given".into());
            Some(vec![link.plain().into(), mutator.decorated(Mutate::of([link.name()]))])
        }
    }
}

fn subdag(link: &Link) -> Written {
    let at = link.at;
    match link.way {
        Way::ByHand => one(by_hand_with_step(link)),
        Way::AsNodes => {
            let inner = step(link, link.beside("inner"), link.before());
            let sum =
                link.function(link.name(), [link.beside("inner")], move |[read]| Ok(read.wrapping_add(at)));
            Some(vec![inner.into(), sum.into()])
        }
        Way::Decorated => {
            let inner = Dataflow::new("inner").with_node(step(link, "inner".into(), "given".into()));
            let subdag = Subdag::new(inner).input("given", source(link.before()));
            let sum = link.function(link.name(), ["inner".into()], move |[read]| Ok(read.wrapping_add(at)));
            one(sum.decorated(subdag))
        }
    }
}

/// A sum that fails when there is too much.
fn sum(read: u64, at: u64) -> Result<u64, NodeError> {
    let sum = read.wrapping_add(at);
    if sum < MOST { Ok(sum) } else { Err(NodeError::failed("it is too much")) }
}

/// The function of the chain, which may fail.
fn failing(link: &Link) -> Node {
    let at = link.at;
    link.link(move |read| sum(read, at))
}

fn retried_by_hand(link: &Link) -> Node {
    let at = link.at;
    match link.colour {
        Colour::Sync => {
            link.link(move |read| (1..3).find_map(|_| sum(read, at).ok()).map_or_else(|| sum(read, at), Ok))
        }
        Colour::Async => link.awaiting(move |read| async move {
            let attempt = || async { sum(read, at) };
            for _ in 1..3 {
                if let Ok(sum) = attempt().await {
                    return Ok(sum);
                }
            }
            attempt().await
        }),
    }
}

fn retry(link: &Link) -> Written {
    match link.way {
        Way::ByHand => one(retried_by_hand(link)),
        Way::AsNodes => None,
        Way::Decorated => one(failing(link).decorated(Retry::new(3))),
    }
}

fn retry_later(link: &Link) -> Written {
    let (shortest, longest) = (Duration::from_millis(1), Duration::from_millis(8));
    let at = link.at;
    match link.way {
        Way::ByHand if link.colour == Colour::Async => one(link.awaiting(move |read| async move {
            let attempt = || async { sum(read, at) };
            let mut wait = shortest;
            for _ in 1..3 {
                if let Ok(sum) = attempt().await {
                    return Ok(sum);
                }
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(longest);
            }
            attempt().await
        })),
        Way::ByHand => one(link.link(move |read| {
            let mut wait = shortest;
            for _ in 1..3 {
                if let Ok(sum) = sum(read, at) {
                    return Ok(sum);
                }
                std::thread::sleep(wait);
                wait = (wait * 2).min(longest);
            }
            sum(read, at)
        })),
        Way::AsNodes => None,
        Way::Decorated => one(failing(link).decorated(Retry::new(3).backoff(shortest, longest))),
    }
}

fn fallback(link: &Link) -> Written {
    let at = link.at;
    match link.way {
        Way::ByHand => one(link.link(move |read| Ok(sum(read, at).unwrap_or(7)))),
        Way::AsNodes => None,
        Way::Decorated => one(failing(link).decorated(Fallback::value(7_u64))),
    }
}

fn fallback_function(link: &Link) -> Written {
    let at = link.at;
    match link.way {
        Way::ByHand => one(link.link(move |read| sum(read, at).or_else(|_| sum(0, at)))),
        Way::AsNodes => None,
        Way::Decorated => {
            let other = link.function("other".into(), [link.before()], move |[_]| sum(0, at));
            one(failing(link).decorated(Fallback::function(other)))
        }
    }
}

/// For what needs to be polled.
fn only_async(link: &Link) -> Option<()> {
    (link.colour == Colour::Async).then_some(())
}

fn timeout(link: &Link) -> Written {
    only_async(link)?;
    let (at, limit) = (link.at, Duration::from_mins(1));
    match link.way {
        Way::ByHand => one(link.awaiting(move |read| async move {
            match tokio::time::timeout(limit, async { sum(read, at) }).await {
                Ok(outcome) => outcome,
                Err(late) => Err(NodeError::failed(late)),
            }
        })),
        Way::AsNodes => None,
        Way::Decorated => one(failing(link).decorated(Timeout::new(limit))),
    }
}

fn limit(link: &Link) -> Written {
    only_async(link)?;
    let at = link.at;
    match link.way {
        Way::ByHand => {
            let permits = Arc::new(Semaphore::new(4));
            one(link.awaiting(move |read| {
                let permits = Arc::clone(&permits);
                async move {
                    let _permit = permits.acquire().await?;
                    sum(read, at)
                }
            }))
        }
        Way::AsNodes => None,
        Way::Decorated => one(failing(link).decorated(Limit::new("few").at_a_time(4))),
    }
}

fn offload(link: &Link) -> Written {
    only_async(link)?;
    let at = link.at;
    match link.way {
        Way::ByHand => one(link
            .awaiting(move |read| async move { tokio::task::spawn_blocking(move || sum(read, at)).await? })),
        Way::AsNodes => None,
        Way::Decorated => one(failing(&Link { colour: Colour::Sync, ..*link }).decorated(Offload)),
    }
}

fn spawn(link: &Link) -> Written {
    only_async(link)?;
    let at = link.at;
    match link.way {
        Way::ByHand => {
            one(link
                .awaiting(move |read| async move { tokio::task::spawn(async move { sum(read, at) }).await? }))
        }
        Way::AsNodes => None,
        Way::Decorated => one(failing(&Link { colour: Colour::Async, ..*link }).decorated(Spawn)),
    }
}
