//! Random decorated dataflows, as data.
//!
//! A case is decoded from a list of numbers, each of which selects one of a few possibilities. After the end of the list, the
//! first possibility is selected, so shorter lists with smaller numbers are simpler cases.

use std::collections::BTreeSet;

/// The inputs that cases read.
pub(super) const INPUTS: [&str; 3] = ["a", "b", "c"];

#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) functions: Vec<Function>,
    pub(super) env: Option<&'static str>,
    /// Config values that replace nodes or inputs.
    pub(super) constants: Vec<(String, u64)>,
    pub(super) given: BTreeSet<&'static str>,
    /// Positions in the list of all nodes.
    pub(super) wanted: Vec<usize>,
    pub(super) overrides: Vec<(usize, u64)>,
    /// The functions and helpers that are async in the mixed twin.
    pub(super) is_async: Vec<bool>,
}

#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: String,
    /// The function returns a pair instead of a number.
    pub(super) is_pair: bool,
    pub(super) params: Vec<Param>,
    pub(super) fails: Fails,
    /// Innermost first.
    pub(super) decorators: Vec<Decorator>,
    /// By `mutate`, the function is a step after the output of another function.
    pub(super) mutates: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Borrowed,
    Taken,
    Default(u64),
    Optional,
}

/// The calls in which a function fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fails {
    Never,
    Odd,
    Always,
    /// In the first calls of an execution.
    First(u32),
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    Name(String),
    Value(u64),
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) kind: StepKind,
    pub(super) when: Option<When>,
    pub(super) named: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum StepKind {
    /// Adds the binding of `by`, or the node or input `b`.
    Add(Option<Source>),
    Double,
    /// Fails for odd numbers.
    Even,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    Prod,
    NotProd,
}

impl When {
    pub(super) fn holds(self, env: Option<&str>) -> bool {
        match self {
            Self::Prod => env == Some("prod"),
            Self::NotProd => env != Some("prod"),
        }
    }
}

pub(super) type Bindings = Vec<(String, Source)>;

#[derive(Clone, Debug)]
pub(super) enum Decorator {
    ConfigWhen(When),
    Exclude,
    /// With the form of the parameters of the function that is called instead.
    Does(Form),
    Subdag {
        provides: String,
        seed: Source,
    },
    PipeInput {
        steps: Vec<Step>,
        inputs: Vec<String>,
        namespace: Option<String>,
    },
    Inject {
        bindings: Bindings,
        is_resolved: bool,
    },
    Parameterize(Vec<(String, Bindings)>),
    Extract,
    Check {
        most: u64,
    },
    PipeOutput(Vec<Step>),
    Tag,
    Retry(u32),
    FallbackValue(u64),
    FallbackFunction,
    Offload,
}

impl Decorator {
    /// The rank of the phase: decorators are applied by phase, and within a phase innermost first.
    pub(super) fn phase(&self) -> u8 {
        match self {
            Self::ConfigWhen(_) | Self::Exclude => 0,
            Self::Does(_) | Self::Subdag { .. } => 1,
            Self::PipeInput { .. } => 2,
            Self::Inject { .. } | Self::Parameterize(_) => 3,
            Self::Extract | Self::Check { .. } | Self::PipeOutput(_) => 4,
            Self::Tag => 5,
            Self::Retry(_) | Self::FallbackValue(_) | Self::FallbackFunction | Self::Offload => 6,
        }
    }
}

