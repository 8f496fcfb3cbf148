//! The items of an expanding function, by the syntax of its return type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, Ident, PathArguments, Type, TypeParamBound};

use crate::span;
use crate::written_type::{bare, ends_with, first_argument, last_segment, only_argument, opaque};

/// The items of an expanding function.
pub(crate) struct ItemsSource {
    /// The written return type.
    written: Type,
    sequence: Sequence,
    item: Item,
    /// The items are of type `Result`.
    pub(crate) fallible: bool,
}

/// The type of the sequence.
enum Sequence {
    /// The return type, or the first argument of a `Result`.
    Written(Box<Type>),
    /// The return type is a `Result` whose arguments are not visible.
    OfResult,
}

/// The type of an item.
enum Item {
    Written(Box<Type>),
    OfIterator,
    OfStream,
}

/// A sequence whose type does not show the type of its items.
pub(crate) struct UnnamedItems(pub(crate) Box<Type>);

impl ItemsSource {
    /// Finds the items of a function that returns `written`, which is a `Result` if the function can fail.
    pub(crate) fn of(written: &Type) -> Result<Self, UnnamedItems> {
        let is_result = ends_with(written, "Result");
        let sequence = if is_result { first_argument(written) } else { Some(written) };
        let items = |sequence, item, fallible| Self { written: written.clone(), sequence, item, fallible };
        let Some(sequence) = sequence else { return Ok(items(Sequence::OfResult, Item::OfIterator, false)) };
        let item = item(sequence)?;
        let of = match &item {
            Item::Written(item) => Some(&**item),
            // `Items<Result<T, E>>`: the only argument is the item.
            Item::OfIterator | Item::OfStream => only_type_argument(sequence),
        };
        let fallible = of.is_some_and(|item| ends_with(item, "Result"));
        Ok(items(Sequence::Written(Box::new(sequence.clone())), item, fallible))
    }

    /// Returns the type of the sequence, if the return type shows it.
    pub(crate) fn sequence(&self) -> Option<&Type> {
        match &self.sequence {
            Sequence::Written(sequence) => Some(sequence),
            Sequence::OfResult => None,
        }
    }

    /// Returns the type of a successful item, if the return type shows it.
    pub(crate) fn visible(&self) -> Option<&Type> {
        match &self.item {
            Item::Written(item) if self.fallible => first_argument(item),
            Item::Written(item) => Some(item),
            Item::OfIterator | Item::OfStream => None,
        }
    }

    /// Writes the type of a successful item, at the return type.
    pub(crate) fn written(&self, door: &TokenStream) -> TokenStream {
        let (first, last) = span::ends(&self.written);
        let door = span::at(first, door);
        let member = |name| Ident::new(name, last);
        let sequence = match &self.sequence {
            Sequence::Written(sequence) => sequence.to_token_stream(),
            Sequence::OfResult => {
                let (written, ok) = (&self.written, member("Ok"));
                quote_spanned!(first=> <#written as #door::Fallible>::#ok)
            }
        };
        let of_sequence = member("Item");
        let item = match &self.item {
            Item::Written(item) => item.to_token_stream(),
            Item::OfIterator => {
                quote_spanned!(first=> <#sequence as ::core::iter::IntoIterator>::#of_sequence)
            }
            Item::OfStream => quote_spanned!(first=> <#sequence as #door::Stream>::#of_sequence),
        };
        if !self.fallible {
            return item;
        }
        let ok = member("Ok");
        quote_spanned!(first=> <#item as #door::Fallible>::#ok)
    }
}

/// Finds the type of the items of `sequence`.
fn item(sequence: &Type) -> Result<Item, UnnamedItems> {
    let mut inner = bare(sequence);
    while let Some(pointee) = only_argument(inner, "Pin").or_else(|| only_argument(inner, "Box")) {
        inner = bare(pointee);
    }
    let item = match inner {
        Type::ImplTrait(hidden) => bound_item(hidden.bounds.iter()),
        Type::TraitObject(object) => bound_item(object.bounds.iter()),
        Type::Array(array) => Some(&*array.elem),
        Type::Slice(slice) => Some(&*slice.elem),
        _ => {
            let is_list = ["Vec", "VecDeque", "BoxStream"].iter().any(|name| ends_with(sequence, name));
            let item = only_type_argument(sequence).filter(|_| is_list);
            if item.is_none() && opaque(sequence).is_none() {
                let last = last_segment(sequence).map(|segment| segment.ident.to_string());
                let is_stream = last.is_some_and(|last| last.ends_with("Stream"));
                return Ok(if is_stream { Item::OfStream } else { Item::OfIterator });
            }
            item
        }
    };
    let item = item.filter(|item| opaque(item).is_none()).cloned();
    item.map(|item| Item::Written(Box::new(item))).ok_or_else(|| UnnamedItems(Box::new(sequence.clone())))
}

/// Returns the `T` of `Item = T` in `bounds`.
fn bound_item<'a>(mut bounds: impl Iterator<Item = &'a TypeParamBound>) -> Option<&'a Type> {
    bounds.find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last()?.arguments else {
            return None;
        };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(item) if item.ident == "Item" => Some(&item.ty),
            _ => None,
        })
    })
}

