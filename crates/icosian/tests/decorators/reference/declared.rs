//! The struct of a declared output has the inputs that the driver requires, under every config.
//!
//! The text of a case goes through the macro, and its functions through a driver. A required field is an input that every config
//! requires. A field exists if some config reads the input. The macro does not see that conditions exclude or complement each other, so
//! the reverse holds for functions without conditions. Outputs that the macro refuses are left out.

#![allow(clippy::option_option, reason = "tests")]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use icosian::graph::plan_overriding;
use icosian::prelude::*;
use icosian::{Asyncness, Name};
use proc_macro2::TokenStream;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use syn::{Item, ItemMod, Type};

use super::case::{Case, Decorator, Step};
use super::flow::{self, Calls, Twin};
use super::source;

const ENVS: [Option<&str>; 3] = [None, Some("prod"), Some("dev")];

/// The names of inputs, with true for required ones.
type Inputs = BTreeMap<String, bool>;

/// Returns the fields of the struct for `output`; `None` if the macro refuses the module.
fn fields(case: &Case, output: &str) -> Option<Inputs> {
    let module: TokenStream = source::module(case, output).parse().expect("the text has valid tokens");
    let faults = icosian_syntax::check_dataflow(module.clone(), 0);
    if faults.iter().any(|fault| fault.emission == icosian_syntax::Emission::Error) {
        return None;
    }
    let mut module: ItemMod = syn::parse2(module).expect("the text is a module");
    module.attrs.clear();
    let options = format!("outputs({output})").parse().expect("an option has valid tokens");
    let expanded = icosian_syntax::dataflow(options, quote::ToTokens::to_token_stream(&module));
    let expanded: ItemMod = syn::parse2(expanded).expect("the macro writes a module");
    let (_, items) = expanded.content.expect("the module has content");
    let found = items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident.to_string().ends_with("Inputs") => Some(item),
        _ => None,
    });
    let fields = found.expect("the macro writes the struct").fields.iter().map(|field| {
        let is_optional = matches!(&field.ty, Type::Path(path) if path.path.segments.len() > 1);
        (field.ident.as_ref().expect("fields have names").to_string(), !is_optional)
    });
    Some(fields.collect())
}

/// Returns the inputs of `output` under `env`: `None` if no driver is built, an empty map if the output is no node.
fn inputs(case: &Case, env: Option<&'static str>, output: &str) -> Option<Option<Inputs>> {
    let case = Case { env, ..case.clone() };
    let dataflow = flow::dataflow(&case, Twin::All(Asyncness::Sync), &Calls::default());
    let builder = Driver::builder().with_dataflow(dataflow).with_config(flow::config(&case));
    let driver = builder.build().ok()?;
    if !driver.graph().shape().is_node(output) {
        return Some(None);
    }
    let plan = plan_overriding(driver.graph(), &[Name::from(output.to_owned())], &[] as &[Name]).ok()?;
    let inputs = plan.inputs().iter().filter(|input| *input.name() != RunContext::INPUT);
    // The config of a case is no input.
    let inputs = inputs.filter(|input| *input.name() != "env");
    Some(Some(inputs.map(|input| (input.name().to_string(), input.is_required())).collect()))
}

/// Returns the names that the macro may know as nodes.
fn candidates(case: &Case) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for function in &case.functions {
        names.insert(function.name.clone());
        for decorator in &function.decorators {
            match decorator {
                Decorator::Parameterize(nodes) => names.extend(nodes.iter().map(|(node, _)| node.clone())),
                Decorator::Extract => {
                    names.extend([format!("{}_l", function.name), format!("{}_r", function.name)]);
                }
                _ => {}
            }
        }
    }
    names
}

fn has_conditions(case: &Case) -> bool {
    let has_condition = |steps: &[Step]| steps.iter().any(|step| step.when.is_some());
    case.functions.iter().flat_map(|function| &function.decorators).any(|decorator| match decorator {
        Decorator::ConfigWhen(_) => true,
        Decorator::PipeInput { steps, .. } | Decorator::PipeOutput(steps) => has_condition(steps),
        _ => false,
    })
}

fn check(case: &Case, counts: &Counts) -> Result<(), TestCaseError> {
    for output in candidates(case) {
        let Some(fields) = fields(case, &output) else {
            counts.refused.set(counts.refused.get() + 1);
            continue;
        };
        let by_env: Vec<_> = ENVS.into_iter().map(|env| (env, inputs(case, env, &output))).collect();
        for (env, inputs) in &by_env {
            let Some(Some(inputs)) = inputs else { continue };
            counts.compared.set(counts.compared.get() + 1);
            for (name, is_required) in &fields {
                let of_driver = inputs.get(name);
                prop_assert!(
                    !is_required || of_driver == Some(&true),
                    "field `{name}` of `{output}` is required, and the driver with {env:?} has {of_driver:?}"
                );
            }
            for name in inputs.keys() {
                prop_assert!(fields.contains_key(name), "no field `{name}` of `{output}` with {env:?}");
            }
        }
        let all: Option<Vec<_>> = by_env.into_iter().map(|(_, inputs)| inputs).collect();
        let Some(all) = all.filter(|all| all.iter().any(Option::is_some) && !has_conditions(case)) else {
            continue;
        };
        let is_read = |name: &String| all.iter().flatten().any(|inputs| inputs.contains_key(name));
        let is_always = |name: &String| {
            all.iter().all(|inputs| inputs.as_ref().and_then(|it| it.get(name)) == Some(&true))
        };
        for (name, is_required) in &fields {
            prop_assert!(is_read(name), "no config reads the field `{name}` of `{output}`");
            prop_assert!(
                *is_required || !is_always(name),
                "field `{name}` of `{output}` is optional, and the driver always requires it"
            );
        }
    }
    Ok(())
}

#[derive(Default)]
struct Counts {
    compared: Cell<u32>,
    refused: Cell<u32>,
}

#[test]
fn structs_have_the_inputs_of_their_outputs() {
    let cases = ProptestConfig::default().cases;
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let counts = Counts::default();
    let checked = TestRunner::new(config).run(&prop::collection::vec(any::<u16>(), 20..160), |numbers| {
        let case = Case { constants: Vec::new(), ..Case::decode(&numbers) };
        let checked = check(&case, &counts);
        checked.map_err(|error| {
            let text = candidates(&case).iter().next().map(|name| source::module(&case, name));
            TestCaseError::fail(format!("{error}\n{}", text.unwrap_or_default()))
        })
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
    // The cases are useful only if many of them are compared.
    assert!(
        counts.compared.get() > cases,
        "{} compared, {} refused",
        counts.compared.get(),
        counts.refused.get()
    );
}
