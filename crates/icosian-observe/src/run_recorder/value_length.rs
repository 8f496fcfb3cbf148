use std::convert::Infallible;
use std::fmt;

use serde::ser::{Error, Impossible, Serialize, Serializer};

/// Returns the length of a text in characters, or of a list or map in elements. Other values have none.
pub(crate) fn length_of(value: &dyn erased_serde::Serialize) -> Option<u64> {
    match erased_serde::serialize(value, LengthSerializer) {
        Err(LengthFound(length)) => length,
        Ok(never) => match never {},
    }
}

/// The result of the serializer, which always fails: the length, if there is one.
#[derive(Debug)]
struct LengthFound(Option<u64>);

impl fmt::Display for LengthFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the length is known")
    }
}

impl std::error::Error for LengthFound {}

impl Error for LengthFound {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(None)
    }
}

/// A serializer that stops at the beginning of a value.
struct LengthSerializer;

type Stopped = Result<Infallible, LengthFound>;
type NoElements = Impossible<Infallible, LengthFound>;

fn stop<T>(length: Option<usize>) -> Result<T, LengthFound> {
    Err(LengthFound(length.and_then(|length| u64::try_from(length).ok())))
}

/// Implements the methods for values without a length.
macro_rules! without_length {
    ($($method:ident($($argument:ty),*)),* $(,)?) => {
        $(fn $method(self, $(_: $argument),*) -> Stopped {
            stop(None)
        })*
    };
}

impl Serializer for LengthSerializer {
    type Ok = Infallible;
    type Error = LengthFound;
    type SerializeSeq = NoElements;
    type SerializeTuple = NoElements;
    type SerializeTupleStruct = NoElements;
    type SerializeTupleVariant = NoElements;
    type SerializeMap = NoElements;
    type SerializeStruct = NoElements;
    type SerializeStructVariant = NoElements;

    without_length! {
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_char(char),
        serialize_none(),
        serialize_unit(),
        serialize_unit_struct(&'static str),
        serialize_unit_variant(&'static str, u32, &'static str),
    }

    fn serialize_str(self, text: &str) -> Stopped {
        stop(Some(text.chars().count()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Stopped {
        stop(Some(bytes.len()))
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Stopped {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Stopped {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Stopped {
        stop(None)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<NoElements, LengthFound> {
        stop(length)
    }

    fn serialize_tuple(self, _: usize) -> Result<NoElements, LengthFound> {
        stop(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<NoElements, LengthFound> {
        stop(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<NoElements, LengthFound> {
        stop(None)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<NoElements, LengthFound> {
        stop(length)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<NoElements, LengthFound> {
        stop(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<NoElements, LengthFound> {
        stop(None)
    }
}
