//! The functions of a case, as the text of a `#[dataflow]` module.

use std::fmt::Write;

use super::case::{Bindings, Case, Decorator, Form, Function, Source, Step, StepKind, When};

/// Returns the module of `case` that declares `output`.
pub(super) fn module(case: &Case, output: &str) -> String {
    let mut text = format!("#[dataflow(outputs({output}))]\nmod flow {{\n");
    text.push_str("fn add(given: u64, b: &u64) -> u64 { given + b }\n");
    text.push_str("fn double(given: u64) -> u64 { given * 2 }\n");
    text.push_str("fn even(given: u64) -> Result<u64, String> { Ok(given) }\n");
    for (at, function) in case.functions.iter().enumerate() {
        for decorator in function.decorators.iter().rev() {
            writeln!(text, "{}", attribute(function, decorator)).unwrap();
        }
        if let Some(target) = function.mutates {
            let target = &case.functions[target].name;
            writeln!(
                text,
                "#[mutate({target})]\nfn f{at}(given: u64) -> Result<u64, String> {{ Ok(given) }}"
            )
            .unwrap();
            continue;
        }
        let params = function.params.iter().map(|param| (param.name.clone(), param.form));
        let output = if function.is_pair { "(u64, u64)" } else { "u64" };
        write_function(&mut text, "pub fn", &function.name, params, output);
        if let Some(form) = does(function) {
            let params = (0..function.params.len()).map(|at| (format!("p{at}"), form));
            write_function(&mut text, "fn", &format!("{}_body", function.name), params, output);
        }
        let borrowed = |form| if form == Form::Optional { form } else { Form::Borrowed };
        let params = function.params.iter().map(|param| (param.name.clone(), borrowed(param.form)));
        write_function(&mut text, "fn", &format!("{}_cached", function.name), params, output);
    }
    text.push('}');
    text
}

fn write_function(
    text: &mut String,
    keyword: &str,
    name: &str,
    params: impl Iterator<Item = (String, Form)>,
    output: &str,
) {
    let params: Vec<_> = params
        .map(|(name, form)| match form {
            Form::Borrowed => format!("{name}: &u64"),
            Form::Taken => format!("{name}: u64"),
            Form::Default(value) => format!("#[default({value})] {name}: &u64"),
            Form::Optional => format!("{name}: Option<u64>"),
        })
        .collect();
    writeln!(
        text,
        "{keyword} {name}({}) -> Result<{output}, String> {{ Err(String::new()) }}",
        params.join(", ")
    )
    .unwrap();
}

fn does(function: &Function) -> Option<Form> {
    function.decorators.iter().find_map(|decorator| match decorator {
        Decorator::Does(form) => Some(*form),
        _ => None,
    })
}

fn attribute(function: &Function, decorator: &Decorator) -> String {
    let name = &function.name;
    match decorator {
        Decorator::ConfigWhen(When::Prod) => "#[config_when(env = \"prod\")]".to_owned(),
        Decorator::ConfigWhen(When::NotProd) => "#[config_when_not(env = \"prod\")]".to_owned(),
        Decorator::Exclude => "#[exclude]".to_owned(),
        Decorator::Does(_) => {
            let mapped =
                function.params.iter().enumerate().map(|(at, param)| format!(", p{at} = {}", param.name));
            format!("#[does({name}_body{})]", mapped.collect::<String>())
        }
        Decorator::Subdag { provides, seed } => {
            let others = function.params.iter().map(|it| it.name.as_str()).filter(|it| it != provides);
            let others = others.collect::<Vec<_>>().join(", ");
            format!("#[subdag(super::inner, inputs(seed = {}), external({others}))]", binding(seed))
        }
        Decorator::PipeInput { steps, inputs, namespace } => {
            let mut arguments: Vec<_> = steps.iter().map(step).collect();
            if !inputs.is_empty() {
                arguments.push(format!("on_input({})", inputs.join(", ")));
            }
            arguments.extend(namespace.iter().map(|name| format!("namespace = \"{name}\"")));
            format!("#[pipe_input({})]", arguments.join(", "))
        }
        Decorator::Inject { is_resolved: true, .. } => "#[resolve(|_| unreachable!())]".to_owned(),
        Decorator::Inject { bindings, .. } => format!("#[inject({})]", bound(bindings)),
        Decorator::Parameterize(nodes) => {
            let nodes = nodes.iter().map(|(node, bindings)| format!("{node}({})", bound(bindings)));
            format!("#[parameterize({})]", nodes.collect::<Vec<_>>().join(", "))
        }
        Decorator::Extract => format!("#[unpack_fields({name}_l, {name}_r)]"),
        Decorator::Check { most } => format!("#[check_output(range = 0..={most})]"),
        Decorator::PipeOutput(steps) => {
            format!("#[pipe_output({})]", steps.iter().map(step).collect::<Vec<_>>().join(", "))
        }
        Decorator::Tag => "#[tag(owner = \"tests\")]".to_owned(),
        Decorator::Retry(attempts) => format!("#[retry(attempts = {attempts})]"),
        Decorator::FallbackValue(value) => format!("#[fallback(value = {value})]"),
        Decorator::FallbackFunction => format!("#[fallback({name}_cached)]"),
        Decorator::Offload => "#[offload]".to_owned(),
    }
}

fn bound(bindings: &Bindings) -> String {
    let bound = bindings.iter().map(|(param, source)| format!("{param} = {}", binding(source)));
    bound.collect::<Vec<_>>().join(", ")
}

fn binding(source: &Source) -> String {
    match source {
        Source::Name(name) => format!("source({name})"),
        Source::Value(value) => format!("value({value})"),
    }
}

fn step(step: &Step) -> String {
    let mut text = match &step.kind {
        StepKind::Add(None) => "step(add)".to_owned(),
        StepKind::Add(Some(source)) => format!("step(add, b = {})", binding(source)),
        StepKind::Double => "step(double)".to_owned(),
        StepKind::Even => "step(even)".to_owned(),
    };
    match step.when {
        Some(When::Prod) => text.push_str(".when(env = \"prod\")"),
        Some(When::NotProd) => text.push_str(".when_not(env = \"prod\")"),
        None => {}
    }
    if let Some(name) = &step.named {
        write!(text, ".named({name})").unwrap();
    }
    text
}
