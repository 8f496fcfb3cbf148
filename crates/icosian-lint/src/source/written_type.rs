//! What the shape of a type tells. Names are all that is seen.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeImplTrait, TypeParamBound, TypePath};

/// Returns `written` without the parentheses around it, visible or not.
pub(super) fn bare(mut written: &Type) -> &Type {
    loop {
        written = match written {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}

fn last_segment(written: &Type) -> Option<&PathSegment> {
    match bare(written) {
        Type::Path(TypePath { path, .. }) => path.segments.last(),
        _ => None,
    }
}

/// Returns whether the last part of the path that `written` is, is `name`.
pub(super) fn ends_with(written: &Type, name: &str) -> bool {
    last_segment(written).is_some_and(|segment| segment.ident == name)
}

/// Returns the `T` of `name<T>`.
pub(super) fn only_argument<'a>(written: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = last_segment(written).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(only)) if arguments.args.len() == 1 => Some(only),
        _ => None,
    }
}

/// Returns whether `written` is a reference to what does not live for ever.
pub(super) fn is_borrowed(written: &Type) -> bool {
    match bare(written) {
        Type::Reference(reference) => reference.lifetime.as_ref().is_none_or(|it| it.ident != "static"),
        _ => false,
    }
}

/// Returns whether `written` is a future by its looks: `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture`.
pub(super) fn is_future(written: &Type) -> bool {
    let mut written = bare(written);
    while let Some(inner) = only_argument(written, "Pin").or_else(|| only_argument(written, "Box")) {
        written = bare(inner);
    }
    let bounds = match written {
        Type::ImplTrait(opaque) => &opaque.bounds,
        Type::TraitObject(object) => &object.bounds,
        other => return ends_with(other, "BoxFuture") || ends_with(other, "LocalBoxFuture"),
    };
    bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == "Future"),
        _ => false,
    })
}

/// Returns the first `impl Trait` in `written`.
pub(super) fn opaque(written: &Type) -> Option<TypeImplTrait> {
    struct Find(Option<TypeImplTrait>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_type_impl_trait(&mut self, found: &'ast TypeImplTrait) {
            self.0.get_or_insert_with(|| found.clone());
        }
    }
    let mut find = Find(None);
    find.visit_type(written);
    find.0
}

/// What a value may be changed through, though it is shared.
const CELLS: [&str; 5] = ["Cell", "Mutex", "RefCell", "RwLock", "UnsafeCell"];

/// Returns whether a `static` of this type may change.
pub(super) fn may_change(written: &Type) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
            let name = segment.ident.to_string();
            let is_atomic =
                name.strip_prefix("Atomic").is_some_and(|rest| rest.starts_with(char::is_uppercase));
            self.0 |= CELLS.contains(&name.as_str()) || is_atomic;
            visit::visit_path_segment(self, segment);
        }
    }
    let mut find = Find(false);
    find.visit_type(written);
    find.0
}

/// Returns tokens as a person writes them: without the spaces that printing puts around every one.
pub(super) fn shown(tokens: &impl ToTokens) -> String {
    let mut text = with_leading_colons(&tokens.to_token_stream().to_string());
    for (spaced, plain) in [
        (" :: < ", "::<"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :: ", "::"),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
    ] {
        text = text.replace(spaced, plain);
    }
    text
}

/// Returns `text`, whose tokens have blanks between them, without the blank after a `::` that begins a path.
fn with_leading_colons(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let (mut before, mut is_leading) = ("", false);
    for token in text.split(' ') {
        if !(is_leading || joined.is_empty()) {
            joined.push(' ');
        }
        joined.push_str(token);
        let goes_on = before.ends_with(|last: char| last.is_alphanumeric() || "_>".contains(last))
            && !(before.starts_with('\'') || ["->", "as", "const", "dyn", "impl", "mut"].contains(&before));
        // A parenthesis stands right before it.
        is_leading = token.ends_with("::") && (token.len() > 2 || !goes_on);
        before = token;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn types_are_shown_as_people_write_them() {
        for written in [
            "::std::thread::sleep",
            "Vec::<::a::B>::new",
            "Box<dyn ::std::fmt::Display>",
            "&mut ::a::B<u8, ::c::D>",
            "&'static ::a::B",
            "fn(::a::B) -> ::c::D",
            "<::a::B as ::c::D>::E",
        ] {
            let read: syn::Type = syn::parse_str(written).unwrap();
            assert_eq!(shown(&read), written);
        }
    }
}
