use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, sinks};
use icosian_core::node::{Args, Body, Role};
use icosian_core::value::{Alias, ErasedRef, ValueType};
use icosian_core::{Decorator, Name, Node, NodeError, Outline, Output, Param};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::decorate_errors::{Decorated, decorate_error, unknown_node};
use crate::step::{free, standing_for};

mod checks;
pub(crate) mod compiled;
mod points;
mod standard_checks;
mod validator;

pub use points::{Number, Points, RangeOf};
pub use validator::{AsyncValidator, Importance, Validation, Validator};

/// Checks a function's output. `f_raw` is the output, `f_range_validator` the result of one check, and `f` the same value as
/// `f_raw` if no check has failed.
///
/// All failures are reported together. With several outputs each is checked, unless it is [restricted](Self::on). A second such
/// decorator above the first adds its checks to those of the first.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{CheckOutput, Importance, apply};
///
/// let rate = Node::sync(Outline::new("rate"), |_| Ok(1.5));
/// let rate = rate.with_decorator(CheckOutput::<f64>::new().range(0.0..=1.0).allow_nans(false).importance(Importance::Fail));
/// let nodes = apply(vec![Dataflow::new("flow").with_node(rate)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["rate_raw", "rate_range_validator", "rate_allow_nans_validator", "rate"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
pub struct CheckOutput<T> {
    checks: Vec<ErasedValidator>,
    importance: Importance,
    targets: Vec<Name>,
    problems: Vec<icosian_core::decorator::DecorateError>,
    value: PhantomData<fn(&T)>,
}

/// A validator with its type erased.
#[derive(Clone)]
struct ErasedValidator {
    name: Name,
    description: Cow<'static, str>,
    node: Arc<MakeNode>,
}

/// Creates the validating node from its outline and its importance.
type MakeNode = dyn Fn(Outline, Importance) -> Node + Send + Sync;

/// The output of a validating node: the result of the validator, and its importance.
///
/// # Examples
/// ```
/// use icosian_decorators::{Checked, Importance, Validation};
///
/// let checked = Checked::new("range_validator", Importance::Fail, Validation::fail("2 is too much"));
/// assert!(!checked.validation().passed());
/// assert_eq!(checked.to_string(), "range_validator: 2 is too much");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    validator: Name,
    importance: Importance,
    validation: Validation,
}

impl Checked {
    /// Creates the result of `validator`.
    #[must_use]
    pub fn new(validator: impl Into<Name>, importance: Importance, validation: Validation) -> Self {
        Self { validator: validator.into(), importance, validation }
    }

    /// Returns the validator's name.
    #[must_use]
    pub fn validator(&self) -> &Name {
        &self.validator
    }

    /// Returns the effect of a failed check on the run.
    #[must_use]
    pub fn importance(&self) -> Importance {
        self.importance
    }

    /// Returns the result of the validator.
    #[must_use]
    pub fn validation(&self) -> &Validation {
        &self.validation
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.validator, self.validation)
    }
}

/// The error of a node whose output fails one or more checks.
///
/// # Examples
/// ```
/// use icosian_decorators::{Checked, ChecksFailed, Importance, Validation};
///
/// let failed = Checked::new("range_validator", Importance::Fail, Validation::fail("2 is too much"));
/// let error = ChecksFailed::new("rate", vec![failed]);
/// assert_eq!(error.to_string(), "output of `rate` fails `range_validator`: 2 is too much");
/// assert_eq!(error.failures().len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecksFailed {
    node: Name,
    failures: Vec<Checked>,
}

impl ChecksFailed {
    /// Creates the error of a node whose output failed the checks `failures`.
    #[must_use]
    pub fn new(node: impl Into<Name>, failures: Vec<Checked>) -> Self {
        Self { node: node.into(), failures }
    }

    /// Returns the failed checks.
    #[must_use]
    pub fn failures(&self) -> &[Checked] {
        &self.failures
    }
}

impl fmt::Display for ChecksFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = |failed: &Checked| format!("`{}`: {}", failed.validator, failed.validation);
        let failures: Vec<_> = self.failures.iter().map(failure).collect();
        write!(f, "output of `{}` fails {}", self.node, failures.join("; "))
    }
}

impl std::error::Error for ChecksFailed {}

const NAME: &str = BuiltIn::CheckOutput.name();

impl<T: Any + Send + Sync> CheckOutput<T> {
    /// Creates a decorator without checks.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "one that checks nothing is only a beginning")]
    pub fn new() -> Self {
        Self {
            checks: Vec::new(),
            importance: Importance::default(),
            targets: Vec::new(),
            problems: Vec::new(),
            value: PhantomData,
        }
    }

