use std::borrow::{Borrow, Cow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::value::{ErasedRef, ValueType};

/// A type that a function can borrow, from any of several types of values.
///
/// Implemented for every sized type (from itself, `Box`, `Arc` and `&'static`), and for `str`, `[T]` and `Path` (from
/// their owners). A way is the position of a value's type in [`WAYS`](Self::WAYS).
///
/// # Examples
/// ```
/// use icosian_core::value::{ErasedRef, Lend, ValueType};
///
/// assert!(str::WAYS.contains(&ValueType::of::<String>()));
/// let text = String::from("text");
/// assert_eq!(str::read(ErasedRef::new(&text), 0), Some("text"));
/// ```
#[diagnostic::on_unimplemented(
    message = "no parameter can borrow `{Self}`",
    label = "`{Self}` is unsized, so no value of it can be stored",
    note = "`&T` borrows a sized type, `str`, `[T]` or `Path`; for others, borrow the owner: `&Arc<dyn ..>`, `&OsString`"
)]
pub trait Lend: 'static {
    /// The types that `&Self` can be borrowed from, the usual one first.
    const WAYS: &'static [ValueType];

    /// The types that `Option<&Self>` can be borrowed from: [`WAYS`](Self::WAYS), then an `Option` of each.
    const OPTIONAL_WAYS: &'static [ValueType];

    /// Borrows from `value`, if its type is the one at position `way` of [`WAYS`](Self::WAYS).
    fn read(value: ErasedRef<'_>, way: u8) -> Option<&Self>;

    /// Borrows from `value`, if its type is the one at position `way` of [`OPTIONAL_WAYS`](Self::OPTIONAL_WAYS).
    ///
    /// The outer `None` means a value of another type. The inner `None` is a value that is `None`.
    fn read_optional(value: ErasedRef<'_>, way: u8) -> Option<Option<&Self>>;
}

#[inline]
fn borrow<G: Borrow<W> + 'static, W: ?Sized>(value: ErasedRef<'_>) -> Option<&W> {
    value.get::<G>().map(Borrow::borrow)
}

#[expect(clippy::option_option, reason = "no value, and a value that is `None`, are two things")]
fn option<G: Borrow<W> + 'static, W: ?Sized>(value: ErasedRef<'_>) -> Option<Option<&W>> {
    Some(value.get::<Option<G>>()?.as_ref().map(Borrow::borrow))
}

macro_rules! lend {
    ([$($generic:ident)?] $wanted:ty: $($way:literal $optional:literal $given:ty),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($generic: 'static)?> Lend for $wanted {
            const WAYS: &'static [ValueType] = &[$(ValueType::of::<$given>()),+];
            const OPTIONAL_WAYS: &'static [ValueType] =
                &[$(ValueType::of::<$given>(),)+ $(ValueType::of::<Option<$given>>()),+];

            #[inline]
            fn read(value: ErasedRef<'_>, way: u8) -> Option<&Self> {
                match way {
                    $($way => borrow::<$given, $wanted>(value),)+
                    _ => None,
                }
            }

            #[inline]
            fn read_optional(value: ErasedRef<'_>, way: u8) -> Option<Option<&Self>> {
                match way {
                    $($way => borrow::<$given, $wanted>(value).map(Some),)+
                    $($optional => option::<$given, $wanted>(value),)+
                    _ => None,
                }
            }
        }
    };
}

lend!([T] T: 0 4 T, 1 5 Box<T>, 2 6 Arc<T>, 3 7 &'static T);
lend!([T] [T]: 0 4 Vec<T>, 1 5 Box<[T]>, 2 6 Arc<[T]>, 3 7 &'static [T]);
lend!([] str: 0 5 String, 1 6 &'static str, 2 7 Box<str>, 3 8 Arc<str>, 4 9 Cow<'static, str>);
lend!([] Path: 0 4 PathBuf, 1 5 Box<Path>, 2 6 Arc<Path>, 3 7 &'static Path);

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way of `W` reads a value of the type at its position.
    fn check<W: Lend + ?Sized>(values: &[ErasedRef<'_>], expect: impl Fn(&W) -> bool) {
        assert_eq!(values.len(), W::OPTIONAL_WAYS.len());
        assert_eq!(W::OPTIONAL_WAYS.len(), 2 * W::WAYS.len());
        for (way, value) in values.iter().enumerate() {
            let way = u8::try_from(way).expect("few ways");
            assert!(W::read_optional(*value, way).flatten().is_some_and(&expect), "way {way}");
            let plain = usize::from(way) < W::WAYS.len();
            assert_eq!(W::read(*value, way).is_some(), plain, "way {way}");
        }
        assert!(W::read(values[0], 200).is_none());
        assert!(W::read(values[0], 1).is_none(), "the wrong way finds nothing");
    }

    #[test]
    fn every_way_reads_the_type_at_its_position() {
        check::<u8>(
            &[
                ErasedRef::new(&7_u8),
                ErasedRef::new(&Box::new(7_u8)),
                ErasedRef::new(&Arc::new(7_u8)),
                ErasedRef::new(&&7_u8),
                ErasedRef::new(&Some(7_u8)),
                ErasedRef::new(&Some(Box::new(7_u8))),
                ErasedRef::new(&Some(Arc::new(7_u8))),
                ErasedRef::new(&Some(&7_u8)),
            ],
            |read| *read == 7,
        );
        check::<str>(
            &[
                ErasedRef::new(&String::from("a")),
                ErasedRef::new(&"a"),
                ErasedRef::new(&Box::<str>::from("a")),
                ErasedRef::new(&Arc::<str>::from("a")),
                ErasedRef::new(&Cow::Borrowed("a")),
                ErasedRef::new(&Some(String::from("a"))),
                ErasedRef::new(&Some("a")),
                ErasedRef::new(&Some(Box::<str>::from("a"))),
                ErasedRef::new(&Some(Arc::<str>::from("a"))),
                ErasedRef::new(&Some(Cow::Borrowed("a"))),
            ],
            |read| read == "a",
        );
    }

    #[test]
    fn an_option_that_is_none_is_a_value() {
        let value = ErasedRef::new(&None::<u8>);
        assert_eq!(u8::read_optional(value, 4), Some(None));
        assert_eq!(Option::<u8>::read(value, 0), Some(&None));
    }
}
