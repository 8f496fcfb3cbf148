//! The compile-time check that the keys of `inputs!` and `config!` are distinct.

/// Fails the compilation if two of `keys` are equal. `r#` is not part of a key.
///
/// It compares all pairs, which is fast enough for the number of keys that fits in one macro call.
#[doc(hidden)]
pub const fn assert_distinct(keys: &[&str]) {
    let mut second = 1;
    while second < keys.len() {
        let mut first = 0;
        while first < second {
            if are_equal(bare(keys[first]), bare(keys[second])) {
                report(bare(keys[second]));
            }
            first += 1;
        }
        second += 1;
    }
}

const fn bare(key: &str) -> &[u8] {
    match key.as_bytes() {
        [b'r', b'#', rest @ ..] => rest,
        key => key,
    }
}

const fn are_equal(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Panics with the key in the message. A const panic cannot format, so the message is joined by hand.
const fn report(key: &[u8]) -> ! {
    const LONGEST: usize = 128;
    const AFTER: &[u8] = b"` is set twice: remove one of the two entries";
    let mut message = [0; LONGEST + AFTER.len() + 1];
    message[0] = b'`';
    let mut length = 1;
    let mut at = 0;
    // A key that is too long is left out as a whole: half a character is not text.
    while key.len() <= LONGEST && at < key.len() {
        message[length] = key[at];
        length += 1;
        at += 1;
    }
    at = 0;
    while at < AFTER.len() {
        message[length] = AFTER[at];
        length += 1;
        at += 1;
    }
    match std::str::from_utf8(message.split_at(length).0) {
        Ok(message) => panic!("{}", message),
        Err(_) => panic!("a key is set twice: remove one of the two entries"),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::assert_distinct;

    #[test]
    fn equal_keys_panic_with_their_name() {
        assert_distinct(&[]);
        assert_distinct(&["a", "b", "ab", "type"]);
        let repeated: &[&[&str]] = &[&["a", "b", "a"], &["r#type", "type"], &["é", "é"]];
        for (keys, name) in repeated.iter().zip(["a", "type", "é"]) {
            let payload = catch_unwind(|| assert_distinct(keys)).unwrap_err();
            let message = payload.downcast_ref::<&str>().map(ToString::to_string);
            let message = message.or_else(|| payload.downcast_ref::<String>().cloned());
            let expected = format!("`{name}` is set twice: remove one of the two entries");
            assert_eq!(message.as_deref(), Some(expected.as_str()));
        }
    }
}
