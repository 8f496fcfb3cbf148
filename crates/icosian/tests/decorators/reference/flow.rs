//! The functions of a case, in the form that drivers run.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use icosian::decorators::{
    Args, CheckOutput, Checked, Condition, ConfigWhen, Does, Exclude, ExtractOutputs, Fallback, Function,
    Importance, Inject, Mutate, Offload, ParamDefault, Parameterization, Parameterize, PipeInput, PipeOutput,
    PipeStep, Resolve, Retry, Subdag, Tag, Validation, Validator, source, value,
};
use icosian::prelude::*;
use icosian::{Asyncness, BoxError, Node, NodeError, Outline, Output, Param, Value};

use super::case::{Bindings, Case, Decorator, Fails, Form, Source, StepKind, When};
use super::model::{Val, mix, other_than, step_function};

/// The choice of async functions in a case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Twin {
    All(Asyncness),
    Mixed,
}

impl Twin {
    fn asyncness(self, case: &Case, at: usize) -> Asyncness {
        match self {
            Self::All(asyncness) => asyncness,
            Self::Mixed if case.is_async[at % case.is_async.len()] => Asyncness::Async,
            Self::Mixed => Asyncness::Sync,
        }
    }
}

/// The calls of an execution, by function and arguments.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls(Arc<Mutex<HashMap<Call, u32>>>);

/// A function and the arguments of a call.
type Call = (usize, Vec<Option<u64>>);

impl Calls {
    pub(super) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().values().map(|count| *count as usize).sum()
    }

    /// Records a call and returns the number of earlier calls.
    fn note(&self, id: usize, args: &[Option<u64>]) -> u32 {
        let mut calls = self.0.lock().unwrap();
        let count = calls.entry((id, args.to_vec())).or_default();
        *count += 1;
        *count - 1
    }
}

/// An output of functions: a number, or a pair of numbers.
trait Datum: Any + Send + Sync + Clone {
    fn of(number: u64) -> Self;
    fn first(&self) -> u64;
    fn sum(&self) -> u64;
    fn with_first(self, first: u64) -> Self;
}

impl Datum for u64 {
    fn of(number: u64) -> Self {
        number
    }

    fn first(&self) -> u64 {
        *self
    }

    fn sum(&self) -> u64 {
        *self
    }

    fn with_first(self, first: u64) -> Self {
        first
    }
}

impl Datum for (u64, u64) {
    fn of(number: u64) -> Self {
        (number, (number * 3 + 1) % 101)
    }

    fn first(&self) -> u64 {
        self.0
    }

    fn sum(&self) -> u64 {
        self.0 + self.1
    }

    fn with_first(self, first: u64) -> Self {
        (first, self.1)
    }
}

pub(super) fn shown(value: &Value) -> Val {
    let pair = value.get::<(u64, u64)>().map(|(left, right)| Val::Pair(*left, *right));
    let number = || value.get::<u64>().map(|number| Val::Number(*number));
    let checked = || value.get::<Checked>().map(|checked| Val::Checked(checked.validation().passed()));
    pair.or_else(number).or_else(checked).unwrap()
}

pub(super) fn config(case: &Case) -> Config {
    let config = case.env.into_iter().fold(Config::new(), |config, env| config.with("env", env));
    case.constants.iter().fold(config, |config, (name, value)| config.with(name.clone(), *value))
}

