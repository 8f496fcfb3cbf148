use icosian_core::decorator::{BuiltIn, DecoratorSpec};
use icosian_spec::Row;

/// Returns the specs of the built-in decorators, in the order of their phases.
///
/// A decorator whose capabilities depend on an argument is listed without and with that argument. Attributes that are another
/// syntax for a decorator, such as `parameterize_values`, are not listed.
///
/// # Examples
/// ```
/// use icosian_core::AdapterSpec;
/// use icosian_core::decorator::{Verdict, judge};
/// use icosian_core::node::Asyncness;
///
/// let adapter = AdapterSpec::new("plain");
/// let unsupported = |spec: &&icosian_core::decorator::DecoratorSpec| {
///     matches!(judge(Asyncness::Sync, [*spec], &adapter), Verdict::Unsupported { .. })
/// };
/// let all = icosian_decorators::catalogue();
/// let names: Vec<_> = all.iter().filter(unsupported).map(|spec| spec.name()).collect();
/// assert!(names.contains(&"timeout") && !names.contains(&"retry"));
/// ```
#[must_use]
pub fn catalogue() -> Vec<DecoratorSpec> {
    let rows = BuiltIn::available().filter(|it| *it != BuiltIn::Decorate).map(BuiltIn::row);
    rows.filter(|row| row.is_variant_of().is_none()).flat_map(specs).collect()
}

fn specs(row: &'static Row) -> impl Iterator<Item = DecoratorSpec> {
    let with_argument = row.arguments().iter().filter(|it| !it.used().is_empty());
    [*row.spec()].into_iter().chain(with_argument.map(|it| row.built_in().spec_with(it.name())))
}
