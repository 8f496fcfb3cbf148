//! The repeated keys of a JSON document.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Returns the paths of all keys that objects in `text` have more than once, each path once.
///
/// `text` is a valid document.
pub(crate) fn repeated_keys(text: &[u8]) -> Vec<String> {
    let mut repeated = Vec::new();
    let keys = Keys { path: String::new(), repeated: &mut repeated };
    // `Inputs::from_json` has reported a syntax error already.
    _ = keys.deserialize(&mut serde_json::Deserializer::from_slice(text));
    repeated
}

/// Visits the keys of the value at `path`.
struct Keys<'a> {
    path: String,
    repeated: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut times: FxHashMap<String, usize> = FxHashMap::default();
        while let Some(key) = map.next_key::<String>()? {
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            let seen = times.entry(key).or_default();
            *seen += 1;
            if *seen == 2 {
                self.repeated.push(path.clone());
            }
            map.next_value_seed(Keys { path, repeated: &mut *self.repeated })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let mut at = 0_usize;
        let path = |at| format!("{}[{at}]", self.path);
        while sequence.next_element_seed(Keys { path: path(at), repeated: &mut *self.repeated })?.is_some() {
            at += 1;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
