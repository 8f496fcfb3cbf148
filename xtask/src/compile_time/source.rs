//! The source of the generated crates.

use std::fmt::Write;

use clap::ValueEnum;

/// A kind of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Functions {
    /// Sync functions without decorators.
    Sync,
    /// Async functions without decorators.
    Async,
    /// Sync and async functions, each with a decorator.
    Decorated,
}

impl Functions {
    pub(super) const ALL: [Self; 3] = [Self::Sync, Self::Async, Self::Decorated];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
            Self::Decorated => "decorated",
        }
    }
}

/// The attribute above a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ModuleForm {
    /// No attribute.
    #[value(skip)]
    Plain,
    /// `#[dataflow]`.
    Dataflow,
    /// `#[dataflow(outputs(..))]`, which generates a struct with the inputs.
    Outputs,
    /// `#[dataflow(outputs(..), compile)]`, which generates a function, too.
    Compiled,
}

impl ModuleForm {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Dataflow => "dataflow",
            Self::Outputs => "outputs",
            Self::Compiled => "compiled",
        }
    }
}

/// A module of functions, with or without `#[dataflow]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct SampleSource {
    functions: Functions,
    form: ModuleForm,
}

/// A function with a decorator; `$n` is the function's number, `$b` the number of the function before it.
struct DecoratedFunction {
    decorator: &'static str,
    function: &'static str,
    /// The function without the decorator, under the name that the next function reads.
    undecorated: &'static str,
    /// The number of nodes.
    nodes: usize,
}

/// The sync functions, in turns.
const SYNC: [&str; 4] = [
    "pub fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
    "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
    "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
    "pub fn f$n(f$b: u64, f0: &u64) -> u64 { f$b + f0 }",
];

/// The async functions, in turns.
const ASYNC: [&str; 4] = [
    "pub async fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
    "pub async fn f$n(f$b: u64) -> u64 { f$b + $n }",
    "pub async fn f$n(f$b: &u64) -> u64 { f$b + $n }",
    "pub async fn f$n(f$b: u64, f0: &u64) -> u64 { f$b + f0 }",
];

/// The functions of a decorated module, in turns.
const DECORATED: [DecoratedFunction; 10] = [
    DecoratedFunction {
        decorator: "#[retry(attempts = 3)]",
        function: "pub fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        undecorated: "pub fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        nodes: 1,
    },
    DecoratedFunction {
        decorator: "#[check_output(range = 0..=1_000_000, importance = \"fail\")]",
        function: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        undecorated: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 3,
    },
    DecoratedFunction {
        decorator: "#[pipe_output(step(halved))]",
        function: "pub async fn f$n(f$b: u64) -> u64 { f$b + $n }",
        undecorated: "pub async fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 3,
    },
    DecoratedFunction {
        decorator: "#[tag(owner = \"me\")]",
        function: "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        undecorated: "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        nodes: 1,
    },
    DecoratedFunction {
        decorator: "#[unpack_fields(f$n, second$n)]",
        function: "pub fn pair$n(f$b: u64) -> (u64, u64) { (f$b, $n) }",
        undecorated: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 3,
    },
    DecoratedFunction {
        decorator: "#[fallback(value = 7)]",
        function: "pub async fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        undecorated: "pub async fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        nodes: 1,
    },
    DecoratedFunction {
        decorator: "#[pipe_input(step(halved))]",
        function: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        undecorated: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 2,
    },
    DecoratedFunction {
        decorator: "#[parameterize(f$n(other = value(3)), low$n(other = source(f0)))]",
        function: "pub fn many$n(f$b: u64, other: u64) -> u64 { f$b + other }",
        undecorated: "pub fn f$n(f$b: u64, f0: u64) -> u64 { f$b + f0 }",
        nodes: 2,
    },
    DecoratedFunction {
        decorator: "#[timeout(\"1s\")]",
        function: "pub async fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        undecorated: "pub async fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        nodes: 1,
    },
    DecoratedFunction {
        decorator: "#[inject(parts = list[source(f$b), value($n)])]",
        function: "pub fn f$n(parts: &[u64]) -> u64 { parts.iter().sum() }",
        undecorated: "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        nodes: 2,
    },
];

