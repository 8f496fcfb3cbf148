use std::borrow::Cow;

use icosian_core::decorator::{BuiltIn, DecorateError, Phase};
use icosian_core::node::Decoration;
use icosian_core::{Name, Outline};
use icosian_diagnostics::{Diagnostics, Label, Location, Spanned, nearest};

/// The result of a decorator: nodes, or all errors.
pub(crate) type Decorated<T> = Result<T, Diagnostics<DecorateError>>;

/// Returns an error with its help.
pub(crate) fn decorate_error(
    code: &'static str,
    message: impl Into<Cow<'static, str>>,
    help: impl Into<Cow<'static, str>>,
) -> DecorateError {
    DecorateError::new(code, message).with_help(help)
}

/// Reports an unknown parameter of the function.
pub(crate) fn unknown_param(decorator: &str, function: &Outline, param: &str) -> DecorateError {
    let params = function.params().iter().filter(|param| !param.is_context());
    let names: Vec<_> = params.map(|param| param.name().as_str()).collect();
    let binds = BuiltIn::named(decorator).is_some_and(|it| it.row().phase() == Phase::Parameterize);
    let code = if binds { "ICO0410 parameterize-unknown-param" } else { "ICO0415 unknown-param" };
    decorate_error(
        code,
        format!("`{decorator}` names `{param}`, but `{}` has no such parameter", function.name()),
        suggest(param, &names, "name a parameter of the function"),
    )
}

/// Reports an unknown node of the function.
pub(crate) fn unknown_node<'a>(
    decorator: &str,
    function: &Name,
    node: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> DecorateError {
    let known: Vec<_> = known.into_iter().collect();
    decorate_error(
        "ICO0419 unclear-target",
        format!("`{decorator}` names node `{node}`, but `{function}` has no such node"),
        suggest(node, &known, "name a node of the function or its decorators"),
    )
}

/// Returns "did you mean", or else what to do and which names there are.
pub(crate) fn suggest(name: &str, known: &[&str], otherwise: &str) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() || known.len() > 8 => otherwise.to_owned(),
        None => format!("{otherwise}: `{}`", known.join("`, `")),
    }
}

/// Adds the locations of the decorator and the function to errors without a location.
pub(crate) fn with_labels(
    problems: Diagnostics<DecorateError>,
    decoration: &Decoration,
    function: &Outline,
) -> Diagnostics<DecorateError> {
    let name = decoration.decorator().spec().name();
    let marks = || {
        let mark = |place: Option<Location>, label: String| place.map(|place| Label::new(place, label));
        let own = mark(decoration.location(), format!("this `{name}`"));
        let above = mark(function.location(), "above this function".to_owned());
        own.into_iter().chain(above).collect()
    };
    let mut all = Diagnostics::default();
    all.extend(problems.into_iter().map(|problem: Spanned<DecorateError>| problem.or_at(marks)));
    all
}
