//! The reference: nodes and values of a decorated dataflow by the definitions of the decorators.
//!
//! The reference uses nothing of the engine. [`Model::of`] applies the decorators of each function by phase, and lists the nodes.
//! A node is an expression over other nodes and names. [`Execution`] computes an expression by recursion.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::case::{Bindings, Case, Decorator, Fails, Form, Function, Source, Step, StepKind};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Val {
    Number(u64),
    Pair(u64, u64),
    Checked(bool),
}

impl Val {
    pub(super) fn sum(self) -> u64 {
        match self {
            Self::Number(number) => number,
            Self::Pair(left, right) => left + right,
            Self::Checked(_) => unreachable!("no function reads checks"),
        }
    }
}

/// Returns the number that the function `id` computes from its arguments.
pub(super) fn mix(id: usize, args: &[Option<u64>]) -> u64 {
    args.iter().fold(id as u64 * 31 + 7, |made, arg| made * 13 % 1009 + arg.unwrap_or(77)) % 101
}

/// The source of a parameter.
#[derive(Clone, Debug)]
enum Read {
    Node(usize),
    Value(u64),
    Name(String, Form),
}

#[derive(Clone, Debug)]
enum Expr {
    Own { function: usize, id: usize, args: Vec<Read> },
    Step { kind: StepKind, input: Read, is_pair: bool },
    Mutated { function: usize, input: Read, is_pair: bool },
    Base(Read),
    Provided { base: usize, other: Read },
    Extra(usize),
    Check { of: usize, most: u64 },
    Checked { of: usize, checks: Vec<usize> },
    Forward(usize),
    Part { of: usize, is_left: bool },
}

#[derive(Clone, Debug)]
struct Node {
    name: String,
    expr: Expr,
}

/// The nodes of a case, and the codes of the errors that its build can report.
pub(super) struct Model<'a> {
    case: &'a Case,
    nodes: Vec<Option<Node>>,
    by_name: HashMap<String, usize>,
    pub(super) refusals: BTreeSet<&'static str>,
    /// The names of inputs that some node reads.
    pub(super) inputs: BTreeSet<String>,
    /// Nodes that need no consumer.
    pub(super) outputs: BTreeSet<String>,
}

/// One function while its decorators are applied.
struct Applied<'a> {
    case: &'a Case,
    at: usize,
    function: &'a Function,
    nodes: Vec<Option<Node>>,
    forms: Vec<Form>,
    reads: Vec<Read>,
    /// The steps before each parameter, in the order in which they run.
    pipes: Vec<Vec<usize>>,
    body: usize,
    own: Vec<usize>,
    sinks: Vec<usize>,
    refusals: BTreeSet<&'static str>,
}

