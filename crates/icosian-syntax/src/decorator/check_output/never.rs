//! Checks with literal bounds that no output can pass.

use std::cmp::Ordering;

use syn::{Expr, ExprLit, ExprRange, ExprUnary, Ident, Lit, RangeLimits, UnOp};

use crate::fault::invalid;
use crate::written_type::shown;

/// Refuses a check that no value can pass.
pub(super) fn refuse(check: &Ident, value: &Expr) -> syn::Result<()> {
    let number = || LiteralNumber::of(value);
    let below_zero =
        || number().is_some_and(|number| number.compared(&LiteralNumber::Whole(0)) == Some(Ordering::Less));
    let (message, help) = match (check.to_string().as_str(), value) {
        ("range" | "mean_in_range", Expr::Range(range)) if is_empty(range) => {
            let message = format!("the range `{}` is empty", shown(range).replace(" .. ", ".."));
            (message, "write a range that ends above its start".to_owned())
        }
        ("values_in", Expr::Array(values)) if values.elems.is_empty() => {
            ("`values_in` has no values".to_owned(), "write the accepted values, as in `[1, 2]`".to_owned())
        }
        ("max_standard_dev" | "max_fraction_nans", value) if is_nan(value) => (
            format!("`{check}` is NaN, but every comparison with NaN is false"),
            format!("write a number, as in `{check} = 0.5`"),
        ),
        ("max_standard_dev", _) if below_zero() => (
            format!("`{check}` is negative, but a standard deviation never is"),
            "write a positive number".to_owned(),
        ),
        ("max_fraction_nans", _)
            if below_zero()
                || number().is_some_and(|number| {
                    number.compared(&LiteralNumber::Whole(1)) == Some(Ordering::Greater)
                }) =>
        {
            (format!("`{check}` is not a fraction"), "write a number from `0.0` to `1.0`".to_owned())
        }
        _ => return Ok(()),
    };
    Err(invalid(value, message, help))
}

/// A numeric literal.
enum LiteralNumber {
    Whole(i128),
    Real(f64),
}

impl LiteralNumber {
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
        #[expect(
            clippy::cast_precision_loss,
            reason = "a loss of precision does not change the order of such literals"
        )]
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
    let ends = (
        range.start.as_deref().and_then(LiteralNumber::of),
        range.end.as_deref().and_then(LiteralNumber::of),
    );
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
