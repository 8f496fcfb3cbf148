//! Checks that no output passes, as far as that is written down.

use std::cmp::Ordering;

use syn::{Expr, ExprLit, ExprRange, ExprUnary, Ident, Lit, RangeLimits, UnOp};

use crate::read::shown;

/// Refuses a check that nothing can pass.
pub(super) fn refuse(check: &Ident, value: &Expr) -> syn::Result<()> {
    let number = || Number::of(value);
    let below_zero =
        || number().is_some_and(|number| number.compared(&Number::Whole(0)) == Some(Ordering::Less));
    let why = match (check.to_string().as_str(), value) {
        ("range" | "mean_in_range", Expr::Range(range)) if is_empty(range) => {
            format!(
                "nothing is within `{}`; let it end above where it begins",
                shown(range).replace(" .. ", "..")
            )
        }
        ("values_in", Expr::Array(values)) if values.elems.is_empty() => {
            "no value is one of none; write those that may be, as in `[1, 2]`".to_owned()
        }
        ("max_standard_dev" | "max_fraction_nans", value) if is_nan(value) => {
            format!("nothing is compared with NaN; write a number, as in `{check} = 0.5`")
        }
        ("max_standard_dev", _) if below_zero() => {
            "no standard deviation is below zero; write how much there may be".to_owned()
        }
        ("max_fraction_nans", _)
            if below_zero()
                || number()
                    .is_some_and(|number| number.compared(&Number::Whole(1)) == Some(Ordering::Greater)) =>
        {
            "this is a fraction; write a number from `0.0` to `1.0`".to_owned()
        }
        _ => return Ok(()),
    };
    Err(syn::Error::new_spanned(value, why))
}

/// A number that is written out.
enum Number {
    Whole(i128),
    Real(f64),
}

impl Number {
    fn of(written: &Expr) -> Option<Self> {
        match written {
            Expr::Lit(ExprLit { lit: Lit::Int(whole), .. }) => whole.base10_parse().ok().map(Self::Whole),
            Expr::Lit(ExprLit { lit: Lit::Float(real), .. }) => real.base10_parse().ok().map(Self::Real),
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => Some(match Self::of(expr)? {
                Self::Whole(whole) => Self::Whole(-whole),
                Self::Real(real) => Self::Real(-real),
            }),
            Expr::Paren(paren) => Self::of(&paren.expr),
            Expr::Group(group) => Self::of(&group.expr),
            _ => None,
        }
    }

    fn compared(&self, other: &Self) -> Option<Ordering> {
        #[expect(clippy::cast_precision_loss, reason = "a whole number beside a real one is a small one")]
        let real = |number: &Self| match number {
            Self::Whole(whole) => *whole as f64,
            Self::Real(real) => *real,
        };
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Some(one.cmp(other)),
            (one, other) => real(one).partial_cmp(&real(other)),
        }
    }
}

fn is_empty(range: &ExprRange) -> bool {
    let ends = (range.start.as_deref().and_then(Number::of), range.end.as_deref().and_then(Number::of));
    let (Some(start), Some(end)) = ends else { return false };
    match start.compared(&end) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => matches!(range.limits, RangeLimits::HalfOpen(_)),
        _ => false,
    }
}

/// Returns whether `written` is `f64::NAN`.
fn is_nan(written: &Expr) -> bool {
    match written {
        Expr::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "NAN"),
        Expr::Unary(unary) => is_nan(&unary.expr),
        _ => false,
    }
}