impl Applied<'_> {
    fn add(&mut self, name: String, expr: Expr) -> usize {
        self.nodes.push(Some(Node { name, expr }));
        self.nodes.len() - 1
    }

    fn free(&self, plain: &str) -> String {
        let is_taken = |name: &str| self.nodes.iter().flatten().any(|node| node.name == name);
        let mut all = std::iter::once(plain.to_owned()).chain((1..).map(|again| format!("{plain}_{again}")));
        all.find(|name| !is_taken(name)).unwrap()
    }

    fn name(&self, at: usize) -> &str {
        &self.nodes[at].as_ref().unwrap().name
    }

    fn expr(&mut self, at: usize) -> &mut Expr {
        &mut self.nodes[at].as_mut().unwrap().expr
    }

    fn param(&self, name: &str) -> usize {
        self.function.params.iter().position(|param| param.name == name).unwrap()
    }

    fn is_provided(&self, param: usize) -> bool {
        matches!(self.reads[param], Read::Node(_))
    }

    fn create(&mut self, decorator: &Decorator) {
        match decorator {
            Decorator::Does(theirs) => {
                self.body = self.at + 100;
                for form in &mut self.forms {
                    *form = match (*form, *theirs) {
                        (Form::Default(value), _) => Form::Default(value),
                        (Form::Optional, Form::Borrowed | Form::Taken) => {
                            self.refusals.insert("ICO0421 decorator-type-mismatch");
                            Form::Optional
                        }
                        (Form::Optional, theirs) => theirs,
                        (Form::Borrowed | Form::Taken, _) => Form::Borrowed,
                    };
                }
            }
            Decorator::Subdag { provides, seed } => {
                let name = &self.function.name;
                let (base, provided, extra) =
                    (format!("{name}.base"), format!("{name}.{provides}"), format!("{name}.extra"));
                let base = self.add(base, Expr::Base(read(seed, Form::Borrowed)));
                let other = Read::Name(other_than(provides).to_owned(), Form::Borrowed);
                let provided = self.add(provided, Expr::Provided { base, other });
                self.add(extra, Expr::Extra(base));
                let param = self.param(provides);
                self.reads[param] = Read::Node(provided);
            }
            _ => {}
        }
    }

    /// The form in which the first step of a pipe reads.
    fn piped_form(&self, param: usize) -> Form {
        match self.forms[param] {
            Form::Default(value) => Form::Default(value),
            _ => Form::Borrowed,
        }
    }

    fn pipe_input(&mut self, steps: &[Step], inputs: &[String], namespace: Option<&String>) {
        let first = [self.function.params[0].name.clone()];
        let all = if inputs.is_empty() { &first[..] } else { inputs };
        for input in all {
            let param = self.param(input);
            let steps: Vec<_> = active(steps, self.case).collect();
            if steps.is_empty() {
                continue;
            }
            if self.forms[param] == Form::Optional && self.pipes[param].is_empty() && !self.is_provided(param)
            {
                self.refusals.insert("ICO0421 decorator-type-mismatch");
            }
            let namespace = match (namespace, inputs.len()) {
                (None, 0 | 1) => self.function.name.clone(),
                (Some(namespace), 0 | 1) => namespace.clone(),
                (Some(namespace), _) => format!("{namespace}_{input}"),
                (None, _) => input.clone(),
            };
            let mut before = match self.reads[param].clone() {
                Read::Name(name, _) => Read::Name(name, self.piped_form(param)),
                read => read,
            };
            let mut made = Vec::new();
            for step in steps {
                let name = self.step_name(step, &namespace);
                let at =
                    self.add(name, Expr::Step { kind: step.kind.clone(), input: before, is_pair: false });
                before = Read::Node(at);
                made.push(at);
            }
            if let Some(next) = self.pipes[param].first().copied() {
                let Expr::Step { input, .. } = self.expr(next) else { unreachable!("it is a step") };
                *input = before;
            }
            made.append(&mut self.pipes[param]);
            self.pipes[param] = made;
        }
    }

    fn step_name(&self, step: &Step, namespace: &str) -> String {
        match &step.named {
            Some(name) => format!("{namespace}.{name}"),
            None => self.free(&format!("{namespace}.with_{}", step_function(&step.kind))),
        }
    }

    fn apply(&mut self, nodes: &[(String, Bindings)]) {
        let params: Vec<String> = self.function.params.iter().map(|param| param.name.clone()).collect();
        let provided: BTreeSet<_> =
            (0..params.len()).filter(|at| self.is_provided(*at)).map(|at| params[at].clone()).collect();
        // Ignore a binding to the node that the parameter reads by default.
        let binding = |bindings: &Bindings, param: &str| {
            let bound = bindings.iter().find(|(bound, _)| bound == param).map(|(_, source)| source.clone());
            bound.filter(|source| {
                provided.contains(param) || !matches!(source, Source::Name(name) if name == param)
            })
        };
        let binds = |bindings: &Bindings, param: &str| binding(bindings, param).is_some();
        let mut originals: Vec<Vec<(String, Node)>> = Vec::new();
        for (at, param) in params.iter().enumerate() {
            let pipe = self.pipes[at].clone();
            originals.push(
                pipe.iter()
                    .map(|step| (self.name(*step).to_owned(), self.nodes[*step].clone().unwrap()))
                    .collect(),
            );
            // Steps that no node reads are not nodes.
            if nodes.iter().all(|(_, bindings)| binds(bindings, param)) {
                for step in pipe {
                    self.nodes[step] = None;
                }
            }
        }
        for (name, bindings) in nodes {
            let mut args = Vec::new();
            for (at, param) in params.iter().enumerate() {
                let Some(source) = binding(bindings, param) else {
                    args.push(
                        self.pipes[at]
                            .last()
                            .map_or_else(|| self.reads[at].clone(), |last| Read::Node(*last)),
                    );
                    continue;
                };
                if self.is_provided(at) {
                    self.refusals.insert("ICO0416 param-bound-twice");
                }
                if self.pipes[at].is_empty() {
                    args.push(read(&source, self.forms[at]));
                    continue;
                }
                let mut before = read(&source, self.piped_form(at));
                for (old, node) in originals[at].clone() {
                    let own = &self.function.name;
                    let new = match old.strip_prefix(&format!("{own}.")) {
                        _ if name == own => old,
                        Some(rest) => format!("{name}.{rest}"),
                        None => format!("{name}.{old}"),
                    };
                    let new = self.free(&new);
                    let Expr::Step { kind, is_pair, .. } = node.expr else { unreachable!("it is a step") };
                    before = Read::Node(self.add(new, Expr::Step { kind, input: before, is_pair }));
                }
                args.push(before);
            }
            let own = self.add(name.clone(), Expr::Own { function: self.at, id: self.body, args });
            self.own.push(own);
        }
    }

    fn is_pair(&self, at: usize) -> bool {
        match &self.nodes[at].as_ref().unwrap().expr {
            Expr::Own { .. } => self.function.is_pair,
            Expr::Step { is_pair, .. } | Expr::Mutated { is_pair, .. } => *is_pair,
            Expr::Checked { of, .. } | Expr::Forward(of) => self.is_pair(*of),
            _ => false,
        }
    }

    fn extract(&mut self) {
        let [sink] = self.sinks[..] else {
            self.refusals.insert("ICO0419 unclear-target");
            return;
        };
        if !self.is_pair(sink) {
            self.refusals.insert("ICO0421 decorator-type-mismatch");
            return;
        }
        let parts = [("l", true), ("r", false)].map(|(end, is_left)| {
            self.add(format!("{}_{end}", self.function.name), Expr::Part { of: sink, is_left })
        });
        self.sinks = parts.to_vec();
    }

    fn check(&mut self, most: u64) {
        for at in 0..self.sinks.len() {
            let sink = self.sinks[at];
            if self.is_pair(sink) != self.function.is_pair {
                self.refusals.insert("ICO0408 check-output-wrong-type");
                continue;
            }
            let name = self.name(sink).to_owned();
            if let Expr::Checked { of, .. } = *self.expr(sink) {
                let validator = self.free(&format!("{name}_small"));
                let validator = self.add(validator, Expr::Check { of, most });
                let Expr::Checked { checks, .. } = self.expr(sink) else { unreachable!("it is a check") };
                checks.push(validator);
                continue;
            }
            let raw = self.free(&format!("{name}_raw"));
            self.nodes[sink].as_mut().unwrap().name = raw;
            let validator = self.free(&format!("{name}_small"));
            let validator = self.add(validator, Expr::Check { of: sink, most });
            self.sinks[at] = self.add(name, Expr::Checked { of: sink, checks: vec![validator] });
        }
    }

    /// Adds steps behind each output; `steps` are their conditions, explicit names, functions and expressions.
    fn pipe_output(&mut self, steps: &[(Option<&String>, String, MakeExpr<'_>)]) {
        if steps.is_empty() {
            return;
        }
        for at in 0..self.sinks.len() {
            let sink = self.sinks[at];
            if self.is_pair(sink) != self.function.is_pair {
                self.refusals.insert("ICO0004 edge-type-mismatch");
            }
            let name = self.name(sink).to_owned();
            let raw = format!("{name}.raw");
            let has_raw = self.nodes.iter().flatten().any(|node| node.name == raw);
            let mut before = match self.expr(sink) {
                Expr::Forward(of) if has_raw => {
                    let of = *of;
                    self.nodes[sink] = None;
                    of
                }
                _ => {
                    let raw = self.free(&raw);
                    self.nodes[sink].as_mut().unwrap().name = raw;
                    sink
                }
            };
            // The output's name stays taken while its steps are named.
            for (named, function, make) in steps {
                let step = match named {
                    Some(named) => format!("{name}.{named}"),
                    None => self.free(&format!("{name}.with_{function}")),
                };
                let expr = make(Read::Node(before), self.function.is_pair);
                before = self.add(step, expr);
            }
            self.sinks[at] = self.add(name, Expr::Forward(before));
        }
    }
}

type MakeExpr<'a> = Box<dyn Fn(Read, bool) -> Expr + 'a>;

pub(super) fn other_than(provided: &str) -> &'static str {
    if provided == "b" { "a" } else { "b" }
}

