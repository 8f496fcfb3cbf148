//! The modules that are compiled, as text.

use std::fmt::Write;

/// How the functions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    /// Functions, and nothing else.
    Functions,
    /// A dataflow.
    Plain,
    /// A dataflow of which every function has a decorator.
    Decorated,
}

/// A decorator with the function below it; `$n` is the function's number, `$b` that of the one before.
struct Written {
    decorator: &'static str,
    function: &'static str,
    /// The function as it is without the decorator, which may have made the name that others read.
    alone: &'static str,
    /// How many nodes the two make.
    nodes: usize,
}

/// What the functions of a module are, in turns.
const FUNCTIONS: [Written; 10] = [
    Written {
        decorator: "#[retry(attempts = 3)]",
        function: "pub fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        alone: "pub fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        nodes: 1,
    },
    Written {
        decorator: "#[check_output(range = 0..=1_000_000, importance = \"fail\")]",
        function: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        alone: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 3,
    },
    Written {
        decorator: "#[pipe_output(step(halved))]",
        function: "pub async fn f$n(f$b: u64) -> u64 { f$b + $n }",
        alone: "pub async fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 3,
    },
    Written {
        decorator: "#[tag(owner = \"me\")]",
        function: "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        alone: "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        nodes: 1,
    },
    Written {
        decorator: "#[unpack_fields(f$n, second$n)]",
        function: "pub fn pair$n(f$b: u64) -> (u64, u64) { (f$b, $n) }",
        alone: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 3,
    },
    Written {
        decorator: "#[fallback(value = 7)]",
        function: "pub async fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        alone: "pub async fn f$n(f$b: u64) -> std::io::Result<u64> { Ok(f$b + $n) }",
        nodes: 1,
    },
    Written {
        decorator: "#[pipe_input(step(halved))]",
        function: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        alone: "pub fn f$n(f$b: u64) -> u64 { f$b + $n }",
        nodes: 2,
    },
    Written {
        decorator: "#[parameterize(f$n(other = value(3)), low$n(other = source(f0)))]",
        function: "pub fn many$n(f$b: u64, other: u64) -> u64 { f$b + other }",
        alone: "pub fn f$n(f$b: u64, f0: u64) -> u64 { f$b + f0 }",
        nodes: 2,
    },
    Written {
        decorator: "#[timeout(\"1s\")]",
        function: "pub async fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        alone: "pub async fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        nodes: 1,
    },
    Written {
        decorator: "#[inject(parts = list[source(f$b), value($n)])]",
        function: "pub fn f$n(parts: &[u64]) -> u64 { parts.iter().sum() }",
        alone: "pub fn f$n(f$b: &u64) -> u64 { f$b + $n }",
        nodes: 2,
    },
];

impl Module {
    pub(super) const ALL: [Self; 3] = [Self::Functions, Self::Plain, Self::Decorated];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::Plain => "plain",
            Self::Decorated => "decorated",
        }
    }

    /// Returns how many nodes a module of so many functions has.
    pub(super) fn nodes(self, functions: usize) -> usize {
        match self {
            Self::Functions => 0,
            Self::Plain => functions,
            Self::Decorated => {
                1 + (1..functions).map(|at| FUNCTIONS[at % FUNCTIONS.len()].nodes).sum::<usize>()
            }
        }
    }

    /// Returns the source of a crate with a module of so many functions.
    pub(super) fn source(self, functions: usize) -> String {
        let mut source = String::from("//! Generated, to be compiled.\n#![allow(unused)]\n\n");
        if self != Self::Functions {
            source += "use icosian::prelude::*;\n\n#[dataflow]\n";
        }
        source += "pub mod flow {\n    pub fn f0() -> u64 { 1 }\n";
        source += "\n    fn halved(number: u64) -> u64 { number / 2 }\n";
        for at in 1..functions {
            let Written { decorator, function, alone, .. } = FUNCTIONS[at % FUNCTIONS.len()];
            let written = match self {
                Self::Decorated => format!("{decorator}\n    {function}"),
                _ => alone.to_owned(),
            };
            let written = written.replace("$n", &at.to_string()).replace("$b", &(at - 1).to_string());
            let _ = write!(source, "\n    {written}\n");
        }
        source + "}\n"
    }
}

#[cfg(test)]
mod tests {
    use super::Module;

    #[test]
    fn a_module_has_as_many_functions_as_asked_for() {
        for module in Module::ALL {
            let source = module.source(30);
            assert_eq!(source.matches("    pub ").count(), 30, "{source}");
            assert!(!source.contains('$'), "{source}");
        }
    }

    #[test]
    fn every_function_of_a_decorated_module_has_a_decorator() {
        // The first has none, and above the module stands one attribute.
        assert_eq!(Module::Decorated.source(30).matches("#[").count(), 30);
        assert_eq!(Module::Plain.source(30).matches("#[").count(), 1);
        assert_eq!(Module::Functions.source(30).matches("#[").count(), 0);
    }
}