    /// Sets whether a failed check fails the run. The default is a warning.
    #[must_use]
    pub fn importance(mut self, importance: Importance) -> Self {
        self.importance = importance;
        self
    }

    /// Restricts the checks to these outputs.
    #[must_use]
    pub fn on<N: Into<Name>>(mut self, outputs: impl IntoIterator<Item = N>) -> Self {
        self.targets.extend(outputs.into_iter().map(Into::into));
        self
    }

    /// Adds a custom check: `check_output_custom`.
    ///
    /// # Examples
    /// ```
    /// use icosian_decorators::{CheckOutput, Validation, Validator};
    ///
    /// struct NotEmpty;
    ///
    /// impl Validator<String> for NotEmpty {
    ///     fn name(&self) -> &'static str {
    ///         "not_empty"
    ///     }
    ///
    ///     fn validate(&self, value: &String) -> Validation {
    ///         Validation::of(!value.is_empty(), "it is empty")
    ///     }
    /// }
    ///
    /// let check = CheckOutput::<String>::new().custom(NotEmpty);
    /// ```
    #[must_use]
    pub fn custom(mut self, validator: impl Validator<T>) -> Self {
        let validator = Arc::new(validator);
        let (name, description) = (Name::new(validator.name()), validator.description());
        let made = name.clone();
        let node = move |outline: Outline, importance| {
            let (validator, name) = (Arc::clone(&validator), made.clone());
            Node::sync(outline, move |args| {
                Ok(Checked::new(&name, importance, validator.validate(args.borrow::<T>(0))))
            })
        };
        self.checks.push(ErasedValidator { name, description, node: Arc::new(node) });
        self
    }

    /// Adds a check without side effects, which a run may repeat.
    fn standard(mut self, validator: impl Validator<T>) -> Self {
        let validator = Arc::new(validator);
        let (name, description) = (Name::new(validator.name()), validator.description());
        let made = name.clone();
        let node = move |outline: Outline, importance| {
            let (validator, name) = (Arc::clone(&validator), made.clone());
            let in_place = Arc::clone(&validator);
            let passes = move |value: ErasedRef<'_>| {
                value.get::<T>().is_some_and(|value| in_place.validate(value).passed())
            };
            let check = move |args: &mut Args<'_>| {
                Ok(Checked::new(&name, importance, validator.validate(args.borrow::<T>(0))))
            };
            Node::from_parts(outline, Body::check(check, passes))
        };
        self.checks.push(ErasedValidator { name, description, node: Arc::new(node) });
        self
    }

    /// Adds a custom async check: `check_output_custom`.
    ///
    /// # Examples
    /// ```
    /// use icosian_decorators::{AsyncValidator, CheckOutput, Validation};
    ///
    /// struct Known;
    ///
    /// impl AsyncValidator<String> for Known {
    ///     fn name(&self) -> &'static str {
    ///         "known"
    ///     }
    ///
    ///     async fn validate(&self, value: &String) -> Validation {
    ///         Validation::of(value.starts_with('k'), "it does not start with `k`")
    ///     }
    /// }
    ///
    /// let check = CheckOutput::<String>::new().custom_async(Known);
    /// ```
    #[must_use]
    pub fn custom_async(mut self, validator: impl AsyncValidator<T>) -> Self {
        let validator = Arc::new(validator);
        let (name, description) = (Name::new(validator.name()), validator.description());
        let made = name.clone();
        let node = move |outline: Outline, importance| {
            let (validator, name) = (Arc::clone(&validator), made.clone());
            Node::future(outline, move |args| {
                let (validator, name) = (Arc::clone(&validator), name.clone());
                let value = args.lease::<T>(0);
                async move { Ok(Checked::new(name, importance, validator.validate(&value).await)) }
            })
        };
        self.checks.push(ErasedValidator { name, description, node: Arc::new(node) });
        self
    }

    /// Checks the output at `at`.
    fn checked(&self, at: usize, nodes: &mut Vec<Node>) {
        let (outline, body) = nodes.remove(at).into_parts();
        let name = outline.name().clone();
        let goes_on = outline.role() == Role::MadeBy(NAME);
        let (raw, before): (Name, Vec<Name>) = if goes_on {
            let mut reads = outline.params().iter().map(|param| param.source().clone());
            (reads.next().unwrap_or_else(|| name.clone()), reads.collect())
        } else {
            (free(format!("{name}_raw"), &[nodes.as_slice()]), Vec::new())
        };
        let mut validators: Vec<Node> = Vec::new();
        for check in &self.checks {
            let free = free(format!("{name}_{}", check.name), &[nodes.as_slice(), &validators]);
            let checks = Outline::new(free)
                .with_param(Param::borrowed::<T>(&raw))
                .with_output(Output::of::<Checked>().cloneable::<Checked>())
                .with_documentation(check.description.clone())
                .in_role(Role::MadeBy(NAME));
            let checks = outline.location().into_iter().fold(checks, Outline::with_location);
            validators.push((check.node)(checks.with_tag("data_quality.checks", [&name]), self.importance));
        }
        let read = before.iter().chain(validators.iter().map(Node::name));
        let end = end(&outline, &name, &raw, read);
        let raw = (!goes_on).then(|| Node::from_parts(outline.with_name(raw), body));
        nodes.splice(at..at, raw.into_iter().chain(validators).chain([end]));
    }
}

