use icosian_core::Phase;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit};

use super::argument::{Reading, equals};
use super::duration::Time;
use super::{Decorates, Read, Scope};
use crate::span;

/// `#[retry(attempts = 3, backoff = "100ms..2s", jitter, when = predicate)]`
#[derive(Default)]
struct Retry {
    attempts: Option<Expr>,
    backoff: Option<(Time, Time)>,
    jitter: Option<Ident>,
    when: Option<Expr>,
    when_any: Option<Expr>,
}

const ARGUMENTS: [&str; 5] = ["attempts", "backoff", "jitter", "when", "when_any"];

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    let mut retry = Retry::default();
    let mut says_attempts = false;
    reading.each(input, |input, reading| {
        let name = reading.argument(input, &ARGUMENTS)?;
        match name.to_string().as_str() {
            "attempts" => {
                says_attempts = true;
                let attempts = equals(input)?;
                refuse_no_attempt(&attempts)?;
                retry.attempts = Some(attempts);
            }
            "backoff" => retry.backoff = Some(Time::range(equals(input)?)?),
            "jitter" => retry.jitter = Some(name),
            "when" => retry.when = Some(equals(input)?),
            _ => retry.when_any = Some(equals(input)?),
        }
        Ok(())
    });
    if !says_attempts {
        reading.refuse_missing("does not say how often to try; write `attempts = 3`");
    }
    if let (Some(_), Some(when_any)) = (&retry.when, &retry.when_any) {
        let why = "`when` and `when_any` both say which errors count; write one of the two";
        reading.refusals.at(when_any, why);
    }
    if let (Some(jitter), None) = (&retry.jitter, &retry.backoff) {
        let why = "`jitter` varies the wait between attempts, and there is none; write `backoff = \"100ms..2s\"` too";
        reading.refusals.at(jitter, why);
    }
    Ok(Box::new(retry))
}

fn refuse_no_attempt(attempts: &Expr) -> syn::Result<()> {
    match attempts {
        Expr::Lit(ExprLit { lit: Lit::Int(count), .. }) => match count.base10_parse::<u64>() {
            Ok(0) => Err(syn::Error::new_spanned(count, "the first call is an attempt; write at least `1`")),
            _ => Ok(()),
        },
        Expr::Lit(_) | Expr::Unary(_) => Err(syn::Error::new_spanned(
            attempts,
            "attempts are counted; write a number, as in `attempts = 3`",
        )),
        _ => Ok(()),
    }
}

impl Decorates for Retry {
    fn phase(&self) -> Phase {
        Phase::Around
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (door, span, attempts) = (scope.door(), scope.span, &self.attempts);
        let backoff = self.backoff.as_ref().map(|(shortest, longest)| {
            let (shortest, longest) = (shortest.written(), longest.written());
            quote_spanned!(span=> .backoff(#shortest, #longest))
        });
        let jitter = self.jitter.as_ref().map(|_| quote_spanned!(span=> .jitter()));
        let predicate = |name: &str, when: &Option<Expr>| {
            when.as_ref().map(|when| {
                let span = span::own(span::ends(when).0);
                let name = Ident::new(name, span);
                quote_spanned!(span=> .#name(#when))
            })
        };
        let when = predicate("when", &self.when);
        let when_any = predicate("when_any", &self.when_any);
        quote_spanned!(span=> #door::Retry::new(#attempts)#backoff #jitter #when #when_any)
    }
}
