//! The types that begin and end blocks, by their names: streams and collections.

use icosian_core::expand::CollectionForm;
use icosian_syntax::written_type::{bare, ends_with, first_argument, only_argument};
use syn::{GenericArgument, Path, PathArguments, Type, TypeParamBound};

/// Returns the collection of a parameter of type `written`, or of a reference to it.
pub(super) fn collection(written: &Type) -> Option<CollectionForm> {
    let written = match bare(written) {
        Type::Reference(reference) => &reference.elem,
        other => other,
    };
    if only_argument(written, "CollectStream").is_some() {
        return Some(CollectionForm::Stream);
    }
    let element = only_argument(written, "Collect")?;
    Some(if has_item_error(element) { CollectionForm::Results } else { CollectionForm::Values })
}

/// Returns whether `element` is a `Result<_, ItemError>`.
fn has_item_error(element: &Type) -> bool {
    let Type::Path(path) = bare(element) else { return false };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Result") else { return false };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    let error = arguments.args.iter().nth(1);
    matches!(error, Some(GenericArgument::Type(error)) if ends_with(error, "ItemError"))
}

/// Returns whether `written` is a stream, or the `Result` of one. The name of a stream ends with `Stream`.
pub(super) fn is_stream(written: &Type) -> bool {
    let mut written = bare(written);
    if ends_with(written, "Result") {
        let Some(inner) = first_argument(written) else { return false };
        written = bare(inner);
    }
    while let Some(inner) = only_argument(written, "Pin").or_else(|| only_argument(written, "Box")) {
        written = bare(inner);
    }
    let names_stream =
        |path: &Path| path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Stream"));
    let bounds = match written {
        Type::ImplTrait(opaque) => &opaque.bounds,
        Type::TraitObject(object) => &object.bounds,
        Type::Path(path) => return names_stream(&path.path),
        _ => return false,
    };
    bounds.iter().any(|bound| matches!(bound, TypeParamBound::Trait(bound) if names_stream(&bound.path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Type {
        syn::parse_str(text).expect("it is a type")
    }

    #[test]
    fn collections_are_known_by_name() {
        let form = |text| collection(&parsed(text));
        assert_eq!(form("Collect<f64>"), Some(CollectionForm::Values));
        assert_eq!(form("&icosian::expand::Collect<f64>"), Some(CollectionForm::Values));
        assert_eq!(form("Collect<Result<f64, String>>"), Some(CollectionForm::Values));
        assert_eq!(form("&Collect<Result<f64, expand::ItemError>>"), Some(CollectionForm::Results));
        assert_eq!(form("CollectStream<f64>"), Some(CollectionForm::Stream));
        assert_eq!(form("Vec<Collect<f64>>"), None);
    }

    #[test]
    fn streams_are_known_by_name() {
        let streams = [
            "impl Stream<Item = u8> + Send",
            "io::Result<impl Stream<Item = u8>>",
            "Pin<Box<dyn futures::Stream<Item = u8> + Send>>",
            "BoxStream<'static, u8>",
            "Result<ReceiverStream<u8>, E>",
        ];
        for stream in streams {
            assert!(is_stream(&parsed(stream)), "{stream}");
        }
        for other in ["Vec<u8>", "impl Iterator<Item = u8>", "Vec<BoxStream<'static, u8>>", "Rows", "Result"]
        {
            assert!(!is_stream(&parsed(other)), "{other}");
        }
    }
}
