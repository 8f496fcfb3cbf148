//! Parameters of a function that is called in the place of another one.
//!
//! The other function's head decides which parameters may be missing. Its defaults win over those of the function that is called.

use icosian_core::decorator::DecorateError;
use icosian_core::node::{Asyncness, Body, HeldArgs, ParamDefault};
use icosian_core::{Outline, Param};

use crate::decorate_errors::decorate_error;

/// The defaults that a body gets for parameters that are missing, by position.
#[derive(Default)]
pub(crate) struct HeadDefaults(Vec<(usize, ParamDefault)>);

impl HeadDefaults {
    /// Returns the parameter at `position` of `called` in the place of `head`, a parameter of `caller`.
    ///
    /// # Errors
    /// `head` accepts a failure or is optional, but `param` is not, or `param` cannot read the type of the default of `head`.
    pub(crate) fn stand_in(
        &mut self,
        position: usize,
        param: &Param,
        head: &Param,
        (caller, called): (&Outline, &Outline),
    ) -> Result<Param, DecorateError> {
        if head.accepts_failure() && !param.accepts_failure() {
            return Err(not_accepting(param, head, caller, called));
        }
        let stands_in = param.clone().in_place_of(head);
        let Some(default) = head.default() else {
            return match (head.is_optional(), param.is_optional()) {
                (true, false) => Err(not_optional(param, head, caller, called)),
                // Nothing is known of the head's default, if it has one: the other function's own decides.
                (true, true) => Ok(stands_in),
                (false, _) => Ok(stands_in.required_as(head)),
            };
        };
        if param.way_from(&default.value_type()).is_none() {
            return Err(default_mismatch(default, param, head, caller, called));
        }
        self.0.push((position, default.clone()));
        Ok(stands_in.required_as(head))
    }

    /// Returns the parameter `param` of the step `step`, which reads the input of `head`, a parameter of `function`.
    ///
    /// A step may convert its input, so a default that does not fit does not change a step that has a default.
    ///
    /// # Errors
    /// `head` may be missing where `param` cannot be, or its default is of a type that `param` cannot be read from.
    pub(crate) fn feed(
        &mut self,
        position: usize,
        param: Param,
        head: &Param,
        (function, step): (&Outline, &Outline),
    ) -> Result<Param, DecorateError> {
        match head.default() {
            Some(default) if param.way_from(&default.value_type()).is_some() => {
                self.0.push((position, default.clone()));
                Ok(param.required_as(head))
            }
            _ if param.is_optional() || !head.is_optional() => Ok(param),
            Some(default) => Err(default_mismatch(default, &param, head, function, step)),
            None => Err(not_optional(&param, head, function, step)),
        }
    }

    /// Returns the body with these defaults.
    pub(crate) fn apply(self, body: Body) -> Body {
        let Self(defaults) = self;
        if defaults.is_empty() {
            return body;
        }
        let is_sync = body.asyncness() == Asyncness::Sync;
        body.wrapped(move |body, args, task| {
            if defaults.iter().all(|(at, _)| args.is_provided(*at)) {
                return body.call(args, task);
            }
            let missing: Vec<_> = defaults.iter().filter(|(at, _)| !args.is_provided(*at)).collect();
            let mut held = HeldArgs::default();
            args.hold(&mut held);
            for (at, default) in missing {
                held.provide(*at, |slot| default.put_into(slot));
            }
            let outcome = body.call(&mut held.last_args(), task);
            if is_sync {
                args.output().move_from(&mut held.output());
            }
            outcome
        })
    }
}

fn default_mismatch(
    default: &ParamDefault,
    param: &Param,
    head: &Param,
    caller: &Outline,
    called: &Outline,
) -> DecorateError {
    decorate_error(
        "ICO0421 decorator-type-mismatch",
        format!(
            "the default of `{}` in the signature of `{}` is a `{}`, but `{}` requires `{param}`",
            head.name(),
            caller.name(),
            default.value_type(),
            called.name(),
        ),
        format!("write a default of type `{}`", param.accepts().next().unwrap_or_else(|| param.wanted())),
    )
}

fn not_accepting(param: &Param, head: &Param, caller: &Outline, called: &Outline) -> DecorateError {
    decorate_error(
        "ICO0421 decorator-type-mismatch",
        format!(
            "`{}` of `{}` accepts a failure, but `{}` requires `{param}`",
            head.name(),
            caller.name(),
            called.name()
        ),
        format!("let `{}` accept `Result<&{}, &NodeError>`", called.name(), param.wanted()),
    )
}

fn not_optional(param: &Param, head: &Param, caller: &Outline, called: &Outline) -> DecorateError {
    decorate_error(
        "ICO0421 decorator-type-mismatch",
        format!(
            "`{}` of `{}` may be missing, but `{}` requires `{param}`",
            head.name(),
            caller.name(),
            called.name()
        ),
        format!(
            "let `{}` accept `Option<{}>`, or add a default to the signature of `{}`",
            called.name(),
            param.written_type(),
            caller.name()
        ),
    )
}