fn read(source: &Source, form: Form) -> Read {
    match source {
        Source::Name(name) => Read::Name(name.clone(), form),
        Source::Value(value) => Read::Value(*value),
    }
}

pub(super) fn step_function(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Add(_) => "add",
        StepKind::Double => "double",
        StepKind::Even => "even",
    }
}

fn active<'a>(steps: &'a [Step], case: &'a Case) -> impl Iterator<Item = &'a Step> {
    steps.iter().filter(|step| step.when.is_none_or(|when| when.holds(case.env)))
}

impl<'a> Model<'a> {
    pub(super) fn of(case: &'a Case) -> Self {
        let mut model = Self {
            case,
            nodes: Vec::new(),
            by_name: HashMap::new(),
            refusals: BTreeSet::new(),
            inputs: BTreeSet::new(),
            outputs: BTreeSet::new(),
        };
        for at in 0..case.functions.len() {
            model.apply(at);
        }
        model.names();
        model.probe();
        model
    }

    fn is_node(&self, at: usize) -> bool {
        let function = &self.case.functions[at];
        function.mutates.is_none()
            && function.decorators.iter().all(|decorator| match decorator {
                Decorator::ConfigWhen(when) => when.holds(self.case.env),
                Decorator::Exclude => false,
                _ => true,
            })
    }