/// A function of numbers.
fn function<T: Datum>(
    asyncness: Asyncness,
    name: &str,
    params: &[(String, Form)],
    body: impl Fn(&[Option<u64>]) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
) -> Node {
    let outline = Outline::new(name.to_owned()).with_output(Output::of::<T>().cloneable::<T>());
    let outline = params.iter().fold(outline, |outline, (name, form)| {
        let name = name.clone();
        outline.with_param(match *form {
            Form::Borrowed => Param::borrowed::<u64>(name),
            Form::Taken => Param::taken::<u64>(name).with_clone(),
            Form::Default(value) => {
                Param::borrowed::<u64>(name).with_default(ParamDefault::new(move || value))
            }
            Form::Optional => Param::optional_taken::<u64>(name).with_clone(),
        })
    });
    let forms: Vec<_> = params.iter().map(|(_, form)| *form).collect();
    let read = move |args: &mut Args<'_>| -> Vec<Option<u64>> {
        let read = |(at, form): (usize, &Form)| match *form {
            Form::Borrowed => Some(*args.borrow::<u64>(at)),
            Form::Taken => Some(args.take::<u64>(at)),
            Form::Default(value) => Some(if args.is_provided(at) { *args.borrow::<u64>(at) } else { value }),
            Form::Optional => args.take_optional::<u64>(at),
        };
        forms.iter().enumerate().map(read).collect()
    };
    build_node(asyncness, outline, read, move |args| body(&args))
}

/// A node that reads its arguments, and computes its output from them.
fn build_node<A: Send + 'static, T: Datum>(
    asyncness: Asyncness,
    outline: Outline,
    read: impl Fn(&mut Args<'_>) -> A + Send + Sync + 'static,
    body: impl Fn(A) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
) -> Node {
    match asyncness {
        Asyncness::Sync => Node::sync(outline, move |args| body(read(args))),
        Asyncness::Async => Node::future(outline, move |args| {
            let (args, body) = (read(args), body.clone());
            async move {
                tokio::task::yield_now().await;
                body(args)
            }
        }),
    }
}

/// The parts of a case from which functions are built.
struct Making<'a> {
    case: &'a Case,
    twin: Twin,
    calls: &'a Calls,
}

pub(super) fn dataflow(case: &Case, twin: Twin, calls: &Calls) -> Dataflow {
    let making = Making { case, twin, calls };
    (0..case.functions.len()).fold(Dataflow::new("flow"), |flow, at| {
        let is_pair = |at: usize| case.functions[at].is_pair;
        flow.with_node(match case.functions[at].mutates {
            Some(target) if is_pair(target) => making.mutator::<(u64, u64)>(at, target),
            Some(target) => making.mutator::<u64>(at, target),
            None if is_pair(at) => making.function::<(u64, u64)>(at),
            None => making.function::<u64>(at),
        })
    })
}

fn unlucky() -> NodeError {
    NodeError::failed("it is unlucky")
}

