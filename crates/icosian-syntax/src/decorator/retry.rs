use icosian_spec::{Argument, BuiltIn};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Pat};

use super::argument::{Reading, equals};
use super::duration::Time;
use super::from_row::{check_count, refuse_value};
use crate::code;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::inlined::{Inlined, RetryWaits};
use crate::known::fallible;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, DecoratorSource, ExpandContext, ReadResult};
use crate::span;

/// `#[retry(attempts = 3, backoff = "100ms..2s", jitter, when = predicate)]`
#[derive(Default)]
struct RetryArgs {
    attempts: Option<Expr>,
    backoff: Option<(Time, Time)>,
    jitter: Option<Ident>,
    when: Option<Expr>,
    when_any: Option<Expr>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut retry = RetryArgs::default();
    let mut says_attempts = false;
    let attempts = reading.row.arguments().first();
    reading.each(input, |input, reading| {
        let name = reading.named_argument(input)?;
        match name.to_string().as_str() {
            "attempts" => {
                says_attempts = true;
                let attempts = equals(input)?;
                check_count("attempts", &attempts)?;
                retry.attempts = Some(attempts);
            }
            "backoff" => retry.backoff = Some(Time::range(equals(input)?)?),
            "jitter" => {
                refuse_value(&name, input)?;
                retry.jitter = Some(name);
            }
            "when" => {
                let when = equals(input)?;
                refuse_any_error(&when)?;
                retry.when = Some(when);
            }
            _ => retry.when_any = Some(equals(input)?),
        }
        Ok(())
    });
    if let (false, Some(missing)) = (says_attempts, attempts.and_then(Argument::missing)) {
        reading.refuse_missing(missing.message, missing.help);
    }
    if let (Some(_), Some(when_any)) = (&retry.when, &retry.when_any) {
        let message = "`when` and `when_any` exclude each other";
        reading.faults.report(code::INVALID_ARGUMENT, when_any, message, "remove one of the two");
    }
    if let (Some(jitter), None) = (&retry.jitter, &retry.backoff) {
        let message = "`jitter` has no effect without `backoff`";
        reading.faults.report(code::INVALID_ARGUMENT, jitter, message, "add `backoff = \"100ms..2s\"`");
    }
    Ok(Box::new(retry))
}

/// Refuses a closure that leaves the type of the error open.
fn refuse_any_error(when: &Expr) -> syn::Result<()> {
    let Expr::Closure(closure) = when else { return Ok(()) };
    match closure.inputs.first() {
        Some(pattern @ Pat::Wild(_)) => Err(invalid(
            pattern,
            "the closure of `when` does not declare its error type",
            "write `|error: &TheError| ..`, or `when_any = ..`",
        )),
        _ => Ok(()),
    }
}

/// Returns the type of the error that the decorator receives, if only the function itself can fail.
fn known_error(scope: &ExpandContext<'_>, span: Span) -> Option<TokenStream> {
    let gives = scope.function.gives.as_ref().filter(|gives| gives.fallible)?;
    let is_other = |source: &DecoratorSource| {
        source.row.is_deferred()
            || (!source.decorator.calls().is_empty()
                && !matches!(source.row.built_in(), BuiltIn::PipeInput | BuiltIn::PipeOutput))
    };
    let is_own = !scope.function.decorators.iter().any(is_other);
    is_own.then(|| fallible(gives, "Error", &scope.door_at(span)))
}

impl Decorates for RetryArgs {
    fn check(&self, function: &NodeSource, _: &DataflowSource, faults: &mut Faults) {
        let is_fallible = function.gives.as_ref().is_none_or(|gives| gives.fallible);
        if let (Some(when), false) = (&self.when, is_fallible)
            && !function.decorators.iter().any(|source| source.row.is_deferred() || source.is(BuiltIn::Does))
        {
            let message =
                format!("`when` accepts errors of `{}`, which does not return a `Result`", function.name);
            faults.report(
                code::DECORATOR_WITHOUT_EFFECT,
                when,
                message,
                "use `when_any`, which also accepts timeouts",
            );
        }
    }

    fn inlined(&self, _: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        let waits = if self.backoff.is_some() { RetryWaits::Sometimes } else { RetryWaits::Never };
        Some(Inlined::Retry { waits })
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, span, attempts) = (scope.door(), scope.span, &self.attempts);
        let backoff = self.backoff.as_ref().map(|(shortest, longest)| {
            let (shortest, longest) = (shortest.written(), longest.written());
            quote_spanned!(span=> .backoff(#shortest, #longest))
        });
        let jitter = self.jitter.as_ref().map(|_| quote_spanned!(span=> .jitter()));
        let when = self.when.as_ref().map(|when| {
            let (first, last) = span::ends(when);
            let span = span::own(first);
            let Some(error) = known_error(scope, span) else {
                return quote_spanned!(span=> .when(#when));
            };
            // An error of the compiler about it points at the predicate.
            let (door, errors) = (scope.door_at(span), Ident::new("errors", last));
            let errors = quote_spanned!(last=> .#errors());
            let probe = quote_spanned! {span=> {
                #[allow(unused_imports, reason = "used where the error is a report")]
                use #door::ReportProbe as _;
                #door::ErrorProbe::<#error>::new()#errors
            }};
            quote_spanned!(span=> .when_given(#probe, #when))
        });
        let when_any = self.when_any.as_ref().map(|when_any| {
            let span = span::own(span::ends(when_any).0);
            quote_spanned!(span=> .when_any(#when_any))
        });
        quote_spanned!(span=> #door::Retry::new(#attempts)#backoff #jitter #when #when_any)
    }
}