    fn apply(&mut self, at: usize) {
        let function = &self.case.functions[at];
        if let Some(target) = function.mutates
            && !self.is_node(target)
        {
            self.refusals.insert("ICO0413 mutate-target-missing");
        }
        if !self.is_node(at) {
            return;
        }
        let reads = function.params.iter().map(|param| Read::Name(param.name.clone(), param.form));
        let mut applied = Applied {
            case: self.case,
            at,
            function,
            nodes: Vec::new(),
            forms: function.params.iter().map(|param| param.form).collect(),
            reads: reads.collect(),
            pipes: vec![Vec::new(); function.params.len()],
            body: at,
            own: Vec::new(),
            sinks: Vec::new(),
            refusals: BTreeSet::new(),
        };
        let phase = |phase| function.decorators.iter().filter(move |it| it.phase() == phase);
        phase(1).for_each(|decorator| applied.create(decorator));
        for decorator in phase(2) {
            let Decorator::PipeInput { steps, inputs, namespace } = decorator else { continue };
            applied.pipe_input(steps, inputs, namespace.as_ref());
        }
        let alone = || vec![(function.name.clone(), Vec::new())];
        let mut expanders = phase(3).map(|decorator| match decorator {
            Decorator::Inject { bindings, .. } => vec![(function.name.clone(), bindings.clone())],
            Decorator::Parameterize(nodes) => nodes.clone(),
            _ => alone(),
        });
        let expander = expanders.next().unwrap_or_else(alone);
        if expanders.next().is_some() {
            applied.refusals.insert("ICO0407 conflicting-decorators");
        }
        // Parameters keep the forms that `does` left.
        for (param, form) in applied.reads.iter_mut().zip(applied.forms.clone()) {
            if let Read::Name(_, own) = param {
                *own = form;
            }
        }
        applied.apply(&expander);
        applied.sinks.clone_from(&applied.own);
        for decorator in phase(4) {
            match decorator {
                Decorator::Extract => applied.extract(),
                Decorator::Check { most } => applied.check(*most),
                Decorator::PipeOutput(steps) => {
                    let steps: Vec<(_, _, MakeExpr<'_>)> = active(steps, self.case)
                        .map(|step| {
                            let make: MakeExpr<'_> = Box::new(|input, is_pair| Expr::Step {
                                kind: step.kind.clone(),
                                input,
                                is_pair,
                            });
                            (step.named.as_ref(), step_function(&step.kind).to_owned(), make)
                        })
                        .collect();
                    applied.pipe_output(&steps);
                }
                _ => {}
            }
        }
        for (mutator, other) in self.case.functions.iter().enumerate() {
            if other.mutates == Some(at) {
                let make: MakeExpr<'_> =
                    Box::new(move |input, is_pair| Expr::Mutated { function: mutator, input, is_pair });
                applied.pipe_output(&[(None, other.name.clone(), make)]);
            }
        }
        if !applied.refusals.is_empty() {
            // A pipe behind a part of a pair is refused by the graph, so its nodes are there.
            let only_graph = applied.refusals.iter().all(|code| code.starts_with("ICO0004"));
            self.refusals.append(&mut applied.refusals);
            if !only_graph {
                return;
            }
        }
        let offset = self.nodes.len();
        let outputs = applied.sinks.iter().map(|sink| applied.name(*sink).to_owned()).collect::<Vec<_>>();
        self.outputs.extend(outputs);
        self.outputs.insert(format!("{}.extra", function.name));
        let moved = applied.nodes.into_iter().map(|node| {
            node.map(|mut node| {
                node.expr.shift(offset);
                node
            })
        });
        self.nodes.extend(moved);
    }

    /// Registers the names, and drops the nodes that config replaces.
    fn names(&mut self) {
        for (at, node) in self.nodes.iter_mut().enumerate() {
            let Some(found) = node else { continue };
            if self.by_name.insert(found.name.clone(), at).is_some() {
                self.refusals.insert("ICO0002 duplicate-node");
            }
        }
    }

    fn constant(&self, name: &str) -> Option<u64> {
        self.case.constants.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    /// Registers the inputs that nodes read, and edges of the wrong type.
    fn probe(&mut self) {
        let given = |name: &str| Some(name.len() as u64);
        let mut execution = Execution::new(self, BTreeMap::new(), &given);
        execution.is_probe = true;
        for at in 0..self.nodes.len() {
            let Some(node) = &self.nodes[at] else { continue };
            if self.constant(&node.name).is_none() {
                let _ = execution.node(at);
            }
        }
        let (inputs, is_mistyped) = (execution.read, execution.is_mistyped);
        let mut replaced = self.nodes.iter().flatten().filter(|node| self.constant(&node.name).is_some());
        let is_replaced_by_another_type = replaced.any(|node| self.kind(&node.expr) != Kind::Number);
        self.inputs = inputs;
        if is_mistyped {
            self.refusals.insert("ICO0004 edge-type-mismatch");
        }
        if is_replaced_by_another_type {
            self.refusals.insert("ICO0018 wrong-input-type");
        }
    }

    /// Returns the nodes of the graph: each name, and the type of a value that can override it.
    pub(super) fn all(&self) -> Vec<(String, Kind)> {
        let nodes = self.nodes.iter().flatten().filter(|node| self.constant(&node.name).is_none());
        nodes.map(|node| (node.name.clone(), self.kind(&node.expr))).collect()
    }

    fn kind(&self, expr: &Expr) -> Kind {
        let of = |at: usize| self.kind(&self.nodes[at].as_ref().unwrap().expr);
        match expr {
            Expr::Own { function, .. } if self.case.functions[*function].is_pair => Kind::Pair,
            Expr::Step { is_pair: true, .. } | Expr::Mutated { is_pair: true, .. } => Kind::Pair,
            Expr::Checked { of: at, .. } | Expr::Forward(at) => of(*at),
            Expr::Check { .. } => Kind::Check,
            _ => Kind::Number,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Number,
    Pair,
    Check,
}

impl Expr {
    fn shift(&mut self, offset: usize) {
        let read = |read: &mut Read| {
            if let Read::Node(at) = read {
                *at += offset;
            }
        };
        match self {
            Self::Own { args, .. } => args.iter_mut().for_each(read),
            Self::Step { input, .. } | Self::Mutated { input, .. } => read(input),
            Self::Base(seed) => read(seed),
            Self::Provided { base, .. } | Self::Extra(base) => *base += offset,
            Self::Check { of, .. } | Self::Forward(of) | Self::Part { of, .. } => *of += offset,
            Self::Checked { of, checks } => {
                *of += offset;
                for check in checks {
                    *check += offset;
                }
            }
        }
    }
}

/// One execution by recursion over names and values.
pub(super) struct Execution<'a> {
    model: &'a Model<'a>,
    overrides: BTreeMap<String, Val>,
    given: &'a dyn Fn(&str) -> Option<u64>,
    values: HashMap<usize, Result<Val, Lost>>,
    /// The inputs that were read.
    read: BTreeSet<String>,
    pub(super) missing: BTreeSet<String>,
    /// The nodes that fail with complete arguments.
    pub(super) failing: BTreeSet<String>,
    pub(super) calls: usize,
    is_mistyped: bool,
    /// In a probe no node fails: only names and types matter.
    is_probe: bool,
}

/// A node that failed, or that reads a failed node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lost;

impl<'a> Execution<'a> {
    pub(super) fn new(
        model: &'a Model<'a>,
        overrides: BTreeMap<String, Val>,
        given: &'a dyn Fn(&str) -> Option<u64>,
    ) -> Self {
        Self {
            model,
            overrides,
            given,
            values: HashMap::new(),
            read: BTreeSet::new(),
            missing: BTreeSet::new(),
            failing: BTreeSet::new(),
            calls: 0,
            is_mistyped: false,
            is_probe: false,
        }
    }

    pub(super) fn named(&mut self, name: &str) -> Result<Val, Lost> {
        self.node(self.model.by_name[name])
    }

    fn node(&mut self, at: usize) -> Result<Val, Lost> {
        if let Some(value) = self.values.get(&at) {
            return *value;
        }
        let node = self.model.nodes[at].as_ref().unwrap();
        let replaced = self.model.constant(&node.name).map(Val::Number);
        let value = match self.overrides.get(&node.name).copied().or(replaced) {
            Some(value) => Ok(value),
            None => self.compute(&node.name, &node.expr),
        };
        self.values.insert(at, value);
        value
    }

    fn name(&mut self, name: &str) -> Result<Option<Val>, Lost> {
        if let Some(constant) = self.model.constant(name) {
            return Ok(Some(Val::Number(constant)));
        }
        if let Some(at) = self.model.by_name.get(name) {
            return self.node(*at).map(Some);
        }
        self.read.insert(name.to_owned());
        Ok((self.given)(name).map(Val::Number))
    }

    /// Returns the value of an edge; `None` if it is missing and optional.
    fn read(&mut self, read: &Read) -> Result<Option<Val>, Lost> {
        match read {
            Read::Node(at) => self.node(*at).map(Some),
            Read::Value(value) => Ok(Some(Val::Number(*value))),
            Read::Name(name, form) => {
                let found = self.name(name)?;
                Ok(match (found, form) {
                    (None, Form::Default(value)) => Some(Val::Number(*value)),
                    (None, Form::Borrowed | Form::Taken) => {
                        self.missing.insert(name.clone());
                        Some(Val::Number(0))
                    }
                    (found, _) => found,
                })
            }
        }
    }

    fn number(&mut self, read: &Read) -> Result<Option<u64>, Lost> {
        Ok(match self.read(read)? {
            Some(Val::Number(number)) => Some(number),
            None => None,
            Some(_) => {
                self.is_mistyped = true;
                Some(0)
            }
        })
    }

    fn fail(&mut self, name: &str) -> Lost {
        self.failing.insert(name.to_owned());
        Lost
    }

    fn compute(&mut self, name: &str, expr: &Expr) -> Result<Val, Lost> {
        match expr {
            Expr::Own { function, id, args } => self.own(name, *function, *id, args),
            Expr::Step { kind, input, is_pair } => {
                let input = self.read(input);
                let by = match kind {
                    StepKind::Add(None) => self.number(&Read::Name("b".to_owned(), Form::Borrowed)),
                    StepKind::Add(Some(source)) => self.number(&read(source, Form::Borrowed)),
                    StepKind::Double | StepKind::Even => Ok(None),
                };
                let (input, by) = (input?.unwrap(), by?);
                if matches!(input, Val::Pair(..)) != *is_pair {
                    self.is_mistyped = true;
                    return Ok(if *is_pair { Val::Pair(0, 0) } else { Val::Number(0) });
                }
                self.calls += 1;
                let first = match input {
                    Val::Number(number) | Val::Pair(number, _) => number,
                    Val::Checked(_) => unreachable!("no step reads checks"),
                };
                let first = match kind {
                    StepKind::Add(_) => first + by.unwrap(),
                    StepKind::Double => first * 2,
                    StepKind::Even if first % 2 == 1 && !self.is_probe => return Err(self.fail(name)),
                    StepKind::Even => first,
                };
                Ok(with_first(input, first))
            }
            Expr::Mutated { function, input, is_pair } => {
                let input = self.read(input)?.unwrap();
                if matches!(input, Val::Pair(..)) != *is_pair {
                    self.is_mistyped = true;
                    return Ok(input);
                }
                let fails = self.model.case.functions[*function].fails == Fails::Odd && input.sum() % 2 == 1;
                self.calls += 1;
                if fails && !self.is_probe {
                    return Err(self.fail(name));
                }
                let (Val::Number(first) | Val::Pair(first, _)) = input else { unreachable!("it is a value") };
                Ok(with_first(input, first + 1))
            }
            Expr::Base(seed) => {
                let seed = self.number(seed)?.unwrap();
                self.calls += 1;
                Ok(Val::Number(seed + 1))
            }
            Expr::Provided { base, other } => {
                let (base, other) = (self.node(*base), self.number(other));
                let (base, other) = (base?.sum(), other?.unwrap());
                self.calls += 1;
                Ok(Val::Number(base * 2 + other))
            }
            Expr::Extra(base) => {
                let base = self.node(*base)?.sum();
                self.calls += 1;
                Ok(Val::Number(base + 5))
            }
            Expr::Check { of, most } => Ok(Val::Checked(self.node(*of)?.sum() <= *most)),
            Expr::Checked { of, checks } => {
                let value = self.node(*of);
                let checks: Vec<_> = checks.iter().map(|check| self.node(*check)).collect();
                let value = value?;
                if checks.contains(&Ok(Val::Checked(false))) && !self.is_probe {
                    Err(self.fail(name))
                } else {
                    Ok(value)
                }
            }
            Expr::Forward(of) => self.node(*of),
            Expr::Part { of, is_left } => match self.node(*of)? {
                Val::Pair(left, right) => Ok(Val::Number(if *is_left { left } else { right })),
                // Config can replace the pair by a number. The build then fails, so only a probe reaches this line.
                number if self.is_probe => {
                    self.is_mistyped = true;
                    Ok(number)
                }
                _ => unreachable!("only pairs have parts"),
            },
        }
    }

    fn own(&mut self, name: &str, function: usize, id: usize, reads: &[Read]) -> Result<Val, Lost> {
        let function = &self.model.case.functions[function];
        let args: Vec<_> = reads.iter().map(|read| self.number(read)).collect();
        let args = args.into_iter().collect::<Result<Vec<_>, _>>()?;
        let value = |made: u64| {
            if function.is_pair { Val::Pair(made, (made * 3 + 1) % 101) } else { Val::Number(made) }
        };
        let made = mix(id, &args);
        let mut attempts = 1;
        let mut outcome = None;
        for decorator in &function.decorators {
            match decorator {
                Decorator::Retry(count) => attempts = *count,
                Decorator::FallbackValue(other) => outcome = Some((false, value(*other))),
                Decorator::FallbackFunction => {
                    outcome = Some((true, value(mix(id % 100 + 200, &args))));
                }
                _ => {}
            }
        }
        let failures = match function.fails {
            _ if self.is_probe => 0,
            Fails::Never => 0,
            Fails::Odd => {
                if made % 2 == 1 {
                    attempts
                } else {
                    0
                }
            }
            Fails::Always => attempts,
            Fails::First(count) => count.min(attempts),
        };
        self.calls += failures as usize + usize::from(failures < attempts);
        if failures < attempts {
            return Ok(value(made));
        }
        match outcome {
            Some((is_call, value)) => {
                self.calls += usize::from(is_call);
                Ok(value)
            }
            None => Err(self.fail(name)),
        }
    }
}

fn with_first(value: Val, first: u64) -> Val {
    match value {
        Val::Pair(_, second) => Val::Pair(first, second),
        _ => Val::Number(first),
    }
}
