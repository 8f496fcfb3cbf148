//! What a decorator costs a node, beside the same written by hand: a chain of nodes, each decorated.

use std::future::Future;
use std::task::{Context, Waker};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian::decorators::{
    CheckOutput, Fallback, Function, Importance, Inject, PipeOutput, Retry, Step, Timeout, UnpackFields,
    Validation, Validator, expand, value,
};
use icosian::{Colour, Config, Dataflow, Node, Outline, Output, Param};
use icosian_adapter::{AsyncGraphAdapter, GraphAdapter, Program, SyncAdapter};
use icosian_tokio::TokioAdapter;

const NODES: usize = 100;

/// How a node is decorated, and what it gives to the one after it.
struct Row {
    name: &'static str,
    decorate: fn(Colour, Node, &str) -> Function,
    /// The name that the next node reads.
    gives: fn(&str) -> String,
    only_async: bool,
}

struct Small;

impl Validator<u64> for Small {
    fn name(&self) -> &'static str {
        "small"
    }

    fn validate(&self, value: &u64) -> Validation {
        Validation::of(*value < u64::MAX, "it is not")
    }
}

fn number() -> Output {
    Output::of::<u64>().cloneable::<u64>()
}

fn add(colour: Colour, name: String, reads: &str) -> Node {
    let outline = Outline::new(name).param(Param::borrowed::<u64>(reads.to_owned())).output(number());
    match colour {
        Colour::Sync => Node::sync(outline, |args| Ok(args.borrow::<u64>(0) + 1)),
        Colour::Async => Node::future(outline, |args| {
            let before = args.lease::<u64>(0);
            async move { Ok(*before + 1) }
        }),
    }
}

fn same(name: &str) -> String {
    name.to_owned()
}

const ROWS: &[Row] = &[
    Row { name: "plain", decorate: |_, node, _| node.into(), gives: same, only_async: false },
    Row {
        name: "inject a value",
        decorate: |_, node, reads| node.decorated(Inject::new().bind(reads.to_owned(), value(7_u64))),
        gives: same,
        only_async: false,
    },
    Row {
        name: "retry",
        decorate: |_, node, _| node.decorated(Retry::new(3)),
        gives: same,
        only_async: false,
    },
    Row {
        name: "fallback to a value",
        decorate: |_, node, _| node.decorated(Fallback::value(0_u64)),
        gives: same,
        only_async: false,
    },
    Row {
        name: "timeout",
        decorate: |_, node, _| node.decorated(Timeout::new(Duration::from_secs(1))),
        gives: same,
        only_async: true,
    },
    Row {
        name: "check_output (2 nodes more)",
        decorate: |_, node, _| {
            node.decorated(CheckOutput::<u64>::new().custom(Small).importance(Importance::Fail))
        },
        gives: same,
        only_async: false,
    },
    Row {
        name: "pipe_output, 1 step (2 nodes more)",
        decorate: |colour, node, _| {
            node.decorated(PipeOutput::new().step(Step::of(add(colour, "add".to_owned(), "given"))))
        },
        gives: same,
        only_async: false,
    },
    Row {
        name: "unpack_fields, 1 of 2 (1 node more)",
        decorate: |colour, node, reads| {
            let outline = Outline::new(node.name()).param(Param::borrowed::<u64>(reads.to_owned()));
            let outline = outline.output(Output::of::<(u64, String)>());
            let pair = match colour {
                Colour::Sync => Node::sync(outline, |args| Ok((args.borrow::<u64>(0) + 1, String::new()))),
                Colour::Async => Node::future(outline, |args| {
                    let before = args.lease::<u64>(0);
                    async move { Ok((*before + 1, String::new())) }
                }),
            };
            let part = format!("{}_part", node.name());
            pair.decorated(UnpackFields::<(u64, String)>::new().field(part, |pair| &pair.0, number()))
        },
        gives: |name| format!("{name}_part"),
        only_async: false,
    },
];

fn program(row: &Row, colour: Colour) -> Program {
    let mut reads = "start".to_owned();
    let mut flow = Dataflow::new("chain");
    for at in 0..NODES {
        let name = format!("n{at}");
        flow = flow.with_node((row.decorate)(colour, add(colour, name.clone(), &reads), &reads));
        reads = (row.gives)(&name);
    }
    let nodes =
        expand(vec![flow], &Config::new(), &TokioAdapter::default().spec()).expect("it is right").concat();
    let wanted: Vec<String> = (0..NODES).map(|at| (row.gives)(&format!("n{at}"))).collect();
    Program::new(nodes, wanted).expect("it is right")
}

fn decorators(criterion: &mut Criterion) {
    for colour in [Colour::Sync, Colour::Async] {
        let mut group = criterion.benchmark_group(format!("decorators {colour:?}"));
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(500))
            .throughput(Throughput::Elements(NODES as u64));
        for row in ROWS.iter().filter(|row| colour == Colour::Async || !row.only_async) {
            let program = program(row, colour);
            let start = program.plan().input("start").map(cell_of);
            group.bench_function(row.name, |bencher| {
                bencher.iter(|| match colour {
                    Colour::Sync => {
                        let mut run = program.start();
                        if let Some(cell) = start {
                            run.fill(cell, 1_u64);
                        }
                        SyncAdapter.run(&mut run).expect("nothing fails");
                        run.end();
                    }
                    Colour::Async => {
                        let mut run = program.start_async();
                        if let Some(cell) = start {
                            run.fill(cell, 1_u64);
                        }
                        let adapter = TokioAdapter::default();
                        let mut execution = Box::pin(adapter.run(&mut run));
                        let mut context = Context::from_waker(Waker::noop());
                        while execution.as_mut().poll(&mut context).is_pending() {}
                        drop(execution);
                        run.end();
                    }
                });
            });
        }
        group.finish();
    }
}

fn cell_of(input: &icosian::graph::PlanInput) -> usize {
    input.cell()
}

criterion_group!(benches, decorators);
criterion_main!(benches);
