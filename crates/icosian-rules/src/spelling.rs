/// The shortest length of names that are compared.
const SHORTEST: usize = 5;

/// Returns whether two names differ by one typing error: a swap, a missing letter or a wrong letter.
///
/// Some differences are intended. Names can differ in a digit (`rate_1`, `rate_2`), in a letter at the start or end of a word
/// (`price`, `prices`), or in a word of a single letter (`user_a_id`, `user_b_id`).
///
/// # Examples
/// ```
/// use icosian_rules::is_slip;
///
/// assert!(is_slip("discuont", "discount"));
/// assert!(!is_slip("prices", "price") && !is_slip("rate_12", "rate_21"));
/// ```
#[must_use]
pub fn is_slip(one: &str, other: &str) -> bool {
    if one.len().abs_diff(other.len()) > 1 || one.len() < SHORTEST || one == other {
        return false;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let before = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let is_inside = before > 0 && one[before - 1].is_alphabetic();
    let (one, other) = (&one[before..], &other[before..]);
    let after = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let (middle, changed) = (&one[..one.len() - after], &other[..other.len() - after]);
    let joins = after > 0 && one[one.len() - after].is_alphabetic();
    match (middle, changed) {
        ([a, b], [c, d]) => a == d && b == c && !a.is_numeric() && !b.is_numeric(),
        ([letter], []) | ([], [letter]) => letter.is_alphabetic() && is_inside && joins,
        ([a], [b]) => a.is_alphabetic() && b.is_alphabetic() && before > 1 && after > 1 && joins,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn intended_differences_are_no_slips() {
        for (one, other) in [
            ("discuont", "discount"),
            ("migratons", "migrations"),
            ("spend_maen", "spend_mean"),
            ("spen_dmean", "spend_mean"),
            ("discaunt", "discount"),
        ] {
            assert!(is_slip(one, other) && is_slip(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("rate_1", "rate_2"),
            ("rate_12", "rate_21"),
            ("price", "prices"),
            ("user_id", "users_id"),
            ("price_mean", "price_emean"),
            ("user_a_id", "user_b_id"),
            ("a", "b"),
            ("rates", "rates"),
        ] {
            assert!(!is_slip(one, other) && !is_slip(other, one), "{one} {other}");
        }
    }
}