impl Making<'_> {
    fn mutator<T: Datum>(&self, at: usize, target: usize) -> Function {
        let function = &self.case.functions[at];
        let (calls, fails) = (self.calls.clone(), function.fails == Fails::Odd);
        let outline = Outline::new(function.name.clone()).with_param(Param::taken::<T>("given").with_clone());
        let outline = outline.with_output(Output::of::<T>().cloneable::<T>());
        let node = build_node(
            self.twin.asyncness(self.case, at),
            outline,
            |args| args.take::<T>(0),
            move |given: T| {
                calls.note(at + 300, &[Some(given.first()), Some(given.sum())]);
                if fails && given.sum() % 2 == 1 {
                    return Err(unlucky());
                }
                let first = given.first() + 1;
                Ok(given.with_first(first))
            },
        );
        let retry = function.decorators.iter().any(|it| matches!(it, Decorator::Retry(_)));
        let node = if retry { node.with_decorator(Retry::new(2)) } else { node.into() };
        node.with_decorator(Mutate::of([self.case.functions[target].name.clone()]))
    }

    fn function<T: Datum>(&self, at: usize) -> Function {
        let function = &self.case.functions[at];
        let params: Vec<_> = function.params.iter().map(|it| (it.name.clone(), it.form)).collect();
        let node = self.body::<T>(at, at, &function.name, &params);
        function
            .decorators
            .iter()
            .fold(node.into(), |made, decorator| self.decorate::<T>(made, at, decorator))
    }

    fn body<T: Datum>(&self, at: usize, id: usize, name: &str, params: &[(String, Form)]) -> Node {
        let (calls, fails) = (self.calls.clone(), self.case.functions[at].fails);
        self::function(self.twin.asyncness(self.case, id), name, params, move |args| {
            let before = calls.note(id, args);
            let made = mix(id, args);
            let is_unlucky = match fails {
                Fails::Never => false,
                Fails::Odd => made % 2 == 1,
                Fails::Always => true,
                Fails::First(count) => before < count,
            };
            if is_unlucky { Err(unlucky()) } else { Ok(T::of(made)) }
        })
    }

    fn decorate<T: Datum>(&self, made: Function, at: usize, decorator: &Decorator) -> Function {
        let function = &self.case.functions[at];
        match decorator {
            Decorator::ConfigWhen(when) => made.with_decorator(ConfigWhen::new(condition(*when))),
            Decorator::Exclude => made.with_decorator(Exclude),
            Decorator::Does(form) => {
                let theirs = |at: usize| format!("p{at}");
                let params: Vec<_> = (0..function.params.len()).map(|at| (theirs(at), *form)).collect();
                let body = self.body::<T>(at, at + 100, "body", &params);
                let names = function.params.iter().enumerate();
                made.with_decorator(
                    names.fold(Does::new(body), |does, (at, param)| does.map(theirs(at), param.name.clone())),
                )
            }
            Decorator::Subdag { provides, seed } => {
                let others = function.params.iter().map(|it| it.name.clone()).filter(|it| it != provides);
                let subdag = Subdag::new(self.inner(at, provides)).input("seed", binding(seed));
                made.with_decorator(subdag.external(others))
            }
            Decorator::PipeInput { steps, inputs, namespace } => {
                let pipe =
                    steps.iter().fold(PipeInput::new(), |pipe, step| pipe.step(self.step::<u64>(at, step)));
                let pipe = inputs.iter().fold(pipe, |pipe, input| pipe.on_input(input.clone()));
                made.with_decorator(namespace.iter().fold(pipe, |pipe, name| pipe.namespace(name.clone())))
            }
            Decorator::Inject { bindings, is_resolved } => {
                let bound = |inject: Inject, (param, source): &(String, Source)| {
                    inject.bind(param.clone(), binding(source))
                };
                let inject = bindings.iter().fold(Inject::new(), bound);
                if *is_resolved {
                    return made
                        .with_decorator(Resolve::new(move |_: &Config| Ok::<_, BoxError>(inject.clone())));
                }
                made.with_decorator(inject)
            }
            Decorator::Parameterize(nodes) => {
                let node = |(name, bindings): &(String, Bindings)| {
                    let node = Parameterization::new(name.clone());
                    bindings
                        .iter()
                        .fold(node, |node, (param, source)| node.bind(param.clone(), binding(source)))
                };
                made.with_decorator(nodes.iter().map(node).fold(Parameterize::new(), Parameterize::with))
            }
            Decorator::Extract => {
                type Pair = (u64, u64);
                let number = || Output::of::<u64>().cloneable::<u64>();
                let name = |end: &str| format!("{}_{end}", function.name);
                let parts = ExtractOutputs::<Pair>::new().field(name("l"), |pair| &pair.0, number());
                made.with_decorator(parts.field(name("r"), |pair| &pair.1, number()))
            }
            Decorator::Check { most } => {
                made.with_decorator(CheckOutput::<T>::new().custom(Small(*most)).importance(Importance::Fail))
            }
            Decorator::PipeOutput(steps) => made.with_decorator(
                steps.iter().fold(PipeOutput::new(), |pipe, step| pipe.step(self.step::<T>(at, step))),
            ),
            Decorator::Tag => made.with_decorator(Tag::new().with("owner", ["tests"])),
            Decorator::Retry(attempts) => {
                made.with_decorator(Retry::new(usize::try_from(*attempts).unwrap()))
            }
            Decorator::FallbackValue(value) => made.with_decorator(Fallback::value(T::of(*value))),
            Decorator::FallbackFunction => {
                let form = |form| if form == Form::Optional { form } else { Form::Borrowed };
                let params: Vec<_> =
                    function.params.iter().map(|it| (it.name.clone(), form(it.form))).collect();
                let (calls, id) = (self.calls.clone(), at + 200);
                let asyncness = self.twin.asyncness(self.case, id);
                made.with_decorator(Fallback::function(self::function(
                    asyncness,
                    "cached",
                    &params,
                    move |args| {
                        calls.note(id, args);
                        Ok(T::of(mix(id, args)))
                    },
                )))
            }
            Decorator::Offload => made.with_decorator(Offload),
        }
    }

    fn inner(&self, at: usize, provides: &str) -> Dataflow {
        let node = |name: &str, params: &[&str], id: usize, body: fn(&[Option<u64>]) -> u64| {
            let params: Vec<_> = params.iter().map(|name| ((*name).to_owned(), Form::Borrowed)).collect();
            let calls = self.calls.clone();
            self::function(self.twin.asyncness(self.case, at + id), name, &params, move |args| {
                calls.note(at + id, args);
                Ok(body(args))
            })
        };
        Dataflow::new("inner")
            .with_node(node("base", &["seed"], 400, |args| args[0].unwrap() + 1))
            .with_node(node(provides, &["base", other_than(provides)], 500, |args| {
                args[0].unwrap() * 2 + args[1].unwrap()
            }))
            .with_node(node("extra", &["base"], 600, |args| args[0].unwrap() + 5))
    }

    fn step<T: Datum>(&self, at: usize, step: &super::case::Step) -> PipeStep {
        let name = step_function(&step.kind);
        let outline = Outline::new(name).with_param(Param::taken::<T>("given").with_clone());
        let outline = outline.with_output(Output::of::<T>().cloneable::<T>());
        let asyncness = self.twin.asyncness(self.case, at + 1);
        let calls = self.calls.clone();
        let note = move |id: usize, given: &T, by: Option<u64>| {
            calls.note(id, &[Some(given.first()), Some(given.sum()), by]);
        };
        let node = match step.kind {
            StepKind::Add(_) => {
                let outline = outline.with_param(Param::borrowed::<u64>("b"));
                let read = |args: &mut Args<'_>| (*args.borrow::<u64>(1), args.take::<T>(0));
                build_node(asyncness, outline, read, move |(by, given): (u64, T)| {
                    note(700, &given, Some(by));
                    let first = given.first() + by;
                    Ok(given.with_first(first))
                })
            }
            StepKind::Double => build_node(
                asyncness,
                outline,
                |args| args.take::<T>(0),
                move |given: T| {
                    note(701, &given, None);
                    let first = given.first() * 2;
                    Ok(given.with_first(first))
                },
            ),
            StepKind::Even => build_node(
                asyncness,
                outline,
                |args| args.take::<T>(0),
                move |given: T| {
                    note(702, &given, None);
                    if given.first() % 2 == 1 { Err(unlucky()) } else { Ok(given) }
                },
            ),
        };
        let made = PipeStep::of(node);
        let made = match &step.kind {
            StepKind::Add(Some(source)) => made.bind("b", binding(source)),
            _ => made,
        };
        let made = step.when.iter().fold(made, |made, when| made.when(condition(*when)));
        step.named.iter().fold(made, |made, name| made.named(name.clone()))
    }
}

fn condition(when: When) -> Condition {
    match when {
        When::Prod => Condition::when("env", "prod"),
        When::NotProd => Condition::when_not("env", "prod"),
    }
}

fn binding(source_of: &Source) -> icosian::decorators::Binding {
    match source_of {
        Source::Name(name) => source(name.clone()),
        Source::Value(number) => value(*number),
    }
}

struct Small(u64);

impl<T: Datum> Validator<T> for Small {
    fn name(&self) -> &'static str {
        "small"
    }

    fn validate(&self, value: &T) -> Validation {
        Validation::of(value.sum() <= self.0, "it is too large")
    }
}
