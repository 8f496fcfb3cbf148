//! Properties of a type by its syntax. Names are compared as written: an alias hides its type.

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericArgument, Lifetime, ParenthesizedGenericArguments, PathArguments, PathSegment, Type, TypeFnPtr,
    TypeImplTrait, TypeParamBound, TypePath, TypeReference,
};

/// Returns `written` without parentheses and invisible groups around it.
#[must_use]
pub fn bare(mut written: &Type) -> &Type {
    loop {
        written = match written {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}

/// Returns whether `written` is a path with the last segment `name`.
#[must_use]
pub fn ends_with(written: &Type, name: &str) -> bool {
    last_segment(written).is_some_and(|segment| segment.ident == name)
}

/// Returns the `T` of `name<T>`.
#[must_use]
pub fn only_argument<'a>(written: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = last_segment(written).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(only)) if arguments.args.len() == 1 => Some(only),
        _ => None,
    }
}

/// Returns the first type argument of a path.
#[must_use]
pub fn first_argument(written: &Type) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(written)?.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(first)) => Some(first),
        _ => None,
    }
}

/// Returns the last segment of a path.
#[must_use]
pub fn last_segment(written: &Type) -> Option<&PathSegment> {
    match bare(written) {
        Type::Path(TypePath { path, .. }) => path.segments.last(),
        _ => None,
    }
}

/// Returns `written` as a reference, unless it is a `&'static`.
#[must_use]
pub fn borrowed(written: &Type) -> Option<&TypeReference> {
    match bare(written) {
        Type::Reference(reference) if !reference.lifetime.as_ref().is_some_and(is_static) => Some(reference),
        _ => None,
    }
}

fn is_static(lifetime: &Lifetime) -> bool {
    lifetime.ident == "static"
}

/// Returns whether `written` is known to be an unsized type.
#[must_use]
pub fn is_unsized(written: &Type) -> bool {
    matches!(bare(written), Type::Slice(_) | Type::TraitObject(_))
        || ["str", "Path", "OsStr", "CStr"].iter().any(|name| ends_with(written, name))
}

/// The names of numbers, `bool` and `char`.
const PLAIN: [&str; 16] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
    "bool", "char",
];

/// Returns whether `written` is known to be neither an iterator nor a stream: a number, `bool`, `char`, `String` or a tuple.
#[must_use]
pub fn is_no_sequence(written: &Type) -> bool {
    match bare(written) {
        Type::Tuple(_) => true,
        Type::Path(path) => PLAIN.iter().any(|name| path.path.is_ident(name)) || ends_with(written, "String"),
        _ => false,
    }
}

/// Returns the trait object of an iterator or a stream in `written` that is not `Send`.
#[must_use]
pub fn unsent_sequence(written: &Type) -> Option<&Type> {
    let mut inner = bare(written);
    while let Some(pointee) = only_argument(inner, "Pin").or_else(|| only_argument(inner, "Box")) {
        inner = bare(pointee);
    }
    let Type::TraitObject(object) = inner else { return None };
    let has = |names: &[&str]| {
        object.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                bound.path.segments.last().is_some_and(|last| names.iter().any(|name| last.ident == name))
            }
            _ => false,
        })
    };
    (has(&["Iterator", "DoubleEndedIterator", "ExactSizeIterator", "Stream"]) && !has(&["Send"]))
        .then_some(inner)
}

/// Returns whether `written` is known to be a type that no string converts into: a number, `bool`, `char` or a collection.
#[must_use]
pub fn is_no_text(written: &Type) -> bool {
    const AROUND: [&str; 7] = ["Vec", "VecDeque", "Option", "HashMap", "BTreeMap", "HashSet", "BTreeSet"];
    match bare(written) {
        Type::Tuple(_) | Type::Slice(_) | Type::Array(_) => true,
        Type::Path(path) => {
            PLAIN.iter().any(|name| path.path.is_ident(name))
                || (AROUND.iter().any(|name| ends_with(written, name)) && first_argument(written).is_some())
        }
        _ => false,
    }
}

/// Returns whether `written` is the type of a future: `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture`.
#[must_use]
pub fn is_future(written: &Type) -> bool {
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

/// Returns the error type of `Result<_, Box<dyn Error>>`, if that error is not `Send` and `Sync`.
#[must_use]
pub fn unshared_error(written: &Type) -> Option<&Type> {
    let segment = last_segment(written).filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    let Some(GenericArgument::Type(error)) = arguments.args.iter().nth(1) else { return None };
    let Type::TraitObject(object) = bare(only_argument(error, "Box")?) else { return None };
    let has = |name: &str| {
        object.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == name),
            _ => false,
        })
    };
    (has("Error") && !(has("Send") && has("Sync"))).then_some(error)
}

/// Returns whether a parameter of type `written` reads the context of the run, whatever its name.
#[must_use]
pub fn is_context(written: &Type) -> bool {
    let inner = only_argument(written, "Option").unwrap_or(written);
    match bare(inner) {
        Type::Reference(reference) => ends_with(&reference.elem, "RunContext"),
        other => ends_with(other, "RunContext"),
    }
}

/// Returns the first `impl Trait` in `written`.
#[must_use]
pub fn opaque(written: &Type) -> Option<TypeImplTrait> {
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

/// Returns whether a value of type `written` is borrowed. The lifetimes in the signature of a function pointer do not count.
#[must_use]
pub fn borrows(written: &Type) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
            self.0 |= reference.lifetime.is_none();
            visit::visit_type_reference(self, reference);
        }
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= !is_static(lifetime);
        }
        fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
        fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
            if bound.lifetimes.is_none() {
                visit::visit_trait_bound(self, bound);
            }
        }
    }
    let mut find = Find(false);
    find.visit_type(written);
    find.0
}

/// Returns `written` with each lifetime replaced by `'static`, since values in a dataflow are owned.
#[must_use]
pub fn made_static(written: &Type) -> Type {
    struct MakeStatic;
    impl VisitMut for MakeStatic {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            let lifetime = || Lifetime::new("'static", Span::mixed_site());
            reference.lifetime.get_or_insert_with(lifetime);
            visit_mut::visit_type_reference_mut(self, reference);
        }
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if !is_static(lifetime) {
                *lifetime = Lifetime::new("'static", lifetime.span());
            }
        }
        fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {}
        fn visit_trait_bound_mut(&mut self, bound: &mut syn::TraitBound) {
            if bound.lifetimes.is_none() {
                visit_mut::visit_trait_bound_mut(self, bound);
            }
        }
    }
    let mut written = written.clone();
    MakeStatic.visit_type_mut(&mut written);
    written
}

/// Returns tokens as text in the usual spacing.
#[must_use]
pub fn shown(tokens: impl ToTokens) -> String {
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

/// Removes the space after a `::` that begins a path. The tokens of `text` are separated by spaces.
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
        is_leading = token.ends_with("::") && (token.len() > 2 || !goes_on);
        before = token;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn types_have_the_usual_spacing() {
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
