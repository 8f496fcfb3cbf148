use std::cell::RefCell;
use std::io::{self, Write};

use serde_json::ser::{CompactFormatter, Formatter};

use super::redaction::{REDACTED, Redaction};

/// Serializes a value to at most `max_length` bytes of JSON, without the fields that are redacted.
///
/// A longer text ends with `…`. The serialization stops there, so a large value costs no more than a small one. Returns `None` if the
/// value cannot be serialized.
pub(crate) fn to_limited_json(
    value: &dyn erased_serde::Serialize,
    max_length: usize,
    redaction: &Redaction,
) -> Option<String> {
    let state = RefCell::new(JsonState { text: Vec::new(), max_length, is_cut: false, hidden: 0, key: None });
    let formatter = RedactingFormatter { state: &state, redaction };
    let mut serializer = serde_json::Serializer::with_formatter(LimitedWriter(&state), formatter);
    let serialized = erased_serde::serialize(value, &mut serializer);
    let JsonState { text, is_cut, .. } = state.into_inner();
    if !is_cut {
        serialized.ok()?;
        return String::from_utf8(text).ok();
    }
    // The cut may be inside of a character.
    let mut short: String = String::from_utf8_lossy(&text).trim_end_matches('\u{fffd}').to_owned();
    short.push('…');
    Some(short)
}

/// The text so far, shared by the writer and the formatter.
struct JsonState {
    text: Vec<u8>,
    max_length: usize,
    is_cut: bool,
    /// The number of open object values that contain the current position and are redacted.
    hidden: usize,
    /// The key that is being written.
    key: Option<Vec<u8>>,
}

/// Appends to the text, and fails at the limit.
struct LimitedWriter<'a>(&'a RefCell<JsonState>);

impl Write for LimitedWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.borrow_mut();
        if state.hidden > 0 {
            return Ok(bytes.len());
        }
        if let Some(key) = &mut state.key {
            key.extend_from_slice(bytes);
        }
        let room = state.max_length - state.text.len();
        state.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if room < bytes.len() {
            state.is_cut = true;
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes compact JSON. It hides the values of redacted keys: within such a value, `hidden` is positive, and the writer ignores all bytes.
struct RedactingFormatter<'a> {
    state: &'a RefCell<JsonState>,
    redaction: &'a Redaction,
}

impl Formatter for RedactingFormatter<'_> {
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        CompactFormatter.begin_object_key(writer, first)?;
        self.state.borrow_mut().key = Some(Vec::new());
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let key = self.state.borrow_mut().key.take().unwrap_or_default();
        CompactFormatter.begin_object_value(writer)?;
        let is_hidden = self.state.borrow().hidden > 0;
        if is_hidden {
            self.state.borrow_mut().hidden += 1;
        } else if self.redaction.covers(&String::from_utf8_lossy(&key)) {
            write!(writer, "\"{REDACTED}\"")?;
            self.state.borrow_mut().hidden = 1;
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let mut state = self.state.borrow_mut();
        state.hidden = state.hidden.saturating_sub(1);
        Ok(())
    }
}