/// Returns the node that forwards the value if no check has failed.
fn end<'a>(outline: &Outline, name: &Name, raw: &Name, checks: impl Iterator<Item = &'a Name>) -> Node {
    let given = outline.output().clone();
    let passed = Outline::new(name)
        .with_param(Param::exactly(given.value_type(), raw))
        .with_output(given.with_alias(Alias::Whole(0)));
    let passed = checks.fold(passed, |passed, check| passed.with_param(Param::borrowed::<Checked>(check)));
    let (count, told) = (passed.params().len(), name.clone());
    let body = Body::forward_checked(move |args: &mut Args<'_>| {
        let checked = || (1..count).map(|at| args.borrow::<Checked>(at));
        if checked().any(|checked| !checked.validation.passed()) {
            report_failures(&told, checked().filter(|checked| !checked.validation.passed()))?;
        }
        args.forward(0);
        Ok(())
    });
    standing_for(Node::from_parts(passed, body), outline, NAME)
}

/// Logs the failed checks that are warnings, and returns the others as the error of `node`.
#[cold]
fn report_failures<'a>(node: &str, failed: impl Iterator<Item = &'a Checked>) -> Result<(), NodeError> {
    let (failed, warned): (Vec<_>, Vec<_>) =
        failed.partition(|checked| checked.importance == Importance::Fail);
    for warned in warned {
        tracing::warn!(target: "icosian_decorators::check_output", %node, validator = %warned.validator, "{}", warned.validation);
    }
    if failed.is_empty() {
        return Ok(());
    }
    let failures = failed.into_iter().cloned().collect();
    Err(NodeError::failed(ChecksFailed::new(node.to_owned(), failures)))
}

impl<T: Any + Send + Sync> Decorator for CheckOutput<T> {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::CheckOutput.spec()
    }

    fn decorate(&self, mut nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut problems = Diagnostics::default();
        problems.extend(self.problems.iter().map(|error| Spanned::new(error.clone(), Vec::new())));
        let known = || nodes.iter().map(|node| node.name().as_str());
        let mut targets = Vec::new();
        for name in &self.targets {
            if known().any(|known| *known == **name) {
                targets.push(name.clone());
            } else {
                let unknown = unknown_node(NAME, scope.function().name(), name, known());
                problems.push(Spanned::new(unknown, Vec::new()));
            }
        }
        if self.targets.is_empty() {
            targets.extend(sinks(&nodes).into_iter().map(|at| nodes[at].name().clone()));
        }
        for target in targets {
            let Some(at) = nodes.iter().position(|node| *node.name() == target) else { continue };
            let given = nodes[at].outline().output().value_type();
            if given == ValueType::of::<T>() {
                self.checked(at, &mut nodes);
                continue;
            }
            let wanted = ValueType::of::<T>();
            let error = decorate_error(
                "ICO0408 check-output-wrong-type",
                format!("`{NAME}` checks a `{wanted}`, but `{target}` returns `{given}`"),
                format!("check a `{given}`, or name the outputs to check"),
            );
            problems.push(Spanned::new(error, Vec::new()));
        }
        problems.into_result(nodes)
    }
}

impl<T> Clone for CheckOutput<T> {
    fn clone(&self) -> Self {
        Self {
            checks: self.checks.clone(),
            importance: self.importance,
            targets: self.targets.clone(),
            problems: self.problems.clone(),
            value: PhantomData,
        }
    }
}

impl<T> fmt::Debug for CheckOutput<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.checks.iter().map(|check| check.name.as_str()).collect();
        f.debug_struct("CheckOutput")
            .field("checks", &names)
            .field("importance", &self.importance)
            .finish_non_exhaustive()
    }
}