/// Returns the type argument of a path that has exactly one.
fn only_type_argument(written: &Type) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(written)?.arguments else { return None };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    });
    types.next().filter(|_| types.next().is_none())
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::written_type::shown;

    #[track_caller]
    fn check(written: &str, expect: &str) {
        let written = syn::parse_str(written).unwrap();
        let items = ItemsSource::of(&written).map(|items| shown(items.written(&quote!(icosian))));
        assert_eq!(items.as_deref().unwrap_or("unnamed"), expect);
    }

    #[test]
    fn items_of_iterators_have_a_name() {
        check("Vec<u8>", "u8");
        check("[u8; 3]", "u8");
        check("Box<[u8]>", "u8");
        check("HashSet<u8>", "<HashSet<u8> as ::core::iter::IntoIterator>::Item");
        check("HashMap<u8, u16>", "<HashMap<u8, u16> as ::core::iter::IntoIterator>::Item");
        check("Rows", "<Rows as ::core::iter::IntoIterator>::Item");
        check("impl Iterator<Item = u8> + Send + 'static", "u8");
        check("impl Send + IntoIterator<IntoIter = Rows, Item = (u8, u8)>", "(u8, u8)");
        check("Box<dyn Iterator<Item = u8> + Send>", "u8");
    }

    #[test]
    fn items_of_streams_have_a_name() {
        check("BoxStream<'static, u8>", "u8");
        check("impl Stream<Item = u8> + Send", "u8");
        check("Pin<Box<dyn Stream<Item = u8> + Send>>", "u8");
        check("ReceiverStream<u8>", "<ReceiverStream<u8> as icosian::Stream>::Item");
        check(
            "tokio_stream::wrappers::LinesStream",
            "<tokio_stream::wrappers::LinesStream as icosian::Stream>::Item",
        );
    }

    #[test]
    fn items_of_results_are_values() {
        check("io::Result<Vec<u8>>", "u8");
        check("Result<Rows, E>", "<Rows as ::core::iter::IntoIterator>::Item");
        check("Result", "<<Result as icosian::Fallible>::Ok as ::core::iter::IntoIterator>::Item");
        check("Vec<io::Result<u8>>", "<io::Result<u8> as icosian::Fallible>::Ok");
        check("Result<impl Stream<Item = Result<u8, E>>, E>", "<Result<u8, E> as icosian::Fallible>::Ok");
        check(
            "ReceiverStream<Result<u8, E>>",
            "<<ReceiverStream<Result<u8, E>> as icosian::Stream>::Item as icosian::Fallible>::Ok",
        );
    }

    #[test]
    fn items_without_a_name_are_refused() {
        check("impl IntoIterator", "unnamed");
        check("Box<dyn Rows>", "unnamed");
        check("Vec<impl Send>", "unnamed");
        check("impl Iterator<Item = impl Send>", "unnamed");
    }
}