impl SampleSource {
    /// Returns the functions alone.
    pub(super) fn plain(functions: Functions) -> Self {
        Self { functions, form: ModuleForm::Plain }
    }

    /// Returns the functions below the attribute of `form`.
    pub(super) fn of(functions: Functions, form: ModuleForm) -> Self {
        Self { functions, form }
    }

    fn is_dataflow(self) -> bool {
        self.form != ModuleForm::Plain
    }

    pub(super) fn name(self) -> String {
        format!("{}-{}", self.functions.name(), self.form.name())
    }

    /// Returns the number of nodes of a module with `count` functions.
    pub(super) fn nodes(self, count: usize) -> usize {
        match self.functions {
            _ if !self.is_dataflow() => 0,
            Functions::Sync | Functions::Async => count,
            Functions::Decorated => {
                1 + (1..count).map(|at| DECORATED[at % DECORATED.len()].nodes).sum::<usize>()
            }
        }
    }

    /// Returns the text of a crate with one module of `count` functions.
    pub(super) fn text(self, count: usize) -> String {
        let mut text = String::from("//! Generated, to be compiled.\n#![allow(unused)]\n\n");
        let last = count - 1;
        match self.form {
            ModuleForm::Plain => {}
            ModuleForm::Dataflow => text += "use icosian::prelude::*;\n\n#[dataflow]\n",
            ModuleForm::Outputs => {
                let _ = write!(text, "use icosian::prelude::*;\n\n#[dataflow(outputs(f{last}))]\n");
            }
            ModuleForm::Compiled => {
                let _ = write!(text, "use icosian::prelude::*;\n\n#[dataflow(outputs(f{last}), compile)]\n");
            }
        }
        text += "pub mod flow {\n    pub fn f0() -> u64 { 1 }\n";
        text += "\n    fn halved(number: u64) -> u64 { number / 2 }\n";
        for at in 1..count {
            let function =
                self.function(at).replace("$n", &at.to_string()).replace("$b", &(at - 1).to_string());
            let _ = write!(text, "\n    {function}\n");
        }
        text + "}\n"
    }

    fn function(self, at: usize) -> String {
        match self.functions {
            Functions::Sync => SYNC[at % SYNC.len()].to_owned(),
            Functions::Async => ASYNC[at % ASYNC.len()].to_owned(),
            Functions::Decorated => {
                let DecoratedFunction { decorator, function, undecorated, .. } =
                    &DECORATED[at % DECORATED.len()];
                if self.is_dataflow() {
                    format!("{decorator}\n    {function}")
                } else {
                    (*undecorated).to_owned()
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Functions, ModuleForm, SampleSource};

    #[test]
    fn module_has_the_requested_number_of_functions() {
        let forms = [ModuleForm::Plain, ModuleForm::Dataflow, ModuleForm::Outputs, ModuleForm::Compiled];
        for source in Functions::ALL.into_iter().flat_map(|it| forms.map(|form| SampleSource::of(it, form))) {
            let text = source.text(30);
            assert_eq!(text.matches("    pub ").count(), 30, "{text}");
            assert!(!text.contains('$'), "{text}");
        }
    }

    #[test]
    fn every_function_of_a_decorated_dataflow_has_a_decorator() {
        // The first has none, and the module has one attribute.
        let attributes = |source: SampleSource| source.text(30).matches("#[").count();
        assert_eq!(attributes(SampleSource::of(Functions::Decorated, ModuleForm::Dataflow)), 30);
        assert_eq!(attributes(SampleSource::of(Functions::Sync, ModuleForm::Compiled)), 1);
        assert_eq!(attributes(SampleSource::plain(Functions::Decorated)), 0);
    }
}