/// Chooses by the numbers of a list.
struct Choices<'a> {
    numbers: std::slice::Iter<'a, u16>,
    names: usize,
}

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        self.numbers.next().map_or(0, |number| usize::from(*number) % count)
    }

    /// Returns true once in `count` times.
    fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }

    fn number(&mut self) -> u64 {
        self.below(50) as u64
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn source(&mut self, known: &[String]) -> Source {
        if self.once_in(3) { Source::Value(self.number()) } else { Source::Name(self.pick(known).clone()) }
    }

    fn when(&mut self) -> Option<When> {
        [None, None, Some(When::Prod), Some(When::NotProd)][self.below(4)]
    }

    fn steps(&mut self, known: &[String]) -> Vec<Step> {
        (0..=self.below(3))
            .map(|_| Step {
                kind: match self.below(5) {
                    0 | 1 => StepKind::Double,
                    2 => StepKind::Add(None),
                    3 => StepKind::Add(Some(self.source(known))),
                    _ => StepKind::Even,
                },
                when: self.when(),
                named: self.once_in(5).then(|| self.fresh("named")),
            })
            .collect()
    }

    fn bindings(&mut self, params: &[Param], known: &[String]) -> Bindings {
        let mut bound = Vec::new();
        for param in params {
            if self.below(3) > 0 {
                bound.push((param.name.clone(), self.source(known)));
            }
        }
        bound
    }

    fn form(&mut self) -> Form {
        match self.below(6) {
            0..=2 => Form::Borrowed,
            3 => Form::Taken,
            4 => Form::Default(self.number()),
            _ => Form::Optional,
        }
    }

    fn decorator(&mut self, name: &str, params: &[Param], known: &[String]) -> Decorator {
        let param = |choices: &mut Self| choices.pick(params).name.clone();
        match self.below(22) {
            0 | 1 => Decorator::Tag,
            2..=5 => {
                let mut inputs: Vec<String> = (0..self.below(3)).map(|_| param(self)).collect();
                inputs.dedup();
                if inputs.len() > 1 && inputs[0] == inputs[1] {
                    inputs.truncate(1);
                }
                let namespace = self.once_in(4).then(|| format!("{name}_space"));
                Decorator::PipeInput { steps: self.steps(known), inputs, namespace }
            }
            6..=8 => {
                Decorator::Inject { bindings: self.bindings(params, known), is_resolved: self.once_in(3) }
            }
            9..=11 => {
                let nodes = (0..=self.below(3)).map(|at| {
                    let keeps = at == 0 && self.once_in(4);
                    let node = if keeps { name.to_owned() } else { format!("{name}_p{at}") };
                    (node, self.bindings(params, known))
                });
                Decorator::Parameterize(nodes.collect())
            }
            12 => Decorator::Subdag { provides: param(self), seed: self.source(known) },
            13 => Decorator::Does(self.form()),
            14 => Decorator::Extract,
            15 | 16 => Decorator::Check { most: 40 + 10 * self.number() },
            17 | 18 => Decorator::PipeOutput(self.steps(known)),
            19 => match self.below(3) {
                0 => Decorator::FallbackValue(self.number()),
                1 => Decorator::FallbackFunction,
                _ => Decorator::Offload,
            },
            20 => Decorator::Retry(1 + u32::try_from(self.below(4)).unwrap()),
            _ => match self.below(4) {
                0 => Decorator::Exclude,
                _ => Decorator::ConfigWhen(self.when().unwrap_or(When::NotProd)),
            },
        }
    }

    fn function(&mut self, at: usize, known: &mut Vec<String>) -> Function {
        let name = format!("f{at}");
        if at > 0 && self.once_in(8) {
            let mutates = Some(self.below(at));
            let fails = *self.pick(&[Fails::Never, Fails::Odd]);
            let retry = self.once_in(3).then_some(Decorator::Retry(2));
            let decorators = retry.into_iter().collect();
            return Function { name, is_pair: false, params: Vec::new(), fails, decorators, mutates };
        }
        let mut params: Vec<Param> = Vec::new();
        for _ in 0..=self.below(3) {
            let read = self.pick(known).clone();
            if !params.iter().any(|param| param.name == read) {
                params.push(Param { name: read, form: self.form() });
            }
        }
        let is_pair = self.once_in(4);
        let mut decorators: Vec<Decorator> = Vec::new();
        for _ in 0..self.below(5) {
            let decorator = self.decorator(&name, &params, known);
            // Two of these on one function are refused by other rules, or the outer one never acts.
            let is_again = |other: &Decorator| match (&decorator, other) {
                (
                    Decorator::Retry(_) | Decorator::Offload | Decorator::Does(_) | Decorator::Subdag { .. },
                    _,
                ) => std::mem::discriminant(&decorator) == std::mem::discriminant(other),
                (
                    Decorator::FallbackValue(_) | Decorator::FallbackFunction,
                    Decorator::FallbackValue(_) | Decorator::FallbackFunction,
                ) => true,
                _ => false,
            };
            if !decorators.iter().any(is_again) {
                decorators.push(decorator);
            }
        }
        // A retry above a fallback never acts, and is refused.
        decorators.sort_by_key(|it| match it {
            Decorator::Retry(_) => 0,
            Decorator::FallbackValue(_) | Decorator::FallbackFunction => 2,
            _ => 1,
        });
        let is_parameterized = decorators.iter().any(|it| matches!(it, Decorator::Parameterize(_)));
        let fails = match self.below(8) {
            0..=3 => Fails::Never,
            4 => Fails::Odd,
            5 => Fails::Always,
            // Nodes of one function would share its calls.
            _ if is_parameterized => Fails::Never,
            _ => Fails::First(1 + u32::try_from(self.below(2)).unwrap()),
        };
        known.push(name.clone());
        for decorator in &decorators {
            match decorator {
                Decorator::Parameterize(nodes) => known.extend(nodes.iter().map(|(node, _)| node.clone())),
                Decorator::Extract => known.extend([format!("{name}_l"), format!("{name}_r")]),
                _ => {}
            }
        }
        Function { name, is_pair, params, fails, decorators, mutates: None }
    }
}

impl Case {
    pub(super) fn decode(numbers: &[u16]) -> Self {
        let mut choices = Choices { numbers: numbers.iter(), names: 0 };
        let env = [None, Some("prod"), Some("dev")][choices.below(3)];
        let given = INPUTS.into_iter().filter(|_| !choices.once_in(6)).collect();
        let wanted = (0..=choices.below(5)).map(|_| choices.below(1000)).collect();
        let overrides =
            (0..choices.below(6).saturating_sub(3)).map(|_| (choices.below(1000), choices.number()));
        let overrides = overrides.collect();
        let is_async = (0..6).map(|_| choices.once_in(2)).collect();
        let constant = choices.once_in(8);
        let mut known: Vec<String> = INPUTS.iter().map(ToString::to_string).collect();
        let functions: Vec<Function> =
            (0..=choices.below(4)).map(|at| choices.function(at, &mut known)).collect();
        let constants =
            if constant { vec![(choices.pick(&known).clone(), choices.number())] } else { Vec::new() };
        Self { functions, env, constants, given, wanted, overrides, is_async }
    }
}
